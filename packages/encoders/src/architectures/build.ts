/** From an architecture and weights to a model. */

import { GraphBuilder, type Tensor, type TypedModel, type Value } from "@optogram/onnx";
import { EncoderError } from "../error.ts";
import { timmNames } from "../weights/names.ts";
import { convnext } from "./convnext.ts";
import { eva } from "./eva.ts";
import { layoutOf, type Size } from "./layout.ts";
import { drawnParameters, type Parameters, storedParameters, type Weights } from "./parameters.ts";
import { fitPositions } from "./resample.ts";
import { sam } from "./sam.ts";
import type { Architecture } from "./schema.ts";
import { type Trace, vit } from "./vit.ts";

export interface BuildOptions {
  /** Images a run. */
  readonly batch: number;
  /** [height, width] of the images in pixels, multiples of the stride (`nearestSize`). */
  readonly size: Size;
  /** Names as `layoutOf(…).shapes` has them; what no output needs is left out. Default: embedding and tokens. */
  readonly outputs?: readonly string[];
  /** What stands before the network's names in the checkpoint, `visual.trunk.` for example. */
  readonly prefix?: string;
}

/**
 * The encoder as a model of static shapes: input `images` [batch, 3, height, width], outputs by name. Weights are in
 * timm's names or in those of the authors of DINOv2, DINOv3, SAM and ConvNeXt.
 * @throws EncoderError for weights that are missing or of other shapes, sizes that do not fit and unknown outputs
 */
export function buildArchitecture(
  architecture: Architecture,
  weights: Weights,
  { batch, size, outputs = ["embedding", "tokens"], prefix = "" }: BuildOptions,
): TypedModel {
  const { grid, shapes } = layoutOf(architecture, size);
  const graph = new GraphBuilder();
  const images = graph.input("images", [batch, 3, ...size]);
  const fitted = fitPositions(architecture, timmNames(underPrefix(weights, prefix)), grid);
  const trace = traceArchitecture(architecture, storedParameters(graph, fitted), images);
  for (const name of outputs) {
    const value = trace.get(name);
    if (!value)
      throw new EncoderError(
        `the architecture has no output ${name}; it has ${Object.keys(shapes).join(", ")}`,
      );
    graph.output(name, value);
  }
  return graph.model(architecture.family);
}

/** The network in a graph of yours, images [b, 3, h, w], its weights wherever `parameters` has them from: all outputs. */
export function traceArchitecture(architecture: Architecture, parameters: Parameters, images: Value): Trace {
  switch (architecture.family) {
    case "vit":
      return vit(parameters, architecture, images);
    case "eva":
      return eva(parameters, architecture, images);
    case "sam":
      return sam(parameters, architecture, images);
    case "convnext":
      return convnext(parameters, architecture, images);
  }
}

/** Weights of the right names and shapes that have learnt nothing; the same seed gives the same. */
export function randomWeights(architecture: Architecture, seed: number): Record<string, Tensor> {
  const graph = new GraphBuilder();
  const drawn: Record<string, Tensor> = {};
  const images = graph.input("images", [1, 3, architecture.size, architecture.size]);
  traceArchitecture(architecture, drawnParameters(graph, seed, drawn), images);
  return drawn;
}

function underPrefix(weights: Weights, prefix: string): Weights {
  if (prefix === "") return weights;
  return Object.fromEntries(
    Object.entries(weights).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
    ),
  );
}
