import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { imageKeys, imageSourceSchema } from "@optogram/images";
import { describe, expect, it } from "vitest";
import { folderOf, idx, labels, open, plain, records } from "./files.ts";

const dot = await plain("red");

describe("ImageNet's layout", () => {
  const [tench, church] = ["n01440764", "n03028079"];
  const files = {
    [`val/${tench}/a.JPEG`]: dot,
    [`val/${church}/b.JPEG`]: dot,
    [`train/${tench}/c.JPEG`]: dot,
  };

  it("names Imagenette's classes, takes val where there is one, and its parts by name", async () => {
    const path = await folderOf(files);
    expect(await records(await open({ source: "imagenet", path }))).toEqual([
      { id: `val/${tench}/a.JPEG`, label: "tench", truth: [{ kind: "tench", coverage: 1 }] },
      { id: `val/${church}/b.JPEG`, label: "church", truth: [{ kind: "church", coverage: 1 }] },
    ]);
    const train = await open({ source: "imagenet", path, part: "train" });
    expect(train.id(0)).toBe(`train/${tench}/c.JPEG`);
    expect(await train.read(0, 1)).toMatchObject({ width: 3, height: 2 });
    const only = await folderOf({ [`${church}/b.JPEG`]: dot });
    expect(await labels({ source: "imagenet", path: only })).toEqual(["church"]);
    await expect(open({ source: "imagenet", path: only, part: "train" })).rejects.toThrow(
      /there is no folder train in it; leave part away/,
    );
  });

  it("has the same keys from any folder of the way", async () => {
    const path = await folderOf(files);
    const keys = (spec: unknown) => imageKeys(imageSourceSchema.parse(spec));
    const all = await keys({ source: "imagenet", path });
    expect(await keys({ source: "imagenet", path: join(path, "val") })).toEqual(all);
    expect(await keys({ source: "folder", path: join(path, "val") })).toEqual(all);
  });

  it.each([
    ["classes.json", JSON.stringify({ [tench]: "fish", [church]: "crane", n02012849: "crane" })],
    [
      "imagenet_class_index.json",
      JSON.stringify({ 0: [tench, "fish"], 1: [church, "crane"], 2: ["n02012849", "crane"] }),
    ],
    ["LOC_synset_mapping.txt", `${tench} fish, Tinca tinca\n${church} crane\nn02012849 crane\n`],
    ["words.txt", `${tench}\tfish\r\n${church}\tcrane\r\nn02012849\tcrane`],
  ])("takes names from %s, and tells classes of one name apart", async (file, text) => {
    const path = await folderOf({ ...files, [file]: text });
    const expected = ["fish", `crane (${church})`];
    expect(await labels({ source: "imagenet", path })).toEqual(expected);
    expect(await labels({ source: "imagenet", path: join(path, "val") })).toEqual(expected);
  });

  it("takes classes of images in one folder from a file", async () => {
    const names = JSON.stringify({ [tench]: "fish", [church]: "church" });
    const path = await folderOf({
      "val/ILSVRC2012_val_1.JPEG": dot,
      "val/ILSVRC2012_val_2.JPEG": dot,
      "classes.json": names,
      "solution.csv": `ImageId,PredictionString\nILSVRC2012_val_2,${tench} 1 2 3 4\nILSVRC2012_val_1,${church} 1 1 1 1\n`,
      "val.txt": "ILSVRC2012_val_1.JPEG 1\nILSVRC2012_val_2.JPEG 0\n",
      "other.txt": "cat.jpg 1\n",
    });
    const flat = { source: "imagenet", path };
    for (const file of ["solution.csv", "val.txt"]) {
      expect(await labels({ ...flat, labels: join(path, file) })).toEqual(["church", "fish"]);
    }
    await rename(join(path, "val.txt"), join(path, "LOC_val_solution.csv"));
    expect(await labels(flat)).toEqual(["church", "fish"]);
    await rm(join(path, "LOC_val_solution.csv"));
    await expect(open(flat)).rejects.toThrow(
      /val_1\.JPEG lies in no folder of a synset; name .* labels=FILE/,
    );
    await expect(open({ ...flat, labels: join(path, "other.txt") })).rejects.toThrow(
      /other\.txt: says nothing of/,
    );
    await expect(open({ ...flat, names: join(path, "other.txt") })).rejects.toThrow(
      /other\.txt: names no synset/,
    );
  });
});

