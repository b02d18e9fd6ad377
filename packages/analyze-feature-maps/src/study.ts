/** What the four passes over the images share. */

import { UserError } from "@optogram/cli";
import type { Device } from "@optogram/onnx";
import { gridOf } from "@optogram/reconstruction";
import { seededRandom } from "@optogram/statistics";
import type { LayerChoice } from "./layers.ts";
import { type Look, type Looking, looks } from "./look.ts";
import type { Grid } from "./truth.ts";

export interface LayerShape extends LayerChoice {
  readonly grid: Grid;
  readonly width: number;
  /** Channels looked at one by one, drawn at random. */
  readonly channels: readonly number[];
}

export interface Study extends Looking {
  readonly layers: readonly LayerShape[];
  readonly seed: number;
  /** Where products are summed. */
  readonly device: Device;
}

export interface Phase {
  advance(by?: number, note?: string): void;
  done(note?: string): void;
}

export type Phases = (name: string, total: number) => Phase;

/** Single channels a layer. */
const singles = 5;

/** The layers with what one run says of them. @throws EncoderError where tokens fill no grid */
export async function shapesOf(
  { encoder, layers }: Pick<Looking, "encoder" | "layers">,
  seed: number,
): Promise<LayerShape[]> {
  const found = await encoder.encode(new Float32Array(), 0);
  return layers.map((layer, i) => {
    const [, count, width] = found[layer.output].shape;
    const drawn = seededRandom(seed, i).sample(width, Math.min(singles, width));
    return {
      ...layer,
      ...{ grid: gridOf(encoder.card, layer.output, count), width },
      channels: Array.from(drawn).sort((a, b) => a - b),
    };
  });
}

/** One pass over images: `visit` sees each. */
export async function eachLook(
  study: Looking,
  phase: Phase,
  visit: (look: Look) => Promise<void> | void,
): Promise<number> {
  let seen = 0;
  for await (const look of looks(study)) {
    await visit(look);
    seen++;
    phase.advance();
  }
  return seen;
}

/** @throws UserError where a token is not finite */
export function checkFinite({ tokens, position }: Look, { source, layers }: Study): void {
  for (const [i, values] of tokens.entries())
    for (const value of values)
      if (!Number.isFinite(value))
        throw new UserError(`layer ${layers[i].name} of ${source.id(position)} holds ${value}`, {
          advice: "the model does not take this image; leave the image or the layer out",
        });
}
