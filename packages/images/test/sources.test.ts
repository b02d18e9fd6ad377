import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { classNames, ImageError, type ImageSource, imageSourceSchema, openImages } from "@optogram/images";
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
      "a/z.jpg",
      "a/deep/y.webp",
      "notes.txt",
      ".hidden.png",
      ".git/x.png",
    );
    const source = await open({ source: "folder", path });
    expect(await records(source)).toEqual([{ id: "a/deep/y.webp" }, { id: "a/z.jpg" }, { id: "b.PNG" }]);
    expect(await source.read(2, 1)).toMatchObject({ width: 3, height: 2 });
  });

  it("takes classes from folders and spreads a limit over them", async () => {
    const path = await folderWith("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png");
    const source = await open({ source: "folder", path, limit: 2 });
    expect(await records(source)).toEqual([
      { id: "cat/1.png", label: "cat", truth: [{ kind: "cat", coverage: 1 }] },
      { id: "dog/1.png", label: "dog", truth: [{ kind: "dog", coverage: 1 }] },
    ]);
  });

  it("says which file is broken, and what is wrong with a folder", async () => {
    const path = await folderWith("broken.png");
    const source = await open({ source: "folder", path });
    await expect(source.read(0, 1)).rejects.toThrow(/^broken\.png: /);
    await expect(open({ source: "folder", path: await folderWith("notes.txt") })).rejects.toThrow(ImageError);
    await expect(open({ source: "folder", path: join(path, "nowhere") })).rejects.toThrow(/cannot be listed/);
  });
});

describe("classNames", () => {
  it("sees classes only where every image lies one folder down and there are two", () => {
    expect(classNames(["a/1.png", "b/1.png"])).toEqual(["a", "b"]);
    expect(classNames(["a/1.png", "a/2.png"])).toBeUndefined();
    expect(classNames(["a/1.png", "b/1.png", "c.png"])).toBeUndefined();
    expect(classNames(["a/b/1.png", "c/d/1.png"])).toBeUndefined();
  });
});

describe("scenes", () => {
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
