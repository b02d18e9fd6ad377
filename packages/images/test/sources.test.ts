import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { structs, table, writeTable } from "@optogram/artifacts";
import { ImageError, type ImageSource, imageKeys, imageSourceSchema, openImages } from "@optogram/images";
import { Binary, Schema, Table, vectorFromArray } from "apache-arrow";
import sharp from "sharp";
import { afterEach, describe, expect, it } from "vitest";

const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function folderWith(...files: string[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "images-"));
  folders.push(root);
  const dot = await sharp({ create: { width: 3, height: 2, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  for (const file of files) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), file.startsWith("broken") ? dot.subarray(0, 40) : dot);
  }
  return root;
}

const open = (spec: unknown) => openImages(imageSourceSchema.parse(spec));

function records(source: ImageSource) {
  return Promise.all(Array.from({ length: source.length }, (_, i) => source.record(i)));
}

describe("a folder", () => {
  it("lists images in the order of their paths and leaves the rest out", async () => {
    const path = await folderWith(
      "b.PNG",
      "über.png",
      "a/z.jpg",
      "a/deep/y.webp",
      "notes.txt",
      ".hidden.png",
      ".git/x.png",
    );
    const source = await open({ source: "folder", path });
    expect(await records(source)).toEqual([
      { id: "a/deep/y.webp" },
      { id: "a/z.jpg" },
      { id: "b.PNG" },
      { id: "über.png" },
    ]);
    expect(await source.read(3, 1)).toMatchObject({ width: 3, height: 2 });
  });

  it("reads masks by the same path, and says which is missing", async () => {
    const path = await folderWith("a/1.jpg", "2.png");
    const masks = await folderWith("a/1.png");
    const pixels = Uint8Array.of(0, 0, 9, 255, 0, 1);
    await sharp(pixels, { raw: { width: 3, height: 2, channels: 1 } })
      .png()
      .toFile(join(masks, "a/1.png"));
    const source = await open({ source: "folder", path, masks });
    expect(await source.mask?.(1, 64)).toEqual({
      ...{ width: 3, height: 2, kinds: ["thing"] },
      labels: Uint8Array.of(0, 0, 1, 1, 0, 1),
    });
    await expect(source.mask?.(0, 64)).rejects.toThrow(/2\.png: cannot be read/);
    expect((await open({ source: "folder", path })).mask).toBeUndefined();
  });

  it("takes classes from folders and spreads a limit over them", async () => {
    const path = await folderWith("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png");
    const source = await open({ source: "folder", path, limit: 2 });
    expect(await records(source)).toEqual([
      { id: "cat/1.png", label: "cat", truth: [{ kind: "cat", coverage: 1 }] },
      { id: "dog/1.png", label: "dog", truth: [{ kind: "dog", coverage: 1 }] },
    ]);
  });

  it("sees classes only where every image lies one folder down and there are two", async () => {
    for (const files of [
      ["a/1.png", "a/2.png"],
      ["a/1.png", "b/1.png", "c.png"],
      ["a/b/1.png", "c/d/1.png"],
    ]) {
      const source = await open({ source: "folder", path: await folderWith(...files) });
      expect(await records(source)).toEqual(files.map((id) => ({ id })));
    }
  });

  it("says which file is broken, and what is wrong with a folder", async () => {
    const path = await folderWith("broken.png");
    const source = await open({ source: "folder", path });
    await expect(source.read(0, 1)).rejects.toThrow(/^broken\.png: /);
    await expect(open({ source: "folder", path: await folderWith("notes.txt") })).rejects.toThrow(ImageError);
    await expect(open({ source: "folder", path: join(path, "nowhere") })).rejects.toThrow(/cannot be listed/);
  });
});

describe("imageKeys", () => {
  const keys = (spec: unknown) => imageKeys(imageSourceSchema.parse(spec));

  it("are the same for the same image of two specifications, and for no others", async () => {
    const [path, other] = [await folderWith("a.png", "b.png", "c.png", "d.png"), await folderWith("a.png")];
    const all = await keys({ source: "folder", path });
    expect(new Set(all).size).toBe(4);
    expect(await keys({ source: "folder", path: join(path, "."), limit: 2 })).toEqual([all[0], all[2]]);
    expect(all).not.toContain((await keys({ source: "folder", path: other }))[0]);
    const scenes = await keys({ source: "scenes", seed: 1, count: 9 });
    expect(await keys({ source: "scenes", seed: 1, count: 2, first: 7 })).toEqual(scenes.slice(7));
    expect(scenes).not.toContain((await keys({ source: "scenes", seed: 2, count: 1 }))[0]);
  });
});

