/**
 * Supervised classification: for each kind of thing, whether the scene shows it. A sigmoid a kind rather than a softmax
 * over single things, because three scenes of five show several things, and all objectives see the same scenes.
 */

import { linear, storedWeights, type Weights } from "@optogram/networks";
import { add, float32, GraphBuilder, mul, reduceSum, softplus, type Value } from "@optogram/onnx";
import { kinds, type Scene } from "@optogram/scenes";
import { stacked } from "@optogram/statistics";
import { overHeldOut } from "../held-out.ts";
import type { Objective } from "../objective.ts";
import { drawScenes, scenesOf } from "../samples.ts";
import { averagePrecision } from "../scores.ts";
import { type EncoderSettings, towerOf } from "../settings.ts";
import { unitLength } from "../sigmoid.ts";
import { towerModel } from "../tower.ts";

/** About the log-odds that a kind is in a scene, so that learning does not begin with the prior. */
const prior = -3;

export function supervised(settings: EncoderSettings): Objective {
  const { batch, seed, size } = settings;
  const tower = towerOf(settings);
  return {
    loss({ weights }) {
      const images = weights.graph.input("images", [batch, 3, size, size]);
      const shown = weights.graph.input("shown", [batch, kinds.length]);
      const { pooled } = tower.see(weights, images);
      // −log σ(± logit), summed over kinds as the contrasts sum over texts.
      const wrong = softplus(mul(mul(shown, kindLogits(weights, pooled)), -1));
      return { loss: mul(reduceSum(wrong), 1 / batch), embedding: unitLength(pooled) };
    },
    async batch(step) {
      const { scenes, images } = await drawScenes(scenesOf(seed, step * batch, batch), size);
      return { images, shown: kindsShown(scenes) };
    },
    tower: (variables, count) => towerModel(tower, variables, count),
    async judge(variables, heldOut) {
      const graph = new GraphBuilder();
      const weights = storedWeights(graph, variables);
      const images = graph.input("images", [heldOut.batch, 3, size, size]);
      graph.output("logits", kindLogits(weights, tower.see(weights, images).pooled));
      const logits: Float32Array[] = [];
      const shown: Float32Array[] = [];
      await overHeldOut(
        graph.model("kinds"),
        size,
        heldOut,
        () => ({}),
        (outputs, scenes) => {
          logits.push(outputs.logits);
          shown.push(kindsShown(scenes).data as Float32Array);
        },
      );
      return meanOverKinds(stacked(logits), stacked(shown));
    },
  };
}

function kindLogits(weights: Weights, pooled: Value): Value {
  return add(linear(weights, "kinds", pooled, kinds.length), weights.scalar("kinds.prior", prior));
}

/** [b, kinds]: 1 for each kind that a scene shows, −1 for all others. */
export function kindsShown(scenes: readonly Scene[]) {
  const rows = scenes.flatMap(({ objects }) => {
    const shown = new Set(objects.map((object) => object.kind));
    return kinds.map((kind) => (shown.has(kind.name) ? 1 : -1));
  });
  return float32(Float32Array.from(rows), [scenes.length, kinds.length]);
}

/** Kinds that no held-out scene shows are left out. */
function meanOverKinds(logits: Float32Array, shown: Float32Array) {
  const column = (rows: Float32Array, kind: number) =>
    Float32Array.from({ length: rows.length / kinds.length }, (_, i) => rows[i * kinds.length + kind]);
  const each = kinds.flatMap((_, kind) => {
    const positive = column(shown, kind).map((mark) => (mark > 0 ? 1 : 0));
    const share = positive.reduce((sum, one) => sum + one, 0) / positive.length;
    return share > 0 ? [{ precision: averagePrecision(column(logits, kind), positive), share }] : [];
  });
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    measure: "mean average precision of kinds shown, %",
    value: 100 * mean(each.map(({ precision }) => precision)),
    // In random order, precision is the share of positives at every rank.
    baseline: { name: "chance", value: 100 * mean(each.map(({ share }) => share)) },
  };
}
