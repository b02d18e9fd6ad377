import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AtlasServer, serveAtlas } from "@optogram/atlas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

describe("serveAtlas", () => {
  let root: string;
  let server: AtlasServer;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "optogram-serve-"));
    await mkdir(join(root, "site/tables"), { recursive: true });
    await writeFile(join(root, "secret.txt"), "secret");
    await writeFile(join(root, "site/index.html"), "<!doctype html>");
    await writeFile(join(root, "site/atlas.json"), "{}");
    await writeFile(join(root, "site/empty"), "");
    await writeFile(join(root, "site/tables/a b.parquet"), "0123456789");
    await symlink(join(root, "secret.txt"), join(root, "site/link.txt"));
    server = await serveAtlas(join(root, "site"), { port: 0 });
  });

  afterAll(async () => {
    await server.close();
    await rm(root, { recursive: true, force: true });
  });

  /** Node's own client, because fetch normalises paths and sets the host by itself. */
  function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
    const { hostname, port } = new URL(server.url);
    return new Promise((resolve, reject) => {
      const sent = request({ hostname, port, path, headers, method }, (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => {
          body += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      sent.on("error", reject);
      sent.end();
    });
  }

  const table = "/tables/a%20b.parquet";

  test("answers with files and their types, and a folder with its index", async () => {
    expect(await ask("/")).toMatchObject({
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
    });
    expect(await ask(table)).toMatchObject({
      status: 200,
      body: "0123456789",
      headers: { "content-length": "10" },
    });
    expect(await ask("/empty")).toMatchObject({ status: 200, body: "" });
    expect((await ask("/nothing")).status).toBe(404);
    expect((await ask("/tables")).status).toBe(404);
  });

  test.each([
    ["bytes=2-4", "234", "bytes 2-4/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=8-99", "89", "bytes 8-9/10"],
    ["bytes=-99", "0123456789", "bytes 0-9/10"],
  ])("answers the range %s", async (range, body, contentRange) => {
    expect(await ask(table, { range })).toMatchObject({
      status: 206,
      body,
      headers: { "content-range": contentRange, "content-length": String(body.length) },
    });
  });

  test("refuses a range beyond the file, and answers what is no single range with the whole", async () => {
    expect(await ask(table, { range: "bytes=10-" })).toMatchObject({
      status: 416,
      headers: { "content-range": "bytes */10" },
    });
    for (const range of ["bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=4-2"]) {
      expect(await ask(table, { range }), range).toMatchObject({ status: 200, body: "0123456789" });
    }
  });

  test("answers an unchanged file with 304, and HEAD without a body", async () => {
    const { headers } = await ask(table);
    const etag = String(headers.etag);
    expect(await ask(table, { "if-none-match": etag })).toMatchObject({ status: 304, body: "" });
    expect(await ask(table, { range: "bytes=0-1", "if-range": etag })).toMatchObject({
      status: 206,
      body: "01",
    });
    expect(await ask(table, { range: "bytes=0-1", "if-range": '"other"' })).toMatchObject({ status: 200 });
    expect(await ask(table, {}, "HEAD")).toMatchObject({
      status: 200,
      body: "",
      headers: { "content-length": "10" },
    });
  });

  test.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/tables/..%2f..%2fsecret.txt",
    "/..\\secret.txt",
    "/%00",
    "/%E0%A4%A",
    "/link.txt",
    "//etc/passwd",
  ])("does not leave its folder for %s", async (path) => {
    const { status, body } = await ask(path);
    expect(status).toBe(404);
    expect(body).not.toContain("secret");
  });

  test("answers no other host and no other method", async () => {
    const { port } = new URL(server.url);
    expect((await ask("/", { host: `evil.example:${port}` })).status).toBe(421);
    expect((await ask("/", { host: `127.0.0.1:${Number(port) + 1}` })).status).toBe(421);
    expect((await ask("/", { host: `localhost:${port}` })).status).toBe(200);
    expect(await ask("/", {}, "POST")).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });

  test("takes the next free port, and says when there is no atlas", async () => {
    const port = Number(new URL(server.url).port);
    const second = await serveAtlas(join(root, "site"), { port });
    expect(Number(new URL(second.url).port)).toBeGreaterThan(port);
    await second.close();
    await expect(serveAtlas(root, { port: 0 })).rejects.toThrow(/no atlas here.*run render-atlas first/);
  });
});
