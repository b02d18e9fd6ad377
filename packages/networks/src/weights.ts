/** Where a network's weights come from: variables while it trains, stored tensors once it is trained. */

import { add, type GraphBuilder, mul, sub, type Tensor, type Value } from "@optogram/onnx";
import { fanInNormal, filledWith, type Normal, normal, type Variables } from "@optogram/training";

export interface Weights {
  readonly graph: GraphBuilder;
  /** A matrix [inputs, outputs] for a product. */
  matrix(name: string, inputs: number, outputs: number, gain?: number): Value;
  /** For a convolution whose every output is a sum of `fanIn` products. */
  kernel(name: string, shape: readonly number[], fanIn: number): Value;
  /** A tensor of small random numbers (tokens, position embeddings), deviation 0.02. */
  table(name: string, shape: readonly number[]): Value;
  vector(name: string, size: number, value: number): Value;
  scalar(name: string, value: number): Value;
}

/** Fresh weights that the training step will change. */
export function trainedWeights(variables: Variables, random: Normal): Weights {
  const parameter = (name: string, tensor: Tensor, decays?: boolean) =>
    variables.parameter(name, tensor, decays === undefined ? {} : { decays });
  return {
    graph: variables.graph,
    matrix: (name, inputs, outputs, gain = 1) => {
      const tensor = fanInNormal(random, [inputs, outputs]);
      for (let i = 0; i < tensor.data.length; i++) (tensor.data as Float32Array)[i] *= gain;
      return parameter(name, tensor);
    },
    kernel: (name, shape, fanIn) => parameter(name, normal(random, shape, fanIn ** -0.5)),
    table: (name, shape) => parameter(name, normal(random, shape, 0.02), false),
    vector: (name, size, value) => parameter(name, filledWith(value, [size])),
    scalar: (name, value) => parameter(name, filledWith(value, [])),
  };
}

/** The weights of a trained network. */
export function storedWeights(graph: GraphBuilder, tensors: Readonly<Record<string, Tensor>>): Weights {
  const find = (name: string) => {
    const tensor = tensors[name];
    if (!tensor) throw new Error(`the weights lack ${name}`);
    return graph.initializer(name, tensor);
  };
  return { graph, matrix: find, kernel: find, table: find, vector: find, scalar: find };
}

/** Weights that a network may ask for again: applied to several inputs, it is one network. */
export function sharedWeights(weights: Weights): Weights {
  return mapped(weights, (_, first) => first());
}

/**
 * A teacher: of each of a student's weights the exponential moving average, a variable `teacher.NAME` that begins where
 * the student does and becomes momentum · teacher + (1 − momentum) · student, the student as it is before the step.
 * The student's weights must be shared ones; `momentum` is a scalar.
 */
export function averagedWeights(variables: Variables, student: Weights, momentum: Value): Weights {
  return mapped(student, (name, first) => {
    const value = first();
    const learnt = variables.all.find((variable) => variable.value === value);
    if (!learnt) throw new Error(`${name} is no variable, so it has no average`);
    const teacher = variables.state(`teacher.${name}`, learnt.initial);
    variables.assign(teacher, add(mul(teacher, momentum), mul(value, sub(1, momentum))));
    return teacher;
  });
}

/** Weights that `make` derives from others, each made when it is first asked for. */
function mapped(weights: Weights, make: (name: string, value: () => Value) => Value): Weights {
  const known = new Map<string, Value>();
  const once = (name: string, value: () => Value) => {
    const made = known.get(name) ?? make(name, value);
    known.set(name, made);
    return made;
  };
  return {
    graph: weights.graph,
    matrix: (name, ...shape) => once(name, () => weights.matrix(name, ...shape)),
    kernel: (name, ...shape) => once(name, () => weights.kernel(name, ...shape)),
    table: (name, shape) => once(name, () => weights.table(name, shape)),
    vector: (name, size, value) => once(name, () => weights.vector(name, size, value)),
    scalar: (name, value) => once(name, () => weights.scalar(name, value)),
  };
}
