/** Small encoders, and reconstructors of theirs that learnt for a moment. */

import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { writeArtifact } from "@optogram/artifacts";
import { readEncoder } from "@optogram/encoders";
import { fitPicture, type ImageSourceSpec, openImages, wantedSide } from "@optogram/images";
import { conv, encodeModel, float32, GraphBuilder, writeModel } from "@optogram/onnx";
import {
  aboutFile,
  coloursOf,
  modelFile,
  normalised,
  openTokens,
  pictureSize,
  planesOf,
  reconstructorModel,
  reconstructorStep,
} from "@optogram/reconstruction";
import { seededRandom } from "@optogram/statistics";

const pixels = 16;

interface Toy {
  readonly patch: number;
  readonly width: number;
  readonly seed: number;
  /** Writes a control with random weights of the encoder in the folder beside instead. */
  readonly randomOf?: string;
}

/** An encoder of the folder's name whose tokens are its patches through a random matrix. */
export async function writeToyEncoder(folder: string, { patch, width, seed, randomOf }: Toy): Promise<void> {
  const name = basename(folder);
  await mkdir(folder, { recursive: true });
  if (randomOf) {
    const control = { name, title: "A control", weights: "random", of: randomOf, seed };
    return await writeFile(join(folder, "card.json"), JSON.stringify(control));
  }
  const graph = new GraphBuilder();
  const random = seededRandom(seed);
  const numbers = Float32Array.from({ length: width * 3 * patch ** 2 }, () => random.normal() / 7);
  const kernel = graph.initializer("kernel", float32(numbers, [width, 3, patch, patch]));
  graph.output(
    "map",
    conv(graph.input("images", [4, 3, pixels, pixels]), kernel, undefined, { stride: patch }),
  );
  await writeModel(join(folder, "toy.onnx"), graph.model());
  const card = {
    ...{ name, title: `The toy ${name}`, file: "toy.onnx" },
    input: { preprocessing: { size: pixels, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } },
    outputs: {
      embedding: { tensor: "map", pool: "none" },
      tokens: { tensor: "map", layout: "map" },
      layers: { "block.0": { tensor: "map", layout: "map" } },
    },
  };
  await writeFile(join(folder, "card.json"), JSON.stringify(card));
}

interface Tiny {
  readonly encoder: string;
  readonly images: ImageSourceSpec;
  readonly steps: number;
  readonly layer?: number;
}

/** Images of every ten that the training leaves out. */
const leftOut = 10;
const batch = 4;

/** An artifact as train-reconstructor writes it, of few steps. */
export async function trainTiny(folder: string, { encoder, images, steps, layer }: Tiny): Promise<void> {
  const parts = await readEncoder(encoder);
  const reader = await openTokens(parts, layer ?? "last", { batch });
  const source = await openImages(images);
  const { preprocessing } = parts.card.input;
  const doublings = Math.log2(pixels / reader.grid[0]);
  const shape = { tokenWidth: reader.width, grid: reader.grid, width: 16, depth: 1, heads: 2, doublings };
  const [height, width] = pictureSize(shape);
  const random = seededRandom(7);
  const { training } = await reconstructorStep({ shape, batch, random: () => random.normal() });
  const all = Array.from({ length: source.length }, (_, i) => i);
  const heldOut = all.filter((i) => i % leftOut === 0);
  const learnt = all.filter((i) => i % leftOut !== 0);
  const seen = await Promise.all(
    learnt.map(async (i) =>
      planesOf(fitPicture(await source.read(i, wantedSide(preprocessing)), preprocessing)),
    ),
  );
  for (let step = 0; step < steps; step++) {
    const pictures = Float32Array.from(
      Array.from({ length: batch }, (_, i) => Array.from(seen[(step * batch + i) % seen.length])).flat(),
    );
    const wanted = normalised(pictures, height * width, coloursOf(preprocessing));
    const tokens = await reader.tokens(pictures);
    await training.run(
      {
        tokens: float32(tokens, [batch, tokens.length / batch / reader.width, reader.width]),
        pictures: float32(wanted, [batch, 3, height, width]),
      },
      3e-3,
    );
  }
  const weights = training.state();
  await training.close();
  await reader.close();
  const description = {
    ...{ kind: "reconstructor", stage: "train-reconstructor", device: "cpu" },
    ...{ parameters: {}, inputs: {}, versions: {} },
  };
  await writeArtifact(folder, description, async (writer) => {
    await writer.bytes(modelFile, encodeModel(reconstructorModel(weights, shape, coloursOf(preprocessing))));
    await writer.json(aboutFile, {
      ...{ encoder, card: parts.digest, layer: layer ?? "last", images: { source: images, heldOut } },
      ...{ input: reader.input, grid: reader.grid, size: [height, width], tokenWidth: reader.width },
      ...{ width: shape.width, depth: shape.depth, heads: shape.heads },
    });
  });
}
