/** Self-distillation: crops of a scene are to look alike to a teacher, and hidden patches as if they were seen. */

import { averagedWeights, storedWeights } from "@optogram/networks";
import {
  add,
  flip,
  float32,
  GraphBuilder,
  mul,
  reduceMean,
  reshape,
  split,
  type Value,
} from "@optogram/onnx";
import { seededRandom, stacked } from "@optogram/statistics";
import { largeCrops, smallCrops } from "../crops.ts";
import {
  balanced,
  distance,
  partsLike,
  patchesLike,
  prototypeCosines,
  teacherMomentum,
  teacherOf,
} from "../distillation.ts";
import { type HeldOut, overHeldOut } from "../held-out.ts";
import { hiddenPatches } from "../masks.ts";
import type { Objective, OwnScore, Tensors } from "../objective.ts";
import { drawScenes, scenesOf } from "../samples.ts";
import { retrieval } from "../scores.ts";
import { type EncoderSettings, stepsOf, visionShape } from "../settings.ts";
import { unitLength } from "../sigmoid.ts";
import { towerModel } from "../tower.ts";
import { transformerTower, type VisionShape, visionTower } from "../vision.ts";

/** Small crops of a scene, beside two large ones. */
const parts = 4;

export function selfDistillation(settings: EncoderSettings): Objective {
  const { batch, seed, size, patch } = settings;
  const shape = visionShape(settings);
  const side = size / patch;
  const large = largeCrops(batch, size);
  const small = smallCrops(batch, parts, size, patch);
  return {
    loss({ variables, weights }) {
      const { graph } = weights;
      const images = graph.input("images", [batch, 3, size, size]);
      const hidden = graph.input("hidden", [2 * batch, side ** 2, 1]);
      const teacher = averagedWeights(variables, weights, graph.input("momentum", []));
      const crops = large.cut(images);
      const seen = visionTower(weights, crops, shape, { hidden });
      const looked = visionTower(weights, small.cut(images), shape);
      const known = visionTower(teacher, crops, shape);
      const views = (w: typeof weights, pooled: Value) => prototypeCosines(w, "views", pooled);
      const shares = reshape(balanced(views(teacher, known.pooled)), [batch, 2, -1]);
      // Each large crop is told what the teacher says of the other, each small one what it says of both.
      const alike = reduceMean(
        distance(flip(shares, [1]), reshape(views(weights, seen.pooled), [batch, 2, -1])),
      );
      const partly = partsLike(shares, views(weights, looked.pooled), parts);
      const all = mul(add(alike, mul(partly, parts)), 1 / (1 + parts));
      return {
        loss: add(all, patchesLike(teacher, known.tokens, weights, seen.tokens, hidden)),
        embedding: unitLength(known.pooled),
      };
    },
    async batch(step) {
      const { images } = await drawScenes(scenesOf(seed, step * batch, batch), size);
      const random = seededRandom(seed, step + 1);
      return {
        images,
        ...large.feeds(random),
        ...small.feeds(random),
        hidden: hiddenPatches(random, 2 * batch, side),
        momentum: float32([teacherMomentum(step, stepsOf(settings))], []),
      };
    },
    tower: (variables, count) => towerModel(transformerTower(shape), teacherOf(variables), count),
    judge: (variables, heldOut) => otherCrop(shape, teacherOf(variables), heldOut),
  };
}

/** How often the nearest of all held-out scenes, each by one crop, is the scene that a crop was cut from. */
async function otherCrop(shape: VisionShape, weights: Tensors, heldOut: HeldOut): Promise<OwnScore> {
  const { size } = shape;
  const { batch, seed } = heldOut;
  const graph = new GraphBuilder();
  const crops = largeCrops(batch, size);
  const cut = crops.cut(graph.input("images", [batch, 3, size, size]));
  const { pooled } = visionTower(storedWeights(graph, weights), cut, shape);
  const [one, other] = split(reshape(pooled, [batch, 2, shape.width]), [1, 1], 1);
  graph.output("one", one);
  graph.output("other", other);
  const queries: Float32Array[] = [];
  const keys: Float32Array[] = [];
  await overHeldOut(
    graph.model("crops"),
    size,
    heldOut,
    (_, first) => crops.feeds(seededRandom(seed, first)),
    (outputs) => {
      queries.push(outputs.one);
      keys.push(outputs.other);
    },
  );
  const { found, chance } = retrieval(stacked(queries), stacked(keys), shape.width, (i, j) => i === j);
  return {
    measure: `other crop of a scene nearest among ${Math.round(1 / chance)}, %`,
    value: 100 * found,
    baseline: { name: "chance", value: 100 * chance },
  };
}
