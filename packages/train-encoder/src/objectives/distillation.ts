/**
 * Distillation: a frozen teacher sees the picture beside the student, whose pooled tokens are to point where the teacher's
 * embedding does, and whose grid of tokens where the teacher's tokens do. In the spirit of DINOv3's ConvNeXts (Siméoni et
 * al. 2025): there as here the whole teacher is frozen and image and patches are both learnt from it; there through its
 * prototypes and crops, here as cosines (as in Ranzinger et al. 2024, AM-RADIO) on whole scenes, none of which comes twice.
 */

import { type EncoderParts, readEncoder } from "@optogram/encoders";
import { linear, storedWeights, type Weights } from "@optogram/networks";
import { add, GraphBuilder, mul, reduceMean, reduceSum, sub, type Value } from "@optogram/onnx";
import { stacked } from "@optogram/statistics";
import { type HeldOut, overHeldOut } from "../held-out.ts";
import type { Objective, OwnScore, Tensors } from "../objective.ts";
import { resampled } from "../resampling.ts";
import { drawScenes, scenesOf } from "../samples.ts";
import { retrieval } from "../scores.ts";
import { type EncoderSettings, towerOf } from "../settings.ts";
import { unitLength } from "../sigmoid.ts";
import { openTeacher } from "../teacher.ts";
import { type Tower, towerModel } from "../tower.ts";

const defaultTeacher = "tiny-dino";

/** @throws EncoderError where the teacher is missing, or has no tokens */
export async function distillation(settings: EncoderSettings): Promise<Objective> {
  const { batch, seed, size } = settings;
  const parts = await readEncoder(settings.teacher ?? defaultTeacher);
  const teacher = await openTeacher(parts, batch);
  const tower = towerOf(settings);
  const embed = (w: Weights, pooled: Value) => studentEmbedding(w, pooled, teacher.dimension);
  return {
    teacher: { name: parts.card.name, digest: parts.digest },
    loss({ weights }) {
      const images = weights.graph.input("images", [batch, 3, size, size]);
      const seen = tower.see(weights, images);
      const known = teacher.see(images);
      const embedding = embed(weights, seen.pooled);
      const tokens = resampled(seen.tokens, [tower.side, tower.side], teacher.grid);
      const said = unitLength(linear(weights, "places", tokens, teacher.width));
      const unlike = (a: Value, b: Value) =>
        sub(1, reduceMean(reduceSum(mul(a, unitLength(b)), { axes: [-1] })));
      return { loss: add(unlike(embedding, known.embedding), unlike(said, known.tokens)), embedding };
    },
    async batch(step) {
      const { images } = await drawScenes(scenesOf(seed, step * batch, batch), size);
      return { images };
    },
    tower: (variables, count) => towerModel(tower, variables, count, embed),
    judge: (variables, heldOut) => sameScene(tower, parts, variables, heldOut),
  };
}

/** In the teacher's space: [b, width] → [b, dimension] of unit length. */
function studentEmbedding(w: Weights, pooled: Value, dimension: number): Value {
  return unitLength(linear(w, "vision.head", pooled, dimension));
}

/** How often the nearest of the teacher's embeddings of all held-out scenes is that of the scene which the student sees. */
async function sameScene(
  tower: Tower,
  parts: EncoderParts,
  variables: Tensors,
  heldOut: HeldOut,
): Promise<OwnScore> {
  const teacher = await openTeacher(parts, heldOut.batch);
  const graph = new GraphBuilder();
  const weights = storedWeights(graph, variables);
  const images = graph.input("images", [heldOut.batch, 3, tower.size, tower.size]);
  graph.output("student", studentEmbedding(weights, tower.see(weights, images).pooled, teacher.dimension));
  graph.output("teacher", teacher.see(images).embedding);
  const said: Float32Array[] = [];
  const known: Float32Array[] = [];
  await overHeldOut(
    graph.model("distilled"),
    tower.size,
    heldOut,
    () => ({}),
    (outputs) => {
      said.push(outputs.student);
      known.push(outputs.teacher);
    },
  );
  const { found, chance } = retrieval(stacked(said), stacked(known), teacher.dimension, (i, j) => i === j);
  return {
    measure: `the teacher's embedding of the same scene nearest among ${Math.round(1 / chance)}, %`,
    value: 100 * found,
    baseline: { name: "chance", value: 100 * chance },
  };
}
