/** What an encoder's training is told, whatever its objective. */

import type { VisionShape } from "./vision.ts";

export interface EncoderSettings {
  readonly size: number;
  readonly patch: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Dimensions of the joint space of pictures and captions, for objectives that have one. */
  readonly embedding: number;
  readonly samples: number;
  readonly batch: number;
  readonly rate: number;
  readonly weightDecay: number;
  readonly seed: number;
}

export function visionShape({ size, patch, width, depth, heads }: EncoderSettings): VisionShape {
  return { size, patch, width, depth, heads, expansion: 4 };
}

export function stepsOf({ samples, batch }: EncoderSettings): number {
  return Math.ceil(samples / batch);
}