describe("scenes", () => {
  it("know which kind is seen where, as much of the frame as they say", async () => {
    const source = await open({ source: "scenes", seed: 3, count: 8 });
    for (let index = 0; index < source.length; index++) {
      const { truth } = await source.record(index);
      const mask = await source.mask?.(index, 32);
      const { labels, kinds } = mask!;
      expect(kinds.toSorted()).toEqual(truth!.map(({ kind }) => kind).toSorted());
      for (const { kind, coverage } of truth!) {
        const label = 1 + kinds.indexOf(kind);
        expect(labels.filter((one) => one === label).length / labels.length).toBeCloseTo(coverage, 6);
      }
    }
  });

  it("are drawn at the size asked and know what they show", async () => {
    const source = await open({ source: "scenes", seed: 3, count: 12, singles: 1 });
    expect(source.length).toBe(12);
    expect((await source.read(0, 24)).data.length).toBe(24 * 24 * 3);
    for (const { id, label, caption, truth } of await records(source)) {
      expect(id).toMatch(/^scene 3:\d+$/);
      expect(caption).not.toBe("");
      expect(truth?.map(({ kind }) => kind)).toEqual([label]);
      expect(truth?.[0]?.coverage).toBeGreaterThan(0);
    }
  });

  it("start where asked", async () => {
    const all = await open({ source: "scenes", seed: 3, count: 4 });
    const later = await open({ source: "scenes", seed: 3, count: 2, first: 2 });
    expect(await later.record(1)).toEqual(await all.record(3));
    expect(await later.read(1, 16)).toEqual(await all.read(3, 16));
  });
});

describe("a Parquet data set", () => {
  const features = {
    info: {
      features: {
        note: { _type: "Value", dtype: "string" },
        thumb: { _type: "Image" },
        kind: { _type: "ClassLabel", names: ["cat", "dog"] },
      },
    },
  };

  /** One red, one blue, one broken, one missing image; classes 1, 0, unknown, 1. */
  async function write(path: string, metadata: Record<string, string> = {}): Promise<void> {
    const png = (background: string) =>
      sharp({ create: { width: 5, height: 4, channels: 3, background } })
        .png()
        .toBuffer();
    const bytes = [await png("red"), await png("blue"), Buffer.from("broken"), null];
    const rows = table({
      note: ["a", "b", "c", "d"],
      thumb: structs({ bytes: vectorFromArray(bytes, new Binary()), path: ["1.png", "2.png", null, null] }),
      kind: BigInt64Array.of(1n, 0n, -1n, 1n),
    });
    const schema = new Schema(rows.schema.fields, new Map(Object.entries(metadata)));
    await writeTable(path, new Table(schema, rows.batches), { rowGroupRows: 3 });
  }

  it("finds images and classes by the data set's metadata, and names rows", async () => {
    const root = await folderWith();
    await write(join(root, "b.parquet"), { huggingface: JSON.stringify(features) });
    await write(join(root, "a.parquet"), { huggingface: JSON.stringify(features) });
    const source = await open({ source: "parquet", path: root });
    expect(source.length).toBe(8);
    const known = await records(source);
    expect(known.map(({ id }) => id)).toEqual(["a#0", "a#1", "a#2", "a#3", "b#0", "b#1", "b#2", "b#3"]);
    expect(known.slice(0, 4).map(({ label }) => label)).toEqual(["dog", "cat", undefined, "dog"]);
    expect(known[0]?.truth).toEqual([{ kind: "dog", coverage: 1 }]);
    expect(await source.read(5, 4)).toMatchObject({ width: 5, height: 4 });
    expect([...(await source.read(5, 4)).data.subarray(0, 3)]).toEqual([0, 0, 255]);
    await expect(source.read(2, 1)).rejects.toThrow(/^a#2: cannot be decoded/);
    await expect(source.read(7, 1)).rejects.toThrow(/^b#3: there are no image bytes/);
  });

  it("takes shards of a folder of folders or of a pattern, under the same names", async () => {
    const root = await folderWith();
    await mkdir(join(root, "data"));
    for (const shard of ["train-0", "train-1", "test-0"]) await write(join(root, "data", `${shard}.parquet`));
    const all = await imageKeys(imageSourceSchema.parse({ source: "parquet", path: root }));
    expect(all).toHaveLength(12);
    expect(all[0]).toBe(`${root}/data/test-0#0`);
    const train = { source: "parquet", path: join(root, "data/train-*.parquet") };
    expect((await records(await open(train))).map(({ id }) => id)[4]).toBe("train-1#0");
    expect(await imageKeys(imageSourceSchema.parse(train))).toEqual(all.slice(4));
    const deep = { source: "parquet", path: join(root, "*/train-?.parquet"), limit: 1 };
    expect((await (await open(deep)).record(0)).id).toBe("data/train-0#0");
    await expect(open({ ...train, path: join(root, "data/valid-*") })).rejects.toThrow(
      /valid-\*: no \.parquet file matches this$/,
    );
  });

  it("finds images by type and takes columns by name where metadata says nothing", async () => {
    const root = await folderWith();
    const path = join(root, "plain.parquet");
    await write(path, { huggingface: "not json" });
    expect(await (await open({ source: "parquet", path })).record(0)).toEqual({ id: "plain#0" });
    const named = await open({ source: "parquet", path, label: "note", image: "thumb", limit: 2 });
    expect((await records(named)).map(({ label }) => label)).toEqual(["a", "c"]);
    const wrong = open({ source: "parquet", path, image: "picture" });
    await expect(wrong).rejects.toThrow(/no column "picture"; there are note, thumb, kind/);
  });

  it("says what is missing", async () => {
    const path = await folderWith("x.png");
    await expect(open({ source: "parquet", path })).rejects.toThrow(/no \.parquet files/);
    await expect(open({ source: "parquet", path: join(path, "none") })).rejects.toThrow(ImageError);
  });
});
