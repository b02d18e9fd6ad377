/** Against a real HTTP server that cuts, truncates, corrupts and refuses. */

import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, readlink, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  cachedFile,
  type FetchOptions,
  fetchFile,
  HubError,
  type HubFile,
  type HubSettings,
  hubSettings,
  listFiles,
  sha256Of,
} from "@optogram/hub";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commit, type HubServer, startHub } from "./server.ts";

const weights = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 8)) % 256));
const digest = createHash("sha256").update(weights).digest("hex");
const file: HubFile = { repo: "owner/model", path: "model.safetensors", revision: "main" };

let hub: HubServer;
let root: string;
let settings: HubSettings;

beforeEach(async () => {
  hub = await startHub();
  hub.files.set(file.path, { bytes: weights, lfs: true });
  hub.files.set("sub/config.json", { bytes: Buffer.from("{}\n"), lfs: false });
  root = await mkdtemp(join(tmpdir(), "hub-"));
  settings = { endpoint: hub.endpoint, cache: join(root, "hub"), offline: false, pause: 5, patience: 20_000 };
});

afterEach(async () => {
  await hub.close();
  await rm(root, { recursive: true });
});

const get = (options: FetchOptions = {}, which = file) => fetchFile(which, { settings, ...options });
const bytesRequests = () =>
  hub.log.filter((line) => line.includes("/resolve/") && !line.endsWith("bytes=0-0"));
const failure = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HubError);
  const { message } = error as HubError;
  expect(message).not.toContain("\n");
  return message;
};
const blobs = () => readdir(join(settings.cache, "models--owner--model", "blobs"));

describe("a file of the hub", () => {
  it("is fetched once, into the layout that Python's huggingface_hub reads", async () => {
    const stored = await get();
    expect((await readFile(stored.path)).equals(weights)).toBe(true);
    const folder = join(settings.cache, "models--owner--model");
    expect(stored.path).toBe(join(folder, "snapshots", commit, file.path));
    expect(await readlink(stored.path)).toBe(`../../blobs/${digest}`);
    expect(await readFile(join(folder, "refs/main"), "utf8")).toBe(commit);
    expect(await blobs()).toEqual([digest]);

    const asked = hub.log.length;
    expect(await get()).toEqual(stored);
    expect(await get({}, { ...file, revision: commit, sha256: digest })).toEqual(stored);
    expect(hub.log.length).toBe(asked);
  });

  it("is found in a cache that other software filled, without a network", async () => {
    const folder = join(settings.cache, "models--owner--model");
    await mkdir(join(folder, "snapshots", commit), { recursive: true });
    await mkdir(join(folder, "refs"));
    await writeFile(join(folder, "snapshots", commit, file.path), weights);
    await writeFile(join(folder, "refs", "main"), commit);
    const stored = await get({ settings: { ...settings, offline: true } });
    expect(stored).toMatchObject({ bytes: weights.length, commit });
    expect(await sha256Of(stored)).toBe(digest);
    expect(await cachedFile({ ...file, sha256: "0".repeat(64) }, settings)).toBeUndefined();
    expect(hub.log).toEqual([]);
  });

  it("is checked by git's id where it is small, and may lie in a folder", async () => {
    const small = { ...file, path: "sub/config.json" };
    const stored = await get({}, small);
    expect(await readFile(stored.path, "utf8")).toBe("{}\n");
    expect(await readlink(stored.path)).toBe("../../../blobs/0967ef424bce6791893e9a57bb952f80fd536e93");
    expect(await failure(get({}, { ...small, sha256: "1".repeat(64) }))).toMatch(/has another file/);
  });

  it("is fetched once by all who want it at the same time", async () => {
    const [first, second] = await Promise.all([get(), get()]);
    expect(first).toEqual(second);
    expect(bytesRequests()).toHaveLength(1);
  });

  it("may be of a data set, which has a folder of its own", async () => {
    const { path } = await get({}, { ...file, kind: "dataset" });
    expect(path).toBe(join(settings.cache, "datasets--owner--model", "snapshots", commit, file.path));
    expect(bytesRequests()).toEqual([`GET /datasets/owner/model/resolve/${commit}/${file.path}`]);
    const listed = await listFiles({ kind: "dataset", repo: "owner/model", revision: "main" }, { settings });
    expect(listed.paths).toContain("model.safetensors");
  });

  it("tells its size, licence and progress where it is large", async () => {
    const large = Buffer.alloc(50_500_000, 7);
    hub.files.set(file.path, { bytes: large, lfs: true });
    hub.mishaps.push({ cut: 20_000_000 });
    const told: string[] = [];
    let at = 0;
    const watcher = {
      note: (line: string) => void told.push(line),
      phase(name: string, total?: number, done = 0) {
        at = done;
        told.push(`${name} ${total}`);
        return {
          advance(n = 1) {
            at += n;
          },
          done: (note?: string) => void told.push(String(note)),
        };
      },
    };
    await get({ watcher });
    expect(told).toEqual([
      `fetching owner/model (50.5 MB, licence: toy-licence) to ${settings.cache}`,
      "fetching owner/model (MB) 51",
      "50.5 MB",
    ]);
    expect(at).toBe(50);
  });
});

