/**
 * A classifier whose last layer sees two numbers: 784 → hidden → hidden → 2 → 10. The classes' directions have length
 * 1 and no bias, so that a class is told by the angle alone: logits = position · directionᵀ.
 */

import {
  add,
  cast,
  type Device,
  GraphBuilder,
  greaterOrEqual,
  logSoftmax,
  matmul,
  mul,
  openSession,
  reduceMax,
  reduceMean,
  reduceSum,
  relu,
  type Tensor,
  transpose,
  type Value,
} from "@optogram/onnx";
import type { Random } from "@optogram/statistics";
import { fanInNormal, filledWith, normal } from "@optogram/training";
import { type Batch, classes, pixelsEach } from "./digits.ts";

/** Numbers that every picture must pass through. */
export const bottleneck = 2;
const hidden = [128, 64];

/** The products are so small that threads wait longer than they work: on two busy cores, 300 steps took 21 s with two, 9 with one. */
export const threads = 1;

export const directionsName = "directions";

export type Parameters = Readonly<Record<string, Tensor>>;

/** Random weights; `directions` [10, 2] are random unit vectors. */
export function initialParameters(random: Random): Parameters {
  const widths = [pixelsEach, ...hidden, bottleneck];
  const draw = () => random.normal();
  const parameters: Record<string, Tensor> = {};
  for (let layer = 0; layer + 1 < widths.length; layer++) {
    const shape = [widths[layer], widths[layer + 1]];
    // ReLU halves the variance: He et al. 2015.
    parameters[`W${layer}`] = layer === 0 ? fanInNormal(draw, shape) : fanInNormal(draw, shape, shape[0] / 2);
    parameters[`b${layer}`] = filledWith(0, [widths[layer + 1]]);
  }
  const directions = normal(draw, [classes, bottleneck], 1);
  const values = directions.data as Float32Array;
  for (let c = 0; c < classes; c++) {
    const length = Math.hypot(values[2 * c], values[2 * c + 1]);
    values[2 * c] /= length;
    values[2 * c + 1] /= length;
  }
  return { ...parameters, [directionsName]: directions };
}

export interface Seen {
  /** [n, 2] */
  readonly position: Value;
  /** Mean cross-entropy, a scalar. */
  readonly loss: Value;
  /** Share of the batch whose class has the largest logit, a scalar. */
  readonly accuracy: Value;
}

/** The network on a batch of `x` [n, 784] with `target` [n, 10]. */
export function network(find: (name: string) => Value, x: Value, target: Value): Seen {
  let h = x;
  for (let layer = 0; layer <= hidden.length; layer++) {
    h = add(matmul(h, find(`W${layer}`)), find(`b${layer}`));
    if (layer < hidden.length) h = relu(h);
  }
  const logits = matmul(h, transpose(find(directionsName)));
  const largest = reduceMax(logits, { axes: [1], keep: true });
  const right = mul(target, cast(greaterOrEqual(logits, largest), "float32"));
  return {
    position: h,
    loss: mul(reduceMean(reduceSum(mul(target, logSoftmax(logits)), { axes: [1] })), -1),
    accuracy: reduceMean(reduceSum(right, { axes: [1] })),
  };
}

export interface Look {
  /** [n, 2] */
  readonly position: Float32Array;
  readonly loss: number;
  readonly accuracy: number;
}

/** Opens the network for looking at batches of `n` with whatever parameters. */
export async function openNetwork(
  n: number,
  parameters: Parameters,
  device?: Device,
): Promise<{ look(batch: Batch, parameters: Parameters): Promise<Look>; close(): Promise<void> }> {
  const graph = new GraphBuilder();
  const names = Object.keys(parameters);
  const values = new Map(names.map((name) => [name, graph.input(name, parameters[name].shape)]));
  const seen = network(
    (name) => values.get(name)!,
    graph.input("x", [n, pixelsEach]),
    graph.input("target", [n, classes]),
  );
  for (const [name, value] of Object.entries(seen)) graph.output(name, value);
  const session = await openSession(graph.model("network"), { threads, ...(device && { device }) });
  return {
    async look(batch, parameters) {
      const own = Object.fromEntries(names.map((name) => [name, parameters[name]]));
      const { position, loss, accuracy } = await session.run({ ...batch, ...own });
      return {
        position: Float32Array.from(position.data as Float32Array),
        loss: Number(loss.data[0]),
        accuracy: Number(accuracy.data[0]),
      };
    },
    close: () => session.close(),
  };
}
