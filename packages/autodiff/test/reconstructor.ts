/** The reconstructor of arXiv 2506.07803 at toy size: tokens to a picture. */

import {
  add,
  batchNormalizationByBatch,
  concat,
  conv,
  convTranspose,
  expand,
  layerNormalization,
  matmul,
  mul,
  quickGelu,
  reduceMean,
  reshape,
  slice,
  softmax,
  split,
  square,
  sub,
  transpose,
  type Value,
} from "@optogram/onnx";
import type { Network } from "./goldens.ts";

type Weights = Readonly<Record<string, Value>>;

const heads = 2;
const residualBlocks = [1, 1, 1, 3];

const linear = (x: Value, w: Weights, name: string) =>
  add(matmul(x, transpose(w[`${name}.weight`])), w[`${name}.bias`]);

const normalized = (x: Value, w: Weights, name: string) =>
  layerNormalization(x, w[`${name}.weight`], w[`${name}.bias`]);

function attention(x: Value, w: Weights, name: string): Value {
  const [n, tokens, width] = x.shape;
  const size = width / heads;
  const [q, k, v] = split(linear(x, w, `${name}.qkv`), [width, width, width], 2).map((part) =>
    transpose(reshape(part, [n, tokens, heads, size]), [0, 2, 1, 3]),
  );
  const weights = softmax(mul(matmul(q, transpose(k, [0, 1, 3, 2])), 1 / Math.sqrt(size)));
  const mixed = transpose(matmul(weights, v), [0, 2, 1, 3]);
  return linear(reshape(mixed, [n, tokens, width]), w, `${name}.proj`);
}

function block(x: Value, w: Weights, name: string): Value {
  const seen = add(x, attention(normalized(x, w, `${name}.ln1`), w, name));
  const hidden = quickGelu(linear(normalized(seen, w, `${name}.ln2`), w, `${name}.fc1`));
  return add(seen, linear(hidden, w, `${name}.fc2`));
}

/** The loss and the running statistics of a step; `w` has the weights, `features` and `targets`. */
export function reconstructor(w: Weights): Network {
  const assigned: Record<string, Value> = {};
  const batchNorm = (x: Value, name: string): Value => {
    const { y, mean, variance } = batchNormalizationByBatch(x, w[`${name}.weight`], w[`${name}.bias`]);
    const count = (x.shape[0] * x.shape[2] * x.shape[3]) as number;
    // PyTorch keeps the unbiased variance.
    const running = (old: Value, now: Value, scale: number) => add(mul(old, 0.9), mul(now, 0.1 * scale));
    assigned[`${name}.running_mean`] = running(w[`${name}.running_mean`], mean, 1);
    assigned[`${name}.running_var`] = running(w[`${name}.running_var`], variance, count / (count - 1));
    return y;
  };
  const conv3 = (x: Value, name: string) => conv(x, w[`${name}.weight`], w[`${name}.bias`], { padding: 1 });
  const residual = (x: Value, name: string): Value => {
    const hidden = quickGelu(batchNorm(conv3(x, `${name}.c1`), `${name}.b1`));
    return quickGelu(add(x, batchNorm(conv3(hidden, `${name}.c2`), `${name}.b2`)));
  };

  const [n, tokens, width] = w.features.shape;
  const side = Math.sqrt(tokens);
  let x = concat([expand(w.token, [n, 1, width]), w.features], 1);
  x = normalized(x, w, "ln");
  for (let i = 0; i < 4; i++) x = block(x, w, `blocks.${i}`);
  x = slice(x, 1, 1, tokens + 1);
  x = reshape(transpose(x, [0, 2, 1]), [n, width, side, side]);
  for (const [i, count] of residualBlocks.entries()) {
    x = convTranspose(x, w[`up.${i}.weight`], w[`up.${i}.bias`], { stride: 2, padding: 1 });
    for (let j = 0; j < count; j++) x = residual(x, `res.${i}.${j}`);
  }
  const picture = conv3(x, "out");
  return { loss: reduceMean(square(sub(picture, w.targets))), assigned };
}