describe("a connection that breaks", () => {
  it("is gone on with from where it broke", async () => {
    hub.mishaps.push({ cut: 100_000 }, { cut: 50_000 });
    const stored = await get();
    expect((await readFile(stored.path)).equals(weights)).toBe(true);
    const ranges = bytesRequests().map((line) => line.split(" ")[2]);
    expect(ranges).toEqual([undefined, "bytes=100000-299999", "bytes=150000-299999"]);
  });

  it("that falls silent counts as broken", async () => {
    settings = { ...settings, patience: 200 };
    hub.mishaps.push({ cut: 100_000, silent: true });
    expect((await readFile((await get()).path)).equals(weights)).toBe(true);
  });

  it("for good leaves what came, and the next command goes on from there", async () => {
    hub.mishaps.push({ cut: 200_000 }, ...Array.from({ length: 4 }, () => ({ cut: 0 })));
    expect(await failure(get())).toMatch(/^owner\/model: model\.safetensors: cut off .*goes on from there/);
    expect(await blobs()).toEqual([`${digest}.optogram-${process.pid}.incomplete`]);
    expect((await readFile((await get()).path)).equals(weights)).toBe(true);
    expect(bytesRequests().at(-1)).toMatch(/bytes=200000-299999$/);
    expect(await blobs()).toEqual([digest]);
  });

  it("starts anew where the server gives the whole file instead of the rest", async () => {
    hub.mishaps.push({ cut: 100_000 }, { whole: true });
    expect((await readFile((await get()).path)).equals(weights)).toBe(true);
    expect(bytesRequests()).toHaveLength(3);
  });

  it("of a process that has ended is taken over, and more than there is begins anew", async () => {
    const folder = join(settings.cache, "models--owner--model", "blobs");
    await mkdir(folder, { recursive: true });
    // No process has this number: it is above every system's largest.
    const left = join(folder, `${digest}.optogram-99999999.incomplete`);
    await writeFile(left, weights.subarray(0, 250_000));
    await get();
    expect(bytesRequests()).toEqual([expect.stringMatching(/bytes=250000-299999$/)]);
    expect(await blobs()).toEqual([digest]);

    await rm(settings.cache, { recursive: true });
    await mkdir(folder, { recursive: true });
    await writeFile(left, Buffer.alloc(300_001));
    expect((await readFile((await get()).path)).equals(weights)).toBe(true);
  });

  it("is left to another process that is writing the file, and what that made is used", async () => {
    const folder = join(settings.cache, "models--owner--model", "blobs");
    await mkdir(folder, { recursive: true });
    const theirs = join(folder, `${digest}.optogram-${process.ppid}.incomplete`);
    await writeFile(theirs, weights.subarray(0, 1_000));
    const wanted = get();
    await setTimeout(150);
    expect(bytesRequests()).toEqual([]);
    await writeFile(theirs, weights);
    await rename(theirs, join(folder, digest));
    expect((await readFile((await wanted).path)).equals(weights)).toBe(true);
    expect(bytesRequests()).toEqual([]);
  });

  it("can be stopped by the user", async () => {
    hub.mishaps.push({ cut: 100_000, silent: true });
    const controller = new AbortController();
    globalThis.setTimeout(() => controller.abort(new Error("stopped")), 100);
    await expect(get({ signal: controller.signal })).rejects.toThrow("stopped");
  });
});