describe("COCO", () => {
  const image = (id: number) => ({ id, file_name: `${id}.jpg`, width: 10, height: 10 });
  const objects = {
    info: { note: 'with "quotes", [brackets] and {braces}\\', lists: [[1], [2]] },
    images: [image(1), image(2), image(7)],
    licenses: [{ id: 1 }],
    annotations: [
      { image_id: 1, category_id: 18, area: 20, segmentation: [[1, 2, 3]], bbox: [0, 0, 9, 9] },
      { image_id: 1, category_id: 18, area: 5.5 },
      { image_id: 1, category_id: 3, bbox: [1, 1, 20, 30] },
      { image_id: 7, category_id: 3, area: 50 },
    ],
    categories: [
      { id: 3, name: "car" },
      { id: 18, name: "dog" },
    ],
  };
  const captions = {
    annotations: [] as unknown[],
    images: objects.images,
  };
  // Captions follow the images in COCO's files; here enough of them that the file is read in several pieces.
  const manyCaptions = JSON.stringify({
    images: captions.images,
    annotations: [
      ...Array.from({ length: 30_000 }, (_, i) => ({ image_id: 100 + i, caption: `nobody's “${i}” ]}` })),
      { image_id: 1, caption: "a dog  in a car\n" },
      { image_id: 1, caption: "another" },
    ],
  });
  const files = { "val2017/1.jpg": dot, "val2017/2.jpg": dot, "val2017/3.jpg": dot };
  const annotated = {
    ...files,
    "annotations/instances_val2017.json": JSON.stringify(objects, null, 1),
    "annotations/captions_val2017.json": manyCaptions,
  };

  it("knows the first caption and the share of the frame of each category", async () => {
    expect(manyCaptions.length).toBeGreaterThan(1 << 20);
    expect(await records(await open({ source: "coco", path: await folderOf(annotated) }))).toEqual([
      {
        id: "val2017/1.jpg",
        caption: "a dog  in a car",
        truth: [
          { kind: "dog", coverage: 0.255 },
          { kind: "car", coverage: 1 },
        ],
      },
      { id: "val2017/2.jpg", truth: [] },
      { id: "val2017/3.jpg" },
    ]);
  });

  it("needs no annotations", async () => {
    const path = await folderOf(files);
    const source = await open({ source: "coco", path, limit: 1 });
    expect(await records(source)).toEqual([{ id: "val2017/1.jpg" }]);
    expect(await source.read(0, 1)).toMatchObject({ width: 3, height: 2 });
    await expect(open({ source: "coco", path, part: "train2017" })).rejects.toThrow(
      /no folder train2017 in it/,
    );
  });

  it.each([
    [manyCaptions.slice(0, -20), /is cut short; download it again/],
    ["[1, 2]", /is no JSON object/],
    ['{"images": [{"id": "1"}]}', /item whose id is wrong/],
    ['{"images": [{"id": nothing}]}', /has an item that is no JSON/],
    ["no JSON", /is no JSON object/],
  ])("says what is wrong with annotations (%#)", async (text, message) => {
    const path = await folderOf({ ...files, "annotations/captions_val2017.json": text });
    const source = await open({ source: "coco", path });
    await expect(source.record(0)).rejects.toThrow(message);
    await expect(source.record(0)).rejects.toThrow(/captions_val2017\.json: [^\n]*$/);
  });
});

