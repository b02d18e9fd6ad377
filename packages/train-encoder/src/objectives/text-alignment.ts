/** Texts aligned to a frozen backbone: head, text tower and temperature learn, by the symmetric softmax contrast. */

import { readEncoder } from "@optogram/encoders";
import { backboneTower } from "../backbone.ts";
import { infonceLoss } from "../infonce.ts";
import { type ContrastiveShape, captionRetrieval, captionText, textExportOf } from "../joint-space.ts";
import type { Objective } from "../objective.ts";
import { drawScenes, scenesOf, textCount } from "../samples.ts";
import type { EncoderSettings } from "../settings.ts";
import { unitLength } from "../sigmoid.ts";
import { towerModel } from "../tower.ts";
import { textContrast, textFeeds, textInputs } from "./contrastive.ts";

const defaultBackbone = "tiny-dino";

/** @throws EncoderError where the backbone is missing, or has no tokens */
export async function textAlignment(settings: EncoderSettings): Promise<Objective> {
  const { batch, seed, size } = settings;
  const backbone = await readEncoder(settings.backbone ?? defaultBackbone);
  // The joint space is as wide as what the head pools, so that pictures need no projection of their own.
  const shapeFor = async (count: number): Promise<ContrastiveShape> => {
    const tower = await backboneTower(backbone, size, count);
    return { tower, text: captionText, embedding: 2 * tower.width };
  };
  const shape = await shapeFor(batch);
  return {
    teacher: { name: backbone.card.name, digest: backbone.digest },
    network: shape.tower,
    loss({ weights }) {
      const images = weights.graph.input("images", [batch, 3, size, size]);
      const texts = textInputs(weights.graph, shape.text, { batch, texts: textCount(batch) });
      const embedding = unitLength(shape.tower.see(weights, images).pooled);
      return { loss: textContrast(weights, infonceLoss, embedding, texts, shape), embedding };
    },
    async batch(step) {
      const { scenes, images } = await drawScenes(scenesOf(seed, step * batch, batch), size);
      return { images, ...textFeeds(scenes, shape.text) };
    },
    tower: async (variables, count) => towerModel((await shapeFor(count)).tower, variables, count),
    text: (variables, count) => textExportOf(shape, variables, count),
    judge: async (variables, heldOut) =>
      captionRetrieval(await shapeFor(heldOut.batch), variables, heldOut, (_, pooled) => unitLength(pooled)),
  };
}
