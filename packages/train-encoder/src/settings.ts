/** What an encoder's training is told, whatever its objective. */

import { convNetLike, convNetTower } from "./convnet.ts";
import type { Tower } from "./tower.ts";
import { transformerTower, type VisionShape } from "./vision.ts";

export const networks = ["vit", "convnext"] as const;

export interface EncoderSettings {
  readonly network: (typeof networks)[number];
  readonly size: number;
  /** Of a ConvNet the stride of the last map. */
  readonly patch: number;
  readonly width: number;
  /** Of a ConvNet: as many weights as a transformer of that depth. */
  readonly depth: number;
  /** Of a transformer. */
  readonly heads: number;
  /** Dimensions of the joint space of pictures and captions, for objectives that have one. */
  readonly embedding: number;
  readonly samples: number;
  readonly batch: number;
  readonly rate: number;
  readonly weightDecay: number;
  readonly seed: number;
  /** The encoder that a student learns from, for objectives that have one: a folder in `models/`, or a path. */
  readonly teacher?: string | undefined;
  /** The frozen encoder that texts are aligned to, for objectives that have one: likewise. */
  readonly backbone?: string | undefined;
}

export function visionShape({ size, patch, width, depth, heads }: EncoderSettings): VisionShape {
  return { size, patch, width, depth, heads, expansion: 4 };
}

export function towerOf(settings: EncoderSettings): Tower {
  return settings.network === "vit"
    ? transformerTower(visionShape(settings))
    : convNetTower(convNetLike(settings));
}

export function stepsOf({ samples, batch }: EncoderSettings): number {
  return Math.ceil(samples / batch);
}
