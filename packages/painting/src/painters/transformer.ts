/** An untrained transformer that paints: a deep image prior (Ulyanov et al. 2018) whose parts can all see each other. */

import {
  add,
  float32,
  type GraphBuilder,
  gelu,
  layerNormalization,
  matmul,
  mul,
  reshape,
  sigmoid,
  slice,
  softmax,
  split,
  squeeze,
  type Tensor,
  transpose,
  type Value,
} from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import { filledWith, normal, type Variables } from "@optogram/training";
import { type Colours, coloured, typicalColours } from "./colours.ts";
import type { Painter, PaintOptions } from "./painter.ts";
import { cosineWaves, naturalAmplitudes, pixelsOf } from "./waves.ts";

export interface TransformerOptions {
  /** Cells along a side of the picture; a token stands at each of their corners. */
  readonly grid?: number;
  readonly width?: number;
  readonly depth?: number;
  readonly heads?: number;
  /** Of the noise in the tokens, which all pictures start from. */
  readonly seed?: number;
  readonly colours?: Colours;
}

/** Octaves of sines and cosines that tell a token its place, and numbers of noise beside them. */
const octaves = 4;
const noiseWidth = 16;

/** Of the weights that paint: pictures begin nearly grey. */
const faint = 0.3;

/**
 * Fixed tokens (place and noise) → pre-norm blocks → patches → picture. Each picture has weights of its own:
 * products [count, n, d] · [count, d, e].
 *
 * Patches would show their borders, and weights a pixel would paint noise. So a token paints a patch of two by two
 * cells around its corner, as cosine waves scaled by 1 / frequency, that fades to its borders: every pixel is a mixture
 * of four tokens' patches, with bilinear weights that sum to 1.
 */
export function transformerPainter(options: TransformerOptions = {}): Painter {
  const { grid = 8, width = 64, depth = 4, heads = 4, seed = 0, colours = typicalColours } = options;
  return {
    name: "transformer",
    rate: 0.005,
    paint(variables, paint) {
      const { count, size } = paint;
      const cell = Math.ceil(size / grid);
      const cells = Math.ceil(size / cell);
      const network: Network = { ...paint, variables, width, heads, gain: (2 * depth) ** -0.5 };
      let tokens = linear(network, "tokens", fixedTokens(variables.graph, cells + 1, seed), width);
      for (let i = 0; i < depth; i++) tokens = block(network, `blocks.${i}`, tokens);
      const waves = linear(network, "head", normalized(tokens), 3 * (2 * cell) ** 2, faint);
      const channels = blended(patches(waves, cells + 1, 2 * cell), cells, cell);
      const cut = slice(slice(channels, 2, 0, size), 3, 0, size);
      return sigmoid(coloured(reshape(cut, [count, 3, size, size]), colours));
    },
  };
}

interface Network extends PaintOptions {
  readonly variables: Variables;
  readonly width: number;
  readonly heads: number;
  /** Of the weights that write to the residual stream. */
  readonly gain: number;
}

/** [1, corners², features]: sines and cosines of each corner's place at rising frequencies, then noise. */
function fixedTokens(graph: GraphBuilder, corners: number, seed: number): Value {
  const random = seededRandom(seed);
  const rows: number[] = [];
  for (let i = 0; i < corners; i++)
    for (let j = 0; j < corners; j++) {
      for (const place of [i, j])
        for (let octave = 0; octave < octaves; octave++) {
          const angle = (Math.PI * 2 ** octave * place) / (corners - 1);
          rows.push(Math.sin(angle), Math.cos(angle));
        }
      for (let k = 0; k < noiseWidth; k++) rows.push(random.normal());
    }
  return graph.constant(float32(rows, [1, corners ** 2, 4 * octaves + noiseWidth]));
}

/** x [count or 1, n, inputs] → [count, n, outputs]. */
function linear(
  { variables, count, random }: Network,
  name: string,
  x: Value,
  outputs: number,
  gain = 1,
): Value {
  const inputs = x.shape[x.shape.length - 1];
  const weight = normal(random, [count, inputs, outputs], gain / Math.sqrt(inputs));
  return add(
    matmul(x, variables.parameter(`${name}.weight`, weight)),
    variables.parameter(`${name}.bias`, filledWith(0, [count, 1, outputs])),
  );
}

/** Without scale and bias: what follows is linear and has its own. */
function normalized(x: Value): Value {
  const width = x.shape[x.shape.length - 1];
  return layerNormalization(x, x.graph.constant(filledWith(1, [width])));
}

function block(network: Network, name: string, x: Value): Value {
  const { width, gain } = network;
  const attended = add(x, attention(network, `${name}.attention`, normalized(x)));
  const hidden = gelu(linear(network, `${name}.fc1`, normalized(attended), 4 * width));
  return add(attended, linear(network, `${name}.fc2`, hidden, width, gain));
}

/** Self-attention over x [count, n, width]. */
function attention(network: Network, name: string, x: Value): Value {
  const { heads, width, gain } = network;
  const [count, n] = x.shape;
  const size = width / heads;
  const parts = reshape(linear(network, `${name}.qkv`, x, 3 * width), [count, n, 3, heads, size]);
  const [q, k, v] = split(transpose(parts, [2, 0, 3, 1, 4]), [1, 1, 1], 0).map((part) => squeeze(part, [0]));
  const weights = softmax(matmul(mul(q, size ** -0.5), transpose(k, [0, 1, 3, 2])));
  const mixed = reshape(transpose(matmul(weights, v), [0, 2, 1, 3]), [count, n, width]);
  return linear(network, `${name}.proj`, mixed, width, gain);
}

/** Coefficients [count, corners², 3 · side²] as patches [count, corners, corners, 3, side, side] that fade outwards. */
function patches(coefficients: Value, corners: number, side: number): Value {
  const { graph, shape } = coefficients;
  const waves = cosineWaves(side);
  const amplitudes = graph.constant(float32(naturalAmplitudes(waves), [side, side]));
  const each = reshape(coefficients, [shape[0], corners, corners, 3, side, side]);
  return mul(pixelsOf(mul(each, amplitudes), waves), graph.constant(tent(side)));
}

/** [side, side]: the product of two triangles that reach 0 half a pixel outside the patch. */
function tent(side: number): Tensor {
  const half = side / 2;
  const slope = Array.from({ length: side }, (_, i) => 1 - Math.abs(i + 0.5 - half) / half);
  return float32(
    slope.flatMap((a) => slope.map((b) => a * b)),
    [side, side],
  );
}

/** Patches of two by two cells around every corner → [count, 3, cells · cell, cells · cell]: the sum in each cell. */
function blended(patch: Value, cells: number, cell: number): Value {
  const [count] = patch.shape;
  const halves = reshape(patch, [count, cells + 1, cells + 1, 3, 2, cell, 2, cell]);
  const rows = met(halves, 1, 4, cells);
  const whole = met(rows, 2, 6, cells);
  const picture = transpose(reshape(whole, [count, cells, cells, 3, cell, cell]), [0, 3, 1, 4, 2, 5]);
  return reshape(picture, [count, 3, cells * cell, cells * cell]);
}

/** In the cell between two neighbours along `corner`: the second half (along `half`) of one plus the first of the next. */
function met(x: Value, corner: number, half: number, cells: number): Value {
  const before = slice(slice(x, corner, 0, cells), half, 1, 2);
  const after = slice(slice(x, corner, 1, cells + 1), half, 0, 1);
  return add(before, after);
}