describe("damage", () => {
  it("is noticed by the digest and fetched again", async () => {
    hub.mishaps.push({ flip: 1_000 });
    expect((await readFile((await get()).path)).equals(weights)).toBe(true);
    expect(bytesRequests()).toHaveLength(2);
  });

  it("in what an earlier attempt left is noticed too", async () => {
    const folder = join(settings.cache, "models--owner--model", "blobs");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${digest}.optogram-${process.pid}.incomplete`), Buffer.alloc(1_000));
    expect((await readFile((await get()).path)).equals(weights)).toBe(true);
  });

  it("that comes twice leaves no file", async () => {
    hub.mishaps.push({ flip: 1_000 }, { flip: 1_000 });
    expect(await failure(get())).toMatch(/arrived damaged twice/);
    expect(await blobs()).toEqual([]);
    expect(await cachedFile(file, settings)).toBeUndefined();
  });

  it("is what another digest on the card means", async () => {
    expect(await failure(get({}, { ...file, sha256: "0".repeat(64) }))).toMatch(
      /has another file at revision main .*than the one asked for \(0000/,
    );
    expect(bytesRequests()).toEqual([]);
  });
});

describe("bytes that lie on another server", () => {
  it("are fetched from there, gone on with, and never shown the token", async () => {
    const asked: string[] = [];
    const store = createServer((request, response) => {
      asked.push(`${request.headers.range ?? "all"} ${request.headers.authorization ?? "no token"}`);
      const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
      response.writeHead(from === 0 ? 200 : 206, { "content-length": weights.length - from });
      if (from > 0) return response.end(weights.subarray(from));
      return response.write(weights.subarray(0, 70_000), () =>
        globalThis.setTimeout(() => response.destroy(), 20),
      );
    });
    store.listen(0, "127.0.0.1");
    await once(store, "listening");
    // Another port is another origin.
    hub.elsewhere = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
    try {
      const stored = await get({ settings: { ...settings, token: "hf_secret" } });
      expect((await readFile(stored.path)).equals(weights)).toBe(true);
      expect(asked).toEqual(["all no token", "bytes=70000-299999 no token"]);
    } finally {
      store.closeAllConnections();
      store.close();
    }
  });
});

describe("a hub that refuses", () => {
  it("may be no hub at all", async () => {
    const other = createServer((_, response) => response.end("<html>Welcome</html>"));
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const endpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    expect(await failure(get({ settings: { ...settings, endpoint } }))).toMatch(
      /does not answer as a hub does \(.*\): check HF_ENDPOINT$/,
    );
    other.closeAllConnections();
    other.close();
  });

  it.each([
    [
      401,
      /^owner\/model: the hub asks for a login \(401\).*accept its licence at http.*owner\/model and set HF_TOKEN/,
    ],
    [403, /^owner\/model: access is denied \(403\): accept its licence/],
    [404, /no such repository, or no revision "main"/],
    [429, /too many requests \(429\): try again/],
    [500, /the hub answers 500/],
  ])("with %i says in one line what to do", async (status, message) => {
    hub.gate = { status };
    expect(await failure(get())).toMatch(message);
  });

  it("lets in who brings a token", async () => {
    hub.gate = { status: 403, token: "hf_secret", filesOnly: true };
    expect(await failure(get())).toMatch(/accept its licence/);
    expect(await failure(get({ settings: { ...settings, token: "hf_other" } }))).not.toContain("hf_other");
    const stored = await get({ settings: { ...settings, token: "hf_secret" } });
    expect(stored.bytes).toBe(weights.length);
  });

  it("for a moment is asked again, when it says", async () => {
    hub.mishaps.push({ status: 503 }, { status: 429, retryAfter: 0 });
    expect((await get()).bytes).toBe(weights.length);
    expect(bytesRequests()).toHaveLength(3);
  });

  it("has no such file", async () => {
    expect(await failure(get({}, { ...file, path: "pytorch.bin" }))).toMatch(
      /owner\/model has no file pytorch\.bin at revision main: see .*\/tree\/main/,
    );
  });

  it("is not there: says how to bring the file by hand", async () => {
    await hub.close();
    const byHand = "models/mine/model.safetensors";
    expect(await failure(get({ byHand }))).toMatch(
      /^owner\/model: http:.* cannot be reached \(.*ECONNREFUSED.*; fetch http.*\/owner\/model\/resolve\/main\/model\.safetensors where there is a network, and put it at models\/mine\/model\.safetensors$/,
    );
    hub = await startHub();
  });

  it("is not asked where HF_HUB_OFFLINE is set", async () => {
    expect(await failure(get({ settings: { ...settings, offline: true } }))).toMatch(
      /is not here, and HF_HUB_OFFLINE is set; fetch .* and copy/,
    );
    expect(hub.log).toEqual([]);
  });
});

it.each([
  { path: "../../../outside" },
  { path: "/etc/passwd" },
  { path: "a\\b" },
  { repo: "../owner" },
  { repo: "owner" },
  { revision: "../x" },
])("a name that leads elsewhere is refused before anything is asked: %j", async (part) => {
  expect(await failure(get({}, { ...file, ...part }))).toMatch(/a path in|a repository|a revision/);
  expect(hub.log).toEqual([]);
});

it("the files of a repository are listed, with the commit they are of", async () => {
  const repository = { repo: "owner/model", revision: "main" };
  expect(await listFiles(repository, { settings })).toEqual({
    commit,
    paths: ["model.safetensors", "sub/config.json"],
  });
  hub.gate = { status: 404 };
  expect(await failure(listFiles(repository, { settings }))).toMatch(/no such repository/);
  expect(await failure(listFiles(repository, { settings: { ...settings, offline: true } }))).toMatch(
    /cannot be listed while HF_HUB_OFFLINE is set/,
  );
});

describe("settings", () => {
  it("come from the variables of Hugging Face's software", async () => {
    await writeFile(join(root, "token"), " hf_file\n");
    expect(hubSettings({ HF_HOME: root })).toMatchObject({
      endpoint: "https://huggingface.co",
      cache: join(root, "hub"),
      token: "hf_file",
      offline: false,
    });
    expect(
      hubSettings({
        HF_HOME: root,
        HF_HUB_CACHE: "/elsewhere",
        HF_TOKEN: "hf_variable",
        HF_ENDPOINT: "https://mirror.example/",
        HF_HUB_OFFLINE: "1",
      }),
    ).toMatchObject({
      endpoint: "https://mirror.example",
      cache: "/elsewhere",
      token: "hf_variable",
      offline: true,
    });
    expect(hubSettings({ XDG_CACHE_HOME: root }).cache).toBe(join(root, "huggingface", "hub"));
    expect(hubSettings({ HF_HOME: join(root, "none") })).not.toHaveProperty("token");
  });
});
