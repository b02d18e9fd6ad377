/** Masked autoencoding (He et al. 2022): the tower sees a quarter of the patches, a small decoder paints the others. */

import { linear, norm, storedWeights, transformer, type Weights } from "@optogram/networks";
import {
  add,
  div,
  GraphBuilder,
  matmul,
  mul,
  reduceMean,
  reduceSum,
  sqrt,
  square,
  sub,
  transposeLast,
  unsqueeze,
  type Value,
} from "@optogram/onnx";
import { type Random, seededRandom } from "@optogram/statistics";
import { overHeldOut } from "../held-out.ts";
import { keptPlaces, selection } from "../masks.ts";
import type { Objective } from "../objective.ts";
import { drawScenes, scenesOf } from "../samples.ts";
import { type EncoderSettings, visionShape } from "../settings.ts";
import { towerModel } from "../tower.ts";
import { patchesOf, transformerTower, type VisionShape, visionTower } from "../vision.ts";

const masked = 0.75;
const decoder = { width: 96, depth: 2, heads: 3, expansion: 4 };

export function maskedAutoencoding(settings: EncoderSettings): Objective {
  const { batch, seed, size, patch } = settings;
  const shape = visionShape(settings);
  const places = (size / patch) ** 2;
  const visible = Math.max(1, Math.round((1 - masked) * places));
  const kept = (random: Random, count: number) =>
    selection(
      Array.from({ length: count }, () => keptPlaces(random, places, visible)),
      places,
    );
  return {
    loss({ weights }) {
      const images = weights.graph.input("images", [batch, 3, size, size]);
      const chosen = weights.graph.input("kept", [batch, visible, places]);
      return { loss: paintingError(weights, images, chosen, shape).error };
    },
    async batch(step) {
      const { images } = await drawScenes(scenesOf(seed, step * batch, batch), size);
      return { images, kept: kept(seededRandom(seed, step + 1), batch) };
    },
    tower: (variables, count) => towerModel(transformerTower(shape), variables, count),
    async judge(variables, heldOut) {
      const graph = new GraphBuilder();
      const weights = storedWeights(graph, variables);
      const images = graph.input("images", [heldOut.batch, 3, size, size]);
      const chosen = graph.input("kept", [heldOut.batch, visible, places]);
      const { error, unpainted } = paintingError(weights, images, chosen, shape);
      graph.output("error", error);
      graph.output("unpainted", unpainted);
      const errors: number[] = [];
      const flat: number[] = [];
      await overHeldOut(
        graph.model("painting"),
        size,
        heldOut,
        (_, first) => ({ kept: kept(seededRandom(heldOut.seed, first), heldOut.batch) }),
        (outputs) => {
          errors.push(outputs.error[0]);
          flat.push(outputs.unpainted[0]);
        },
      );
      const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
      return {
        measure: "squared error of masked patches, at unit variance",
        value: mean(errors),
        baseline: { name: "each patch's own mean", value: mean(flat) },
      };
    },
  };
}

/**
 * The mean squared error of hidden patches, each of mean 0 and variance 1 over its pixels, and what it is where every
 * patch is painted in its own mean. images [b, 3, s, s], kept [b, visible, n].
 */
function paintingError(w: Weights, images: Value, kept: Value, shape: VisionShape) {
  const target = standardised(patchesOf(images, shape.patch));
  const [, places, pixels] = target.shape;
  const { tokens } = visionTower(w, images, shape, { kept });
  // Back to their places: [b, n, width], with one learned vector wherever nothing was seen.
  const spread = matmul(transposeLast(kept), linear(w, "decoder.tokens", tokens, decoder.width));
  const hidden = sub(1, unsqueeze(reduceSum(kept, { axes: [1] }), [2]));
  const filled = add(spread, mul(hidden, w.vector("decoder.mask", decoder.width, 0)));
  const placed = add(filled, w.table("decoder.positions", [1, places, decoder.width]));
  const blocks = transformer(w, "decoder", placed, decoder);
  const painted = linear(w, "decoder.pixels", norm(w, "decoder.norm", blocks[blocks.length - 1]), pixels);
  const overHidden = (squares: Value) =>
    div(reduceSum(mul(reduceMean(squares, { axes: [2], keep: true }), hidden)), add(reduceSum(hidden), 1e-6));
  return { error: overHidden(square(sub(painted, target))), unpainted: overHidden(square(target)) };
}

/** Rows of mean 0 and variance 1; the rounding of 8-bit pixels in flat patches stays small. */
function standardised(x: Value): Value {
  const centred = sub(x, reduceMean(x, { axes: [-1], keep: true }));
  return div(centred, sqrt(add(reduceMean(square(centred), { axes: [-1], keep: true }), 1e-4)));
}