describe("CIFAR-10", () => {
  /** Ten images; the red plane counts up, the green is the class, the blue 7. */
  function batch(first: number): Buffer {
    return Buffer.concat(
      Array.from({ length: 10 }, (_, i) => {
        const record = Buffer.alloc(3073, 7);
        record[0] = (first + i) % 10;
        for (let p = 0; p < 1024; p++) record[1 + p] = p % 256;
        record.fill(record[0], 1025, 2049);
        return record;
      }),
    );
  }
  const train = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`, batch(n)]));

  it("has the training set's five files and the test set's one", async () => {
    const path = await folderOf({ ...train, "test_batch.bin": batch(0) });
    const source = await open({ source: "cifar10", path });
    expect(source.length).toBe(50);
    expect(await source.record(12)).toMatchObject({ id: "data_batch_2#2", label: "deer" });
    const { width, height, data } = await source.read(12, 32);
    expect([width, height, data.length]).toEqual([32, 32, 3072]);
    expect([...data.subarray(3 * 33, 3 * 33 + 3)]).toEqual([33, 4, 7]);
    const test = await open({ source: "cifar10", path, part: "test", limit: 2 });
    expect((await records(test)).map(({ id, label }) => [id, label])).toEqual([
      ["test_batch#0", "airplane"],
      ["test_batch#5", "dog"],
    ]);
  });

  it("is found in the folder its archive unpacks to, with its own names", async () => {
    const path = await folderOf({
      "cifar-10-batches-bin/test_batch.bin": batch(0),
      "cifar-10-batches-bin/batches.meta.txt": `${"abcdefghij".split("").join("\n")}\n\n`,
    });
    const source = await open({ source: "cifar10", path, part: "test" });
    expect(await source.record(3)).toMatchObject({ id: "cifar-10-batches-bin/test_batch#3", label: "d" });
  });

  it("is refused as a Python pickle, cut short, missing and with classes that there are not", async () => {
    const pickles = await folderOf({ "cifar-10-batches-py/test_batch": "\x80\x02}" });
    const at = (path: string) => open({ source: "cifar10", path, part: "test" });
    await expect(at(pickles)).rejects.toThrow(/is a Python pickle, which is not read; download the binary/);
    await expect(at(join(pickles, "cifar-10-batches-py"))).rejects.toThrow(/is a Python pickle/);
    const cut = await folderOf({ "test_batch.bin": batch(0).subarray(0, 5000) });
    await expect(at(cut)).rejects.toThrow(/has 5000 bytes, no whole number of images/);
    await expect(at(await folderOf({}))).rejects.toThrow(/there is no such file; name the folder/);
    const wrong = batch(0);
    wrong[3073] = 10;
    const source = await at(await folderOf({ "test_batch.bin": wrong }));
    await expect(source.record(1)).rejects.toThrow(/^test_batch#1: its class is 10 of 10; download/);
  });
});

describe("MNIST", () => {
  it("is read gzipped or not, grey as three equal channels", async () => {
    const pixels = Uint8Array.from({ length: 4 * 6 }, (_, i) => i);
    const path = await folderOf({
      "train-images-idx3-ubyte.gz": gzipSync(idx([4, 2, 3], pixels)),
      "train-labels-idx1-ubyte": idx([4], Uint8Array.of(3, 1, 4, 1)),
    });
    const source = await open({ source: "mnist", path, limit: 2 });
    expect(await records(source)).toMatchObject([
      { id: "train#0", label: "3" },
      { id: "train#2", label: "4" },
    ]);
    const { width, height, data } = await source.read(1, 28);
    expect([width, height]).toEqual([3, 2]);
    expect([...data]).toEqual([12, 13, 14, 15, 16, 17].flatMap((grey) => [grey, grey, grey]));
    await expect(open({ source: "mnist", path, part: "test" })).rejects.toThrow(
      /there is no t10k-images-idx3/,
    );
  });
});
