/** A Parquet data set of a hub. What hubs do wrong besides is tested in @optogram/hub. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { structs, table, writeTable } from "@optogram/artifacts";
import { commit, type HubServer, startHub } from "@optogram/hub/testing";
import {
  type ImageSourceSpec,
  imageKeys,
  imageSourceSchema,
  missingFiles,
  openImages,
} from "@optogram/images";
import { Binary, vectorFromArray } from "apache-arrow";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { folderOf, open, plain, records } from "./files.ts";

let hub: HubServer;
let cache: string;

beforeEach(async () => {
  hub = await startHub();
  cache = await folderOf({});
  vi.stubEnv("HF_ENDPOINT", hub.endpoint);
  vi.stubEnv("HF_HUB_CACHE", cache);
  vi.stubEnv("HF_TOKEN", "");
  vi.stubEnv("HF_TOKEN_PATH", join(cache, "no-token"));
  vi.stubEnv("HF_HUB_OFFLINE", "");
  hub.files.set("README.md", { bytes: Buffer.from("# Colours\n"), lfs: false });
  await addShard("data/train-00001-of-00002", ["blue", "lime"], ["b", "c"]);
  await addShard("data/train-00000-of-00002", ["red"], ["a"]);
  await addShard("data/test-00000-of-00001", ["black"], ["d"]);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
});

async function addShard(name: string, colours: readonly string[], label: string[]): Promise<void> {
  const bytes = await Promise.all(colours.map((colour) => plain(colour)));
  const image = structs({ bytes: vectorFromArray(bytes, new Binary()), path: colours.map(() => null) });
  const path = join(await folderOf({}), "shard.parquet");
  await writeTable(path, table({ image, label }));
  hub.files.set(`${name}.parquet`, { bytes: await readFile(path), lfs: true });
}

const train = { source: "hub", repo: "owner/model", split: "train" };
const fetched = () =>
  hub.log.flatMap((line) =>
    line.endsWith("bytes=0-0") ? [] : (/\/resolve\/.*\/([^/]+)$/.exec(line)?.[1] ?? []),
  );
const missing = (spec: object) =>
  missingFiles(imageSourceSchema.parse(spec) as Extract<ImageSourceSpec, { source: "hub" }>);

it("is fetched a shard after another, those of the split alone, and read as a local one is", async () => {
  const notes: string[] = [];
  const phase = () => ({ advance() {}, done() {} });
  const source = await openImages(imageSourceSchema.parse(train), {
    progress: { note: (line) => void notes.push(line), phase },
  });
  expect(notes).toEqual(["owner/model: 2 of 2 files to fetch"]);
  expect(fetched()).toEqual(["train-00000-of-00002.parquet", "train-00001-of-00002.parquet"]);
  expect((await records(source)).map(({ id, label }) => [id, label])).toEqual([
    ["data/train-00000-of-00002#0", "a"],
    ["data/train-00001-of-00002#0", "b"],
    ["data/train-00001-of-00002#1", "c"],
  ]);
  expect([...(await source.read(2, 1)).data.subarray(0, 3)]).toEqual([0, 255, 0]);
  const snapshot = join(cache, "datasets--owner--model", "snapshots", commit);
  expect(source).toMatchObject({ name: "owner/model", origin: snapshot });
  const local = { source: "parquet", path: join(snapshot, "data/train-*") };
  expect((await records(await open(local))).length).toBe(3);
});

it("is not asked for again, also without a network, and keeps its keys", async () => {
  expect(await missing(train)).toBeUndefined();
  const keys = await imageKeys(imageSourceSchema.parse(train));
  const asked = hub.log.length;
  vi.stubEnv("HF_HUB_OFFLINE", "1");
  expect(await missing(train)).toBe(0);
  expect(await missing({ ...train, split: undefined })).toBe(1);
  expect(await imageKeys(imageSourceSchema.parse({ ...train, revision: commit, limit: 1 }))).toEqual([
    keys[0],
  ]);
  expect(hub.log.length).toBe(asked);
  await expect(open({ ...train, split: "test" })).rejects.toThrow(
    /^owner\/model: data\/test-00000-of-00001\.parquet is not here, and HF_HUB_OFFLINE is set; [^\n]+$/,
  );
});

it("stays at the commit that the cache has of a branch, when the list is damaged too", async () => {
  await open(train);
  const list = join(cache, "datasets--owner--model", "listings", `${commit}.json`);
  expect(JSON.parse(await readFile(list, "utf8"))).toContain("README.md");
  await writeFile(list, "[1");
  expect(await missing(train)).toBeUndefined();
  hub.log.length = 0;
  await open(train);
  expect(hub.log[0]).toBe(`GET /api/datasets/owner/model/revision/${commit}`);
  expect(fetched()).toEqual([]);
});

it("takes files by a pattern, and says what there is where none matches", async () => {
  const few = await open({ source: "hub", repo: "owner/model", files: "data/*-00000-*" });
  expect((await records(few)).map(({ label }) => label)).toEqual(["d", "a"]);
  await expect(open({ ...train, split: "valid" })).rejects.toThrow(
    /^owner\/model: no \.parquet file matches split valid; there are data\/test-00000-of-00001\.parquet, data\/train/,
  );
  for (const name of [...hub.files.keys()]) if (name.endsWith(".parquet")) hub.files.delete(name);
  vi.stubEnv("HF_HUB_CACHE", join(cache, "fresh"));
  await expect(open(train)).rejects.toThrow(/no \.parquet file at revision main; .*refs\/convert\/parquet$/);
});

it("says in a line why it cannot be had", async () => {
  await expect(open({ ...train, repo: "owner/.." })).rejects.toThrow(
    /^owner\/\.\.: a repository is OWNER\/NAME$/,
  );
  hub.gate = { status: 403 };
  await expect(open(train)).rejects.toThrow(
    /^owner\/model: access is denied \(403\): accept its licence at http:\S+\/datasets\/owner\/model and [^\n]+$/,
  );
  vi.stubEnv("HF_HUB_OFFLINE", "1");
  await expect(open(train)).rejects.toThrow(
    /^owner\/model cannot be listed while HF_HUB_OFFLINE is set[^\n]*$/,
  );
});
