/**
 * Sigmoid contrast, captioning, self-distillation and masked prediction together, in equal parts (Tschannen et al. 2025,
 * SigLIP 2): the teacher sees the whole picture, the student small crops of it, and it with patches hidden.
 */

import { averagedWeights } from "@optogram/networks";
import { add, float32, slice, unsqueeze, type Value } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import { captionLoss } from "../captioning.ts";
import { smallCrops } from "../crops.ts";
import { balanced, partsLike, patchesLike, prototypeCosines, teacherMomentum } from "../distillation.ts";
import {
  captionRetrieval,
  contrastiveShape,
  imageEmbedding,
  imageTowerModel,
  textExportOf,
} from "../joint-space.ts";
import { hiddenPatches } from "../masks.ts";
import type { Objective } from "../objective.ts";
import { drawScenes, scenesOf, textCount } from "../samples.ts";
import { type EncoderSettings, stepsOf, visionShape } from "../settings.ts";
import { sigmoidLoss } from "../sigmoid.ts";
import { visionTower } from "../vision.ts";
import { textContrast, textFeeds, textInputs } from "./contrastive.ts";

/** Small crops of a scene. */
const parts = 2;

export function mixed(settings: EncoderSettings): Objective {
  const { batch, seed, size, patch } = settings;
  const shape = contrastiveShape(settings);
  const vision = visionShape(settings);
  const side = size / patch;
  const small = smallCrops(batch, parts, size, patch);
  return {
    loss({ variables, weights }) {
      const { graph } = weights;
      const images = graph.input("images", [batch, 3, size, size]);
      const texts = textInputs(graph, shape.text, { batch, texts: textCount(batch) });
      const hidden = graph.input("hidden", [batch, side ** 2, 1]);
      const seen = visionTower(weights, images, vision);
      const embedding = imageEmbedding(weights, seen.pooled, shape);
      const contrast = textContrast(weights, sigmoidLoss, embedding, texts, shape);
      // The scenes' own captions are the first texts.
      const own = (x: Value) => slice(x, 0, 0, batch);
      const caption = captionLoss(weights, seen.tokens, own(texts.tokens), own(texts.present), shape.text);
      const teacher = averagedWeights(variables, weights, graph.input("momentum", []));
      const known = visionTower(teacher, images, vision);
      const looked = visionTower(weights, small.cut(images), vision);
      const half = visionTower(weights, images, vision, { hidden });
      const shares = balanced(prototypeCosines(teacher, "views", known.pooled));
      const alike = partsLike(
        unsqueeze(shares, [1]),
        prototypeCosines(weights, "views", looked.pooled),
        parts,
      );
      const painted = patchesLike(teacher, known.tokens, weights, half.tokens, hidden);
      return { loss: add(add(contrast, caption), add(alike, painted)), embedding };
    },
    async batch(step) {
      const { scenes, images } = await drawScenes(scenesOf(seed, step * batch, batch), size);
      const random = seededRandom(seed, step + 1);
      return {
        images,
        ...textFeeds(scenes, shape.text),
        ...small.feeds(random),
        hidden: hiddenPatches(random, batch, side),
        momentum: float32([teacherMomentum(step, stepsOf(settings))], []),
      };
    },
    tower: (variables, count) => imageTowerModel(shape, variables, count),
    text: (variables, count) => textExportOf(shape, variables, count),
    judge: (variables, heldOut) => captionRetrieval(shape, variables, heldOut),
  };
}
