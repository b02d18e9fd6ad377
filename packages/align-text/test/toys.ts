/** An encoder that sees colours and reads their names, and a set of images of plain colours. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bools, readArtifact, table, vectors, writeArtifact } from "@optogram/artifacts";
import { openEncoder } from "@optogram/encoders";
import { openImages } from "@optogram/images";
import {
  float32,
  GraphBuilder,
  gather,
  type Model,
  reduceMean,
  reduceSum,
  type ValueInfo,
  writeModel,
} from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import sharp from "sharp";

export const vocabulary = ["a", "red", "green", "blue", "dark", "thing"];
const vectorsOfWords = [
  [0, 0, 0],
  [0.01, 0.01, 0.01],
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0.1, 0.1, 0.1],
  [0.2, 0.2, 0.2],
];
const context = 6;

/** Embedding: the mean colour, of four images at a time or of any number. Text: the sum of its words' colours. */
export async function writeColourEncoder(folder: string, batch: 4 | "any" = 4): Promise<void> {
  await mkdir(folder, { recursive: true });
  const image = new GraphBuilder();
  image.output("out", reduceMean(image.input("x", [4, 3, 8, 8]), { axes: [2, 3] }));
  await writeModel(join(folder, "image.onnx"), batch === 4 ? image.model() : ofAnyBatch(image.model()));
  const text = new GraphBuilder();
  const ids = text.input("ids", [4, context], "int64");
  const words = text.constant(float32(vectorsOfWords.flat(), [vectorsOfWords.length, 3]));
  text.output("embedding", reduceSum(gather(words, ids), { axes: [1] }));
  await writeModel(join(folder, "text.onnx"), text.model());
  const card = {
    name: "colours",
    title: "Colours",
    file: "image.onnx",
    input: { preprocessing: { size: 8, mean: [0, 0, 0], std: [1, 1, 1] } },
    outputs: { embedding: { tensor: "out" } },
    text: { file: "text.onnx", context, tokenizer: { vocabulary }, temperature: 20 },
  };
  await writeFile(join(folder, "card.json"), JSON.stringify(card));
}

function ofAnyBatch(model: Model): Model {
  const { graph } = model;
  const free = (value: ValueInfo) => ({ ...value, shape: ["batch", ...(value.shape ?? []).slice(1)] });
  return {
    ...model,
    graph: { ...graph, inputs: graph.inputs.map(free), outputs: graph.outputs.map(free), values: new Map() },
  };
}

/** A folder of images in a folder a colour: the colour with noise, and some of them with much of another. */
export async function writePhotos(folder: string, each: number): Promise<void> {
  const random = seededRandom(1);
  for (const [c, colour] of ["red", "green", "blue"].entries()) {
    await mkdir(join(folder, colour), { recursive: true });
    for (let i = 0; i < each; i++) {
      const rgb = [0, 1, 2].map((k) => (k === c ? 150 : 20) + random.integer(80));
      // Every fifth is hardly of its colour.
      if (i % 5 === 4) rgb[(c + 1) % 3] += 90 + random.integer(50);
      const [r, g, b] = rgb.map((value) => Math.min(255, value));
      await sharp({ create: { width: 12, height: 12, channels: 3, background: { r, g, b } } })
        .png()
        .toFile(join(folder, colour, `${String(i).padStart(3, "0")}.png`));
    }
  }
}

/** A dictionary of red, green and blue, as train-sae writes it; a fourth feature is dead. */
export async function writeDictionary(folder: string, features: string): Promise<void> {
  const { digest } = await readArtifact(features, "features");
  const matrix = (values: readonly number[], shape: readonly number[]) => float32(values, shape);
  const rows = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1];
  const described = {
    kind: "sae",
    stage: "train-sae",
    parameters: { variant: "topk", k: 1 },
    inputs: { features: { kind: "features", digest } },
    versions: {},
    device: "cpu",
  };
  await writeArtifact(folder, described, async (writer) => {
    await writer.tensors("sae.safetensors", {
      W_enc: matrix([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1], [3, 4]),
      b_enc: matrix([0, 0, 0, 0], [4]),
      W_dec: matrix(rows, [4, 3]),
      b_dec: matrix([0, 0, 0], [3]),
    });
    const each = (value: number) => Float32Array.from([value, value, value, 0]);
    await writer.table(
      "features.parquet",
      table({
        feature: Uint32Array.from([0, 1, 2, 3]),
        ...{ density: each(0.3), mean: each(1), max: each(1) },
        dead: bools([false, false, false, true]),
      }),
    );
  });
}

/** As extract-features writes it. */
export async function writeFeatures(
  folder: string,
  encoderFolder: string,
  images: { readonly source: "folder"; readonly path: string },
  captions?: (label: string) => string,
): Promise<void> {
  const source = await openImages(images);
  const encoder = await openEncoder(encoderFolder, { batch: 4 });
  const records = await Promise.all(Array.from({ length: source.length }, (_, i) => source.record(i)));
  const embeddings = new Float32Array(source.length * 3);
  for (let i = 0; i < source.length; i++)
    embeddings.set(await encoder.embed(encoder.preprocess(await source.read(i, 8)), 1), 3 * i);
  await encoder.close();
  const image = Uint32Array.from({ length: source.length }, (_, i) => i);
  const described = {
    kind: "features",
    stage: "extract-features",
    parameters: { images, encoder: encoderFolder, card: encoder.digest },
    inputs: {},
    versions: {},
    device: "cpu",
  };
  const labels = records.map(({ label }) => label ?? null);
  await writeArtifact(folder, described, async (writer) => {
    const known = labels.some((label) => label !== null) ? { label: labels } : {};
    const told = captions ? { caption: labels.map((label) => captions(label ?? "")) } : {};
    await writer.table(
      "images.parquet",
      table({ image, id: records.map(({ id }) => id), ...known, ...told }),
    );
    await writer.table("embeddings.parquet", table({ image, embedding: vectors(embeddings, 3) }));
  });
}
