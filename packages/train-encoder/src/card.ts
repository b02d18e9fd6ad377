/** The card of an encoder that was trained here. */

import { sizeOf, type Tensor } from "@optogram/onnx";
import type { Probes } from "./evaluate.ts";
import type { ContrastiveSettings } from "./train.ts";

const percent = (share: number) => Math.round(share * 1000) / 10;

/** The file in the card's folder that holds the network. */
export const modelFile = "model.onnx";

export function contrastiveCard(
  name: string,
  settings: ContrastiveSettings,
  weights: Readonly<Record<string, Tensor>>,
  trained: Probes,
  random: Probes,
): Record<string, unknown> {
  const { size, patch, depth, width, samples } = settings;
  const parameters = Object.entries(weights)
    .filter(([key]) => key.startsWith("vision."))
    .reduce((sum, [, tensor]) => sum + sizeOf(tensor.shape), 0);
  const side = size / patch;
  const tokens = (tensor: string) => ({ tensor, layout: "tokens", prefix: 0, grid: [side, side] });
  return {
    name,
    title: `Small vision transformer (width ${width}, ${depth} blocks, patch ${patch}) trained on scenes and their captions`,
    file: modelFile,
    parameters,
    objective: "pairwise sigmoid contrast of images and captions",
    licence: "Apache-2.0",
    source: "trained by train-encoder",
    trainedOn: `${samples} scenes`,
    reference: "Zhai et al. 2023, Sigmoid Loss for Language Image Pre-Training",
    input: {
      tensor: "images",
      preprocessing: {
        size,
        resize: "cover",
        interpolation: "bicubic",
        cropFraction: 1,
        mean: [0.5, 0.5, 0.5],
        std: [0.5, 0.5, 0.5],
      },
    },
    outputs: {
      embedding: { tensor: "embedding" },
      tokens: tokens("tokens"),
      layers: Object.fromEntries(
        Array.from({ length: depth }, (_, i) => [`block.${i}`, tokens(`block.${i}`)]),
      ),
    },
    normalised: true,
    scores: {
      "kind by 20 nearest neighbours, %": percent(trained.nearestNeighbours),
      "kind by linear probe, %": percent(trained.linearProbe),
      "kind by 20 nearest neighbours, random weights, %": percent(random.nearestNeighbours),
      "kind by linear probe, random weights, %": percent(random.linearProbe),
      "chance, %": percent(trained.chance),
      "held-out scenes of a single thing": trained.testedOn,
    },
  };
}
