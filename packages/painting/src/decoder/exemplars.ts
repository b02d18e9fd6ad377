/**
 * A decoder without training: an attention memory (a modern Hopfield network, Ramsauer et al. 2020) of exemplars. The
 * keys are directions, the values are images, and a picture is their mean under softmax(sharpness · cosine).
 */

import {
  attributesOf,
  cast,
  div,
  float32,
  GraphBuilder,
  gather,
  int64,
  type Model,
  matmul,
  max,
  mul,
  reduceL2,
  softmax,
  transpose,
} from "@optogram/onnx";
import { withAnyBatch } from "./any-batch.ts";

export interface Exemplars {
  /** Length of a direction. */
  readonly dimension: number;
  /** [k, dimension]: what images are found by, of any length but zero. */
  readonly keys: Float32Array;
  /** [k]: the image that a key stands for; several may stand for one. */
  readonly of: readonly number[];
  /** Side of the images. */
  readonly size: number;
  /** Images [n, 3, size, size], from 0 to 255. */
  readonly images: Uint8Array;
}

/** At a cosine of 0.05 less, an exemplar weighs a twentieth: few are mixed, so that pictures stay sharp. */
const sharpness = 60;

/** Input `directions` [batch, dimension], output `pictures` [batch, 3, size, size] from 0 to 1. */
export function exemplarDecoder({ dimension, keys: rows, of, size, images }: Exemplars): Model {
  const pixels = 3 * size * size;
  const n = images.length / pixels;
  if (!Number.isInteger(n) || rows.length !== of.length * dimension || of.some((image) => !(image < n)))
    throw new RangeError(
      `${rows.length} numbers of keys for ${of.length} images do not go with ${images.length} numbers of images`,
    );
  const graph = new GraphBuilder();
  const directions = graph.input("directions", [1, dimension]);
  const keys = graph.initializer("keys", float32(rows, [of.length, dimension]));
  const values = graph.initializer("values", { dtype: "uint8", shape: [n, pixels], data: images });
  const unitRows = (x: typeof keys) => div(x, max(reduceL2(x, { axes: [1], keep: true }), 1e-12));
  const cosines = matmul(unitRows(directions), transpose(unitRows(keys), [1, 0]));
  const weights = softmax(mul(cosines, sharpness), 1);
  const pictured = gather(mul(cast(values, "float32"), 1 / 255), graph.constant(int64(of)), 0);
  const flat = matmul(weights, pictured);
  // Not `reshape`, which would hold the batch's size.
  const shape = graph.constant(int64([-1, 3, size, size]));
  const type = { dtype: "float32", shape: [1, 3, size, size] } as const;
  const [pictures] = graph.node("Reshape", [flat, shape], [type], attributesOf({}));
  graph.output("pictures", pictures);
  return withAnyBatch(graph.model("exemplars"));
}
