/** An encoder whose tokens are patches of pixels, and the reconstructor that undoes it. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeArtifact } from "@optogram/artifacts";
import { openEncoder } from "@optogram/encoders";
import { freeBatch } from "@optogram/networks";
import {
  add,
  clip,
  concat,
  conv,
  convTranspose,
  div,
  encodeModel,
  float32,
  GraphBuilder,
  mul,
  reshape,
  slice,
  sub,
  transpose,
  writeModel,
} from "@optogram/onnx";
import { aboutFile, modelFile } from "@optogram/reconstruction";

const patch = 4;
const side = 4;
const pixels = side * patch;
const colours = 3 * patch * patch;
/** A constant beside the pixels of a patch, by which their size survives when tokens are brought to unit norm. */
export const tokenWidth = colours + 1;

/** [colours, 3, patch, patch]: each pixel of a patch to a channel of its own. */
const kernel = (graph: GraphBuilder) =>
  graph.constant(
    float32(
      Float32Array.from({ length: colours * colours }, (_, i) => (i % (colours + 1) === 0 ? 1 : 0)),
      [colours, 3, patch, patch],
    ),
  );

export async function writeToyEncoder(folder: string): Promise<string> {
  const graph = new GraphBuilder();
  const batch = 4;
  const patches = conv(sub(graph.input("x", [batch, 3, pixels, pixels]), 0.5), kernel(graph), undefined, {
    stride: patch,
  });
  const constant = add(mul(slice(patches, 1, 0, 1), 0), 1);
  graph.output("tokens", concat([patches, constant], 1));
  await mkdir(folder, { recursive: true });
  await writeModel(join(folder, "toy.onnx"), graph.model());
  const card = {
    name: "toy",
    title: "Patches of pixels",
    file: "toy.onnx",
    input: { preprocessing: { size: pixels, mean: [0, 0, 0], std: [1, 1, 1] } },
    outputs: {
      embedding: { tensor: "tokens", pool: "spatial-mean" },
      tokens: { tensor: "tokens", layout: "map" },
    },
  };
  await writeFile(join(folder, "card.json"), JSON.stringify(card));
  return folder;
}

/** As train-reconstructor would have left it after training on `images`, but for those held out. */
export async function writeToyReconstructor(
  folder: string,
  encoderFolder: string,
  images: { readonly source: object; readonly heldOut: readonly number[] },
): Promise<string> {
  const graph = new GraphBuilder();
  const tokens = graph.input("tokens", [1, side * side, tokenWidth]);
  const patches = div(slice(tokens, 2, 0, colours), slice(tokens, 2, colours, tokenWidth));
  const map = reshape(transpose(patches, [0, 2, 1]), [1, colours, side, side]);
  const painted = convTranspose(map, kernel(graph), undefined, { stride: patch });
  graph.output("pictures", clip(add(painted, 0.5), 0, 1));
  const encoder = await openEncoder(encoderFolder, { batch: 4 });
  await encoder.close();
  const description = {
    ...{ kind: "reconstructor", stage: "train-reconstructor", device: "cpu" },
    ...{ parameters: {}, inputs: {}, versions: {} },
  };
  await writeArtifact(folder, description, async (writer) => {
    await writer.bytes(modelFile, encodeModel(freeBatch(graph.model(), 1)));
    await writer.json(aboutFile, {
      ...{ encoder: encoderFolder, card: encoder.digest, layer: "last", images },
      ...{ input: [pixels, pixels], grid: [side, side], size: [pixels, pixels] },
      ...{ tokenWidth, width: 8, depth: 1, heads: 1 },
    });
  });
  return folder;
}
