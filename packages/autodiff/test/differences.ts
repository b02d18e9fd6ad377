/** Gradients by finite differences, to hold against those of the rules. */

import { gradients } from "@optogram/autodiff";
import {
  add,
  type DataType,
  float32,
  GraphBuilder,
  mul,
  openSession,
  reduceSum,
  type Session,
  sizeOf,
  type Tensor,
  type TypedModel,
  type Value,
} from "@optogram/onnx";

/**
 * `float64`: where ONNX Runtime has the kernels. `exact`: in float32 at numbers where a difference has no rounding,
 * for what is linear between kinks. `float32`: for curved operators without a float64 kernel.
 */
export type Precision = "float64" | "exact" | "float32";

export type Inputs = Readonly<Record<string, Value>>;

export interface Problem {
  readonly precision: Precision;
  /** By name: shape and the numbers to start from. */
  readonly inputs: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>
  >;
  build(x: Inputs, graph: GraphBuilder): Value | readonly Value[];
}

export interface Comparison {
  readonly input: string;
  readonly gradient: readonly number[];
  readonly difference: readonly number[];
}

/** Largest error, relative to the gradient's size where that is above 1. */
export const tolerances: Readonly<Record<Precision, number>> = { float64: 1e-6, exact: 1e-5, float32: 5e-4 };

const dtypeOf = (precision: Precision): DataType => (precision === "float64" ? "float64" : "float32");

/** Numbers in (−1, 1), the same for the same seed (Park & Miller's generator). */
export function spread(count: number, seed: number): number[] {
  let state = (seed * 7919 + 17) % 2147483647;
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  });
}

/** Whole numbers among the few least. */
export function whole(count: number, seed: number): number[] {
  return spread(count, seed).map((x) => Math.round(x * 4));
}

function tensor(dtype: DataType, data: readonly number[], shape: readonly number[]): Tensor {
  return dtype === "float64" ? { dtype, shape, data: Float64Array.from(data) } : float32(data, shape);
}

/** A problem's outputs in a new graph, the tensors that they come from, and a cotangent for each output. */
function assemble(problem: Problem) {
  const dtype = dtypeOf(problem.precision);
  const graph = new GraphBuilder();
  const values = Object.entries(problem.inputs).map(
    ([name, { shape }]) => [name, graph.input(name, shape, dtype)] as const,
  );
  const built = problem.build(Object.fromEntries(values), graph);
  const outputs = Array.isArray(built) ? (built as readonly Value[]) : [built as Value];
  const cotangents = outputs.map((y, i) =>
    (problem.precision === "exact" ? whole : spread)(sizeOf(y.shape), 100 + i),
  );
  return { graph, values, outputs, cotangents, dtype };
}

function gradientModel(problem: Problem): TypedModel {
  const { graph, values, outputs, cotangents, dtype } = assemble(problem);
  const loss = outputs
    .map((y, i) => reduceSum(mul(y, graph.constant(tensor(dtype, cotangents[i], y.shape)))))
    .reduce((a, b) => add(a, b));
  const results = gradients(
    loss,
    values.map(([, value]) => value),
  );
  for (const [i, [name]] of values.entries()) graph.output(`grad.${name}`, results[i]);
  return graph.model();
}

function feedsOf({ inputs, precision }: Problem): Record<string, Tensor> {
  const dtype = dtypeOf(precision);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [name, tensor(dtype, data, shape)]),
  );
}

/** Σ output · cotangent, added up here so that no precision is lost. */
async function evaluate(
  session: Session,
  feeds: Record<string, Tensor>,
  cotangents: readonly (readonly number[])[],
): Promise<number> {
  const results = await session.run(feeds);
  let sum = 0;
  for (const [i, cotangent] of cotangents.entries()) {
    const data = results[`y${i}`].data as Float64Array;
    for (const [j, c] of cotangent.entries()) sum += c * data[j];
  }
  return sum;
}

/** Both gradients for every element of every input. */
export async function compare(problem: Problem): Promise<Comparison[]> {
  const { graph, values, outputs, cotangents, dtype } = assemble(problem);
  for (const [i, output] of outputs.entries()) graph.output(`y${i}`, output);
  const forward = await openSession(graph.model(), { threads: 1 });
  const backward = await openSession(gradientModel(problem), { threads: 1 });
  const feeds = feedsOf(problem);
  const analytic = await backward.run(feeds);
  const along = async (name: string, at: number, step: number) => {
    const { shape, data } = problem.inputs[name];
    const moved = (by: number) => ({ ...feeds, [name]: tensor(dtype, data.with(at, data[at] + by), shape) });
    const high = await evaluate(forward, moved(step), cotangents);
    const low = await evaluate(forward, moved(-step), cotangents);
    return (high - low) / (2 * step);
  };
  const slope = async (name: string, at: number) => {
    if (problem.precision === "float64") return along(name, at, 1e-5);
    if (problem.precision === "exact") return along(name, at, 0.25);
    // Richardson's extrapolation: large steps keep float32's rounding small, their error cancels to fourth order.
    return (4 * (await along(name, at, 0.04)) - (await along(name, at, 0.08))) / 3;
  };
  const comparisons: Comparison[] = [];
  for (const [name, value] of values) {
    const difference: number[] = [];
    for (let at = 0; at < sizeOf(value.shape); at++) difference.push(await slope(name, at));
    const gradient = Array.from(analytic[`grad.${name}`].data as Float64Array);
    comparisons.push({ input: name, gradient, difference });
  }
  await forward.close();
  await backward.close();
  return comparisons;
}

/**
 * The gradients of Σ output, which come to the rule as one number, beside those for a cotangent of ones, which comes
 * in full.
 */
export async function compareSum(problem: Problem): Promise<Comparison[]> {
  const { graph, values, outputs, dtype } = assemble(problem);
  const wrt = values.map(([, value]) => value);
  const total = (terms: readonly Value[]) => terms.map((y) => reduceSum(y)).reduce((a, b) => add(a, b));
  const ones = outputs.map((y) => {
    const data = Array<number>(sizeOf(y.shape)).fill(1);
    return mul(y, graph.constant(tensor(dtype, data, y.shape)));
  });
  const small = gradients(total(outputs), wrt);
  const full = gradients(total(ones), wrt);
  for (const [i, [name]] of values.entries()) {
    graph.output(`small.${name}`, small[i]);
    graph.output(`full.${name}`, full[i]);
  }
  const session = await openSession(graph.model(), { threads: 1 });
  const results = await session.run(feedsOf(problem));
  await session.close();
  const numbers = (name: string) => Array.from(results[name].data as Float64Array);
  return values.map(([name]) => ({
    input: name,
    gradient: numbers(`small.${name}`),
    difference: numbers(`full.${name}`),
  }));
}

/** The largest error among all inputs, as `tolerances` counts it. */
export function largestError(comparisons: readonly Comparison[]): number {
  let largest = 0;
  for (const { gradient, difference } of comparisons) {
    if (gradient.length !== difference.length) return Number.POSITIVE_INFINITY;
    for (const [i, d] of difference.entries()) {
      const error = Math.abs(gradient[i] - d) / Math.max(1, Math.abs(d));
      if (!(error <= largest)) largest = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
    }
  }
  return largest;
}
