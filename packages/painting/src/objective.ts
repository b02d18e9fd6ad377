/** What a picture is searched for: views whose embeddings point in a direction, and little variation. */

import type { Preprocessing } from "@optogram/images";
import {
  abs,
  add,
  div,
  matmul,
  max,
  mul,
  reduceL2,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  sub,
  type TypedModel,
  type Value,
} from "@optogram/onnx";
import { normalise } from "./normalise.ts";
import { applyViews, type ViewInputs } from "./views.ts";

export interface ObjectiveParts {
  /** [count, 3, size, size] in 0..1. */
  readonly pictures: Value;
  readonly views: ViewInputs;
  /** From `pixels` [count · views, 3, height, width] to `embedding` [count · views, d]. */
  readonly encoder: TypedModel;
  readonly preprocessing: Preprocessing;
  /** [count, d], of any length but zero. */
  readonly directions: Value;
  /** Weight of the total variation. */
  readonly variation: number;
}

export interface Objective {
  /** Σ over pictures of −cosine + weight · variation: each picture's gradient is its own. */
  readonly loss: Value;
  /** [count]: mean over the views. */
  readonly cosines: Value;
}

export function cosineObjective(parts: ObjectiveParts): Objective {
  const { pictures, directions, encoder, preprocessing } = parts;
  const [count, d] = directions.shape;
  const seen = normalise(applyViews(pictures, parts.views), preprocessing);
  const embedding = embed(encoder, seen);
  const [total] = embedding.shape;
  const unit = reshape(unitRows(embedding), [count, total / count, d]);
  const along = matmul(unit, reshape(unitRows(directions), [count, d, 1]));
  const cosines = reshape(reduceMean(along, { axes: [1] }), [count]);
  const penalty = mul(totalVariation(pictures), parts.variation);
  return { loss: reduceSum(sub(penalty, cosines)), cosines };
}

/** Normalised pixels through an encoder's graph, which becomes part of theirs. */
export function embed(encoder: TypedModel, pixels: Value): Value {
  const inner = pixels.graph.splice(encoder, { pixels }, "model/");
  const embedding = inner.get("embedding");
  if (!embedding) throw new Error("the encoder's graph has no output embedding");
  return embedding;
}

/** Rows [n, d] at unit length. */
function unitRows(rows: Value): Value {
  return div(rows, max(reduceL2(rows, { axes: [1], keep: true }), 1e-12));
}

/**
 * [count]: the mean size of differences between neighbouring pixels, along rows plus along columns (anisotropic; Rudin,
 * Osher & Fatemi 1992).
 */
export function totalVariation(pictures: Value): Value {
  const along = (axis: number) => {
    const size = pictures.shape[axis];
    const difference = sub(slice(pictures, axis, 1, size), slice(pictures, axis, 0, size - 1));
    return reduceMean(abs(difference), { axes: [1, 2, 3] });
  };
  return add(along(2), along(3));
}
