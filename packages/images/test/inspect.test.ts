import { inspectImages, thumbnailSide } from "@optogram/images";
import sharp from "sharp";
import { expect, it } from "vitest";
import { folderOf, open, plain } from "./files.ts";

it("a collection is counted: sizes, formats, classes, what is broken and what is there twice", async () => {
  const red = await plain("red", 4, 2);
  const path = await folderOf({
    "cat/a.png": red,
    "cat/b.png": await plain("blue", 40, 80),
    "cat/c.png": (await plain("lime", 9, 9)).subarray(0, 50),
    "dog/a.jpg": await sharp(await plain("white", 1000, 500))
      .jpeg()
      .toBuffer(),
    "dog/b.png": red,
    "dog/c.webp": "",
  });
  let seen = 0;
  const { thumbnails, ...inspection } = await inspectImages(await open({ source: "folder", path }), {
    seen: () => seen++,
    thumbnails: 3,
  });
  expect(seen).toBe(6);
  expect(inspection).toEqual({
    images: 6,
    sizes: {
      smallest: { width: 4, height: 2 },
      median: { width: 40, height: 80 },
      largest: { width: 1000, height: 500 },
    },
    formats: new Map([
      ["png", 3],
      ["jpeg", 1],
    ]),
    classes: new Map([
      ["cat", 3],
      ["dog", 3],
    ]),
    kinds: new Map(),
    captions: 0,
    broken: [
      expect.stringMatching(/^cat\/c\.png: cannot be decoded/),
      expect.stringMatching(/^dog\/c\.webp: the file is empty/),
    ],
    brokenCount: 2,
    duplicates: [["cat/a.png", "dog/b.png"]],
    repeated: 1,
  });
  // Images 0, 2 and 4 of the order; the broken one is left out, the others stand whole on white.
  expect(thumbnails).toHaveLength(2);
  const pixel = (x: number, y: number) =>
    [...(thumbnails[0] as Uint8Array).subarray(3 * (y * thumbnailSide + x))].slice(0, 3);
  expect([pixel(0, 48), pixel(95, 48), pixel(48, 0)]).toEqual([
    [255, 0, 0],
    [255, 0, 0],
    [255, 255, 255],
  ]);
});

it("pictures that are no files are counted as they are drawn", async () => {
  const source = await open({ source: "scenes", seed: 1, count: 6, singles: 0.5 });
  const { formats, classes, kinds, captions, broken, repeated, thumbnails } = await inspectImages(source);
  expect([...formats]).toEqual([["pixels", 6]]);
  expect([captions, broken.length, repeated, thumbnails.length]).toEqual([6, 0, 0, 0]);
  const labelled = [...classes.values()].reduce((sum, count) => sum + count, 0);
  expect(labelled).toBeGreaterThan(0);
  expect(labelled).toBeLessThan(6);
  expect(kinds.size).toBeGreaterThan(0);
});
