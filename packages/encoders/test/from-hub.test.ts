/** An encoder whose weights lie on a hub: a small one on 127.0.0.1. What hubs do wrong is tested in @optogram/hub. */

import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { encodeTensors } from "@optogram/artifacts";
import { EncoderError, openEncoder, randomWeights, readEncoder } from "@optogram/encoders";
import { encodeModel, GraphBuilder, mul, writeModel } from "@optogram/onnx";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { encoderFolder } from "./fixture.ts";
import { toyArchitecture, toyCard } from "./toy.ts";

const commit = "89abcdef0123456789abcdef0123456789abcdef";
const files = new Map<string, Buffer>();
let folder: Awaited<ReturnType<typeof encoderFolder>>;
let server: Server;
let requests = 0;

beforeAll(async () => {
  folder = await encoderFolder();
  files.set("model.safetensors", Buffer.from(encodeTensors(randomWeights(toyArchitecture, 3))));
  server = createServer(async (request, response) => {
    requests++;
    const { pathname } = new URL(request.url ?? "/", "http://hub");
    const json = (body: unknown) => response.end(JSON.stringify(body));
    if (pathname.startsWith("/api/models/owner/model/revision/"))
      return json({ id: "owner/model", sha: commit });
    if (pathname === `/api/models/owner/model/paths-info/${commit}`) {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const [path] = JSON.parse(Buffer.concat(chunks).toString()).paths as string[];
      const bytes = files.get(path);
      const oid = createHash("sha256")
        .update(bytes ?? "")
        .digest("hex");
      const size = bytes?.length ?? 0;
      return json(
        bytes ? [{ type: "file", path, size, oid: commit, lfs: { oid, size, pointerSize: 1 } }] : [],
      );
    }
    const bytes = files.get(pathname.replace(`/owner/model/resolve/${commit}/`, ""));
    if (!bytes) return response.writeHead(404).end();
    if (request.headers.range !== "bytes=0-0") return response.end(bytes);
    const headers = { "content-range": `bytes 0-0/${bytes.length}`, etag: '"x"' };
    return response.writeHead(206, headers).end(bytes.subarray(0, 1));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  vi.stubEnv("HF_ENDPOINT", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("HF_HOME", join(folder.root, "hf"));
  for (const name of ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HUB_OFFLINE"]) vi.stubEnv(name, "");
});

afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await folder.remove();
});

const pixels = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => Math.sin(i));

describe("an encoder on the hub", () => {
  it("is fetched when it is first opened, and is the one whose weights these are", async () => {
    const weights = { repo: "owner/model", file: "model.safetensors" };
    const path = await folder.add("hub-toy", { ...toyCard, weights });
    const drawn = await folder.add("drawn", { ...toyCard, weights: "random", seed: 3 });
    const encoder = await openEncoder(path);
    expect(await encoder.embed(pixels, 1)).toEqual(await (await openEncoder(drawn)).embed(pixels, 1));
    const before = requests;
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    expect((await readEncoder(path)).digest).toBe(encoder.digest);
    expect(requests).toBe(before);
  });

  it("says where to put the file by hand where there is no network", async () => {
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    const weights = { repo: "owner/model", file: "sub/other.safetensors" };
    const path = await folder.add("offline", { ...toyCard, weights });
    const error: unknown = await openEncoder(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EncoderError);
    expect((error as Error).message).toMatch(
      /^toy-vit: owner\/model: sub\/other\.safetensors is not here, and HF_HUB_OFFLINE is set; fetch http.* and put it at .*offline[/\\]other\.safetensors$/,
    );
  });

  it("may be an ONNX file whose weights lie beside it", async () => {
    vi.stubEnv("HF_HUB_OFFLINE", "");
    const g = new GraphBuilder();
    const factors = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => i % 7);
    const w = g.initializer("w", { dtype: "float32", shape: [3, 32, 32], data: factors });
    g.output("out", mul(g.input("x", [1, 3, 32, 32]), w));
    const local = join(folder.root, "large.onnx");
    await writeModel(local, g.model(), { externalData: true });
    const data = `${basename(local)}.data`;
    files.set("onnx/large.onnx", await readFile(local));
    files.set(`onnx/${data}`, await readFile(join(folder.root, data)));
    expect((await readFile(local)).length).toBeLessThan(encodeModel(g.model()).length / 4);
    const { architecture: _, ...plain } = toyCard;
    const card = {
      ...plain,
      weights: { repo: "owner/model", file: "onnx/large.onnx", with: [`onnx/${data}`] },
      outputs: { embedding: { tensor: "out" } },
      normalised: false,
    };
    const embedding = await (await openEncoder(await folder.add("external", card))).embed(pixels, 1);
    expect(embedding).toEqual(pixels.map((value, i) => value * (factors[i] as number)));
  });
});
