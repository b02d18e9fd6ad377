/** A ConvNeXt (Liu et al. 2022, A ConvNet for the 2020s, section 2 and figure 4). */

import { add, conv, gelu, mul, reshape, sizeOf, transpose, type Value } from "@optogram/onnx";
import { linear, norm } from "./transformer.ts";
import type { Weights } from "./weights.ts";

export interface ConvNeXtShape {
  /** Side of the stem's patches in pixels: how much smaller the first stage's map is than the picture. */
  readonly stem: number;
  /** Channels of each stage; from one to the next the map's sides are halved. */
  readonly widths: readonly number[];
  /** Blocks of each stage. */
  readonly depths: readonly number[];
}

const kernel = 7;
const expansion = 4;
/** Layers so few start well with a larger scale than the paper's 10⁻⁶ (Touvron et al. 2021, CaiT, section 2). */
const layerScale = 0.1;

/**
 * images [b, 3, h, w] → the map after each stage, [b, widths[i], h / (stem · 2ⁱ), w / (stem · 2ⁱ)], without the final
 * norm. Sizes must divide.
 */
export function convNeXt(w: Weights, name: string, images: Value, shape: ConvNeXtShape): Value[] {
  const outputs: Value[] = [];
  let map = images;
  for (const [stage, width] of shape.widths.entries()) {
    const reduction = `${name}.reductions.${stage}`;
    map =
      stage === 0
        ? channelNorm(w, `${reduction}.norm`, patches(w, reduction, map, width, shape.stem))
        : patches(w, reduction, channelNorm(w, `${reduction}.norm`, map), width, 2);
    for (let i = 0; i < shape.depths[stage]; i++) map = block(w, `${name}.stages.${stage}.${i}`, map);
    outputs.push(map);
  }
  return outputs;
}

/** x + γ · fc2(GELU(fc1(norm(depthwise convolution of x)))), with x [b, c, h, w]. */
function block(w: Weights, name: string, x: Value): Value {
  const [, width, ...sides] = x.shape;
  const mixed = conv(
    x,
    w.kernel(`${name}.depthwise.weight`, [width, 1, kernel, kernel], kernel ** 2),
    w.vector(`${name}.depthwise.bias`, width, 0),
    { padding: (kernel - 1) / 2, groups: width },
  );
  const normed = norm(w, `${name}.norm`, channelsLast(mixed));
  const hidden = gelu(linear(w, `${name}.fc1`, normed, expansion * width));
  const change = mul(linear(w, `${name}.fc2`, hidden, width), w.vector(`${name}.scale`, width, layerScale));
  return add(x, channelsFirst(change, sides));
}

/** Patches of side × side pixels that do not overlap, as a map of `width` channels. */
function patches(w: Weights, name: string, x: Value, width: number, side: number): Value {
  const [, channels] = x.shape;
  const weight = w.kernel(`${name}.weight`, [width, channels, side, side], channels * side ** 2);
  return conv(x, weight, w.vector(`${name}.bias`, width, 0), { stride: side });
}

/** Each place's channels to mean 0 and variance 1, then scaled and shifted. */
function channelNorm(w: Weights, name: string, x: Value): Value {
  return channelsFirst(norm(w, name, channelsLast(x)), x.shape.slice(2));
}

/** A map [b, c, h, w] as tokens [b, h · w, c], row by row. */
export function channelsLast(map: Value): Value {
  const [b, c, ...sides] = map.shape;
  return transpose(reshape(map, [b, c, sizeOf(sides)]), [0, 2, 1]);
}

/** Tokens [b, h · w, c] as a map [b, c, h, w]; `sides` is [h, w]. */
export function channelsFirst(tokens: Value, sides: readonly number[]): Value {
  const [b, , c] = tokens.shape;
  return reshape(transpose(tokens, [0, 2, 1]), [b, c, ...sides]);
}
