/** The readers of outside data, each with sound files to damage. */

import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import {
  ArtifactError,
  encodeTable,
  encodeTensors,
  readTable,
  readTensors,
  structs,
  table,
  vectors,
} from "@optogram/artifacts";
import { decodeImage, ImageError, type ImageSourceSpec, openImages } from "@optogram/images";
import { readModel } from "@optogram/onnx";
import { Binary, vectorFromArray } from "apache-arrow";
import sharp from "sharp";
import { type Damage, damageGzip, damageParquet, damagePng, damageSafetensors, damageTar } from "./damage.ts";
import { damageMessage } from "./protobuf.ts";

export interface Target {
  readonly name: string;
  /** Classes of errors that its reader may throw, by name. */
  readonly errors: readonly string[];
  /** Sound files by their paths in the folder of a trial. One at a time is there, damaged. */
  seeds(): Promise<ReadonlyMap<string, Uint8Array>>;
  /** What lies beside every file, sound. */
  readonly beside?: () => Promise<ReadonlyMap<string, Uint8Array>>;
  /** Damage that knows the format, for half of the trials. */
  readonly damage?: Damage;
  /** Reads the file all through. */
  read(file: string): Promise<unknown>;
}

const packages = fileURLToPath(new URL("../../packages", import.meta.url));

async function fixtures(folder: string, ending: string): Promise<Map<string, Uint8Array>> {
  const names = (await readdir(join(packages, folder))).filter((name) => name.endsWith(ending));
  const files = names.map(async (name) => [name, await readFile(join(packages, folder, name))] as const);
  return new Map(await Promise.all(files));
}

/** Colours that no codec makes short work of. */
function noise(width: number, height: number) {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * i * 7919 + (i >> 5)) % 251);
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Opens a source and reads its first images. One that is broken does not keep the others from being read. */
async function readImages(spec: ImageSourceSpec): Promise<void> {
  const source = await openImages(spec);
  const failures: unknown[] = [];
  const count = Math.min(source.length, 20);
  for (let index = 0; index < count; index++) {
    source.id(index);
    const read = async () => [await source.record(index), await source.read(index, 8)];
    await read().catch((error: unknown) => failures.push(error));
  }
  const worst = failures.find((error) => !(error instanceof ImageError || error instanceof ArtifactError));
  if (worst !== undefined || failures.length === count) throw worst ?? failures[0];
}

function imageTarget(
  name: string,
  formats: readonly ("jpeg" | "png" | "webp" | "gif" | "tiff" | "avif")[],
  damage?: Damage,
): Target {
  return {
    name,
    errors: ["ImageError"],
    async seeds() {
      const seeds = new Map<string, Uint8Array>();
      for (const format of formats) {
        seeds.set(`small.${format}`, await noise(24, 16).toFormat(format).toBuffer());
        // Large enough to be reduced while it is decoded.
        seeds.set(
          `large.${format}`,
          await noise(90, 70)
            .withExif({ IFD0: { Artist: "me" } })
            .toFormat(format)
            .toBuffer(),
        );
      }
      return seeds;
    },
    ...(damage && { damage }),
    read: async (file) => decodeImage(await readFile(file), file, { shortestSide: 8 }),
  };
}

const dot = () => noise(5, 4).png().toBuffer();

export const targets: readonly Target[] = [
  {
    name: "safetensors",
    errors: ["ArtifactError"],
    async seeds() {
      const weights = { dtype: "float32", shape: [3, 4], data: new Float32Array(12).fill(0.5) } as const;
      const ids = { dtype: "int64", shape: [2], data: BigInt64Array.of(1n, -1n) } as const;
      const made = encodeTensors({ W_enc: weights, "blocks.0.ids": ids }, { stage: "train-sae" });
      return new Map([["made.safetensors", made], ...(await fixtures("artifacts/fixtures", ".safetensors"))]);
    },
    damage: damageSafetensors,
    read: readTensors,
  },
  {
    name: "onnx",
    errors: ["ModelError"],
    seeds: () => fixtures("onnx/fixtures", ".onnx"),
    beside: () => fixtures("onnx/fixtures", ".weights"),
    damage: damageMessage,
    read: readModel,
  },
  {
    name: "parquet",
    errors: ["ArtifactError"],
    async seeds() {
      const rows = table({
        embedding: vectors(
          Float32Array.from({ length: 80 }, (_, i) => i / 7),
          8,
        ),
        label: Array.from({ length: 10 }, (_, i) => (i % 3 === 0 ? null : `kind ${i % 2}`)),
      });
      const seeds = new Map<string, Uint8Array>();
      for (const compression of ["none", "snappy", "zstd"] as const) {
        seeds.set(`${compression}.parquet`, await encodeTable(rows, { rowGroupRows: 4, compression }));
      }
      return seeds;
    },
    damage: damageParquet,
    read: (file) => readTable(file),
  },
  {
    name: "parquet-images",
    errors: ["ArtifactError", "ImageError"],
    async seeds() {
      const bytes = vectorFromArray([await dot(), await dot(), await dot()], new Binary());
      const image = structs({ bytes, path: ["a.png", "b.png", null] });
      const rows = table({ image, label: BigInt64Array.of(1n, 0n, -1n) });
      return new Map([["train.parquet", await encodeTable(rows, { rowGroupRows: 2 })]]);
    },
    damage: damageParquet,
    read: (path) => readImages({ source: "parquet", path }),
  },
  {
    name: "tar",
    errors: ["ImageError"],
    seeds: () => fixtures("images/fixtures", ".tar"),
    damage: damageTar,
    read: (path) => readImages({ source: "webdataset", path }),
  },
  {
    name: "idx",
    errors: ["ImageError"],
    async seeds() {
      const header = Buffer.from([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5]);
      const images = Buffer.concat([header, Buffer.alloc(60, 9)]);
      return new Map([
        ["t10k-images-idx3-ubyte", images],
        ["t10k-images-idx3-ubyte.gz", gzipSync(images)],
      ]);
    },
    beside: async () => new Map([["t10k-labels-idx1-ubyte", Buffer.from([0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3])]]),
    damage: damageGzip,
    read: (file) => readImages({ source: "mnist", path: dirname(file), part: "test" }),
  },
  {
    name: "cifar10",
    errors: ["ImageError"],
    seeds: async () => new Map([["test_batch.bin", Buffer.alloc(2 * 3073, 5)]]),
    read: (file) => readImages({ source: "cifar10", path: dirname(file), part: "test" }),
  },
  {
    name: "coco",
    errors: ["ImageError"],
    async seeds() {
      const images = [{ id: 1, file_name: "a.png", width: 5, height: 4 }];
      const categories = [{ id: 3, name: "cat" }];
      const annotations = [{ image_id: 1, category_id: 3, area: 5, bbox: [0, 0, 2, 2], caption: "a cat" }];
      const text = Buffer.from(JSON.stringify({ info: { year: 2017 }, images, annotations, categories }));
      return new Map([
        ["annotations/captions_part.json", text],
        ["annotations/instances_part.json", text],
      ]);
    },
    beside: async () => new Map([["part/a.png", await dot()]]),
    read: (file) => readImages({ source: "coco", path: dirname(dirname(file)), part: "part" }),
  },
  imageTarget("jpeg", ["jpeg"]),
  imageTarget("png", ["png"], damagePng),
  imageTarget("webp", ["webp"]),
  imageTarget("gif-tiff-avif", ["gif", "tiff", "avif"]),
];
