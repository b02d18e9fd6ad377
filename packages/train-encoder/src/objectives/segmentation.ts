/** Segmentation at the patches' resolution: what each token's patch shows, a kind of thing or the background. */

import { linear, storedWeights, type Weights } from "@optogram/networks";
import {
  argMax,
  cast,
  float32,
  GraphBuilder,
  logSoftmax,
  mul,
  reduceSum,
  type Tensor,
  type Value,
} from "@optogram/onnx";
import { kinds, type Scene, sceneMask } from "@optogram/scenes";
import { overHeldOut } from "../held-out.ts";
import type { Objective } from "../objective.ts";
import { drawScenes, scenesOf } from "../samples.ts";
import { meanIntersectionOverUnion } from "../scores.ts";
import { type EncoderSettings, towerOf } from "../settings.ts";
import { unitLength } from "../sigmoid.ts";
import { towerModel } from "../tower.ts";

/** Class 0 is the background, class i + 1 is kind i. */
const classes = kinds.length + 1;

export function segmentation(settings: EncoderSettings): Objective {
  const { batch, seed, size, patch } = settings;
  const tower = towerOf(settings);
  const places = tower.side ** 2;
  return {
    loss({ weights }) {
      const images = weights.graph.input("images", [batch, 3, size, size]);
      const shares = weights.graph.input("shares", [batch, places, classes]);
      const { pooled, tokens } = tower.see(weights, images);
      const entropy = mul(reduceSum(mul(shares, logSoftmax(classLogits(weights, tokens)))), -1);
      return { loss: mul(entropy, 1 / (batch * places)), embedding: unitLength(pooled) };
    },
    async batch(step) {
      const { scenes, images } = await drawScenes(scenesOf(seed, step * batch, batch), size);
      return { images, shares: await sharesOf(scenes, size, patch) };
    },
    tower: (variables, count) => towerModel(tower, variables, count),
    async judge(variables, heldOut) {
      const graph = new GraphBuilder();
      const weights = storedWeights(graph, variables);
      const images = graph.input("images", [heldOut.batch, 3, size, size]);
      const shares = graph.input("shares", [heldOut.batch, places, classes]);
      graph.output("seen", largest(classLogits(weights, tower.see(weights, images).tokens)));
      graph.output("shown", largest(shares));
      const seen: number[] = [];
      const shown: number[] = [];
      await overHeldOut(
        graph.model("segments"),
        size,
        heldOut,
        async (scenes) => ({ shares: await sharesOf(scenes, size, patch) }),
        (outputs) => {
          seen.push(...outputs.seen);
          shown.push(...outputs.shown);
        },
      );
      const nothing = new Uint8Array(shown.length);
      return {
        measure: "mean intersection over union of kinds and background, patch by patch, %",
        value: 100 * meanIntersectionOverUnion(seen, shown, classes),
        baseline: {
          name: "background everywhere",
          value: 100 * meanIntersectionOverUnion(nothing, shown, classes),
        },
      };
    },
  };
}

function classLogits(weights: Weights, tokens: Value): Value {
  return linear(weights, "segments", tokens, classes);
}

function largest(x: Value): Value {
  return cast(argMax(x, 2), "float32");
}

/** [b, n, classes]: the share of each patch's pixels that shows a class. */
async function sharesOf(scenes: readonly Scene[], size: number, patch: number): Promise<Tensor> {
  const masks = await Promise.all(scenes.map((scene) => sceneMask(scene, size)));
  const side = size / patch;
  const data = new Float32Array(scenes.length * side ** 2 * classes);
  scenes.forEach(({ objects }, i) => {
    const classOf = [0, ...objects.map(({ kind }) => 1 + kinds.findIndex(({ name }) => name === kind))];
    masks[i].forEach((label, pixel) => {
      const row = Math.floor(Math.floor(pixel / size) / patch);
      const column = Math.floor((pixel % size) / patch);
      data[((i * side + row) * side + column) * classes + classOf[label]] += 1 / patch ** 2;
    });
  });
  return float32(data, [scenes.length, side ** 2, classes]);
}
