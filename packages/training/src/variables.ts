/** What a training step carries from one run to the next: trained parameters and other state. */

import { type GraphBuilder, sameShape, type Tensor, type Value } from "@optogram/onnx";

export interface Variable {
  readonly name: string;
  /** The input that holds it at the start of a step. */
  readonly value: Value;
  readonly initial: Tensor;
  /** Whether the optimiser changes it; other variables are assigned. */
  readonly trained: boolean;
  /** Whether weight decay applies; usual for matrices only. */
  readonly decays: boolean;
}

export interface ParameterOptions {
  /** Default: tensors of two axes and more decay, biases and scales do not. */
  readonly decays?: boolean;
}

/** The variables of one graph. Names become names of the model's inputs and of tensors in checkpoints. */
export class Variables {
  readonly graph: GraphBuilder;
  readonly #variables = new Map<Value, Variable>();
  readonly #next = new Map<Variable, Value>();

  constructor(graph: GraphBuilder) {
    this.graph = graph;
  }

  /** A trained tensor. */
  parameter(name: string, initial: Tensor, options: ParameterOptions = {}): Value {
    return this.#add(name, initial, true, options.decays ?? initial.shape.length > 1);
  }

  /** A tensor that is carried along and must be assigned in every step (running statistics, say). */
  state(name: string, initial: Tensor): Value {
    return this.#add(name, initial, false, false);
  }

  /** Says what a variable holds after the step. */
  assign(value: Value, next: Value): void {
    const variable = this.#variables.get(value);
    if (!variable) throw new Error(`${value.name} is no variable of this graph`);
    if (!sameShape(value.shape, next.shape))
      throw new Error(`${value.name} is [${value.shape}] and cannot become [${next.shape}]`);
    this.#next.set(variable, next);
  }

  get all(): readonly Variable[] {
    return [...this.#variables.values()];
  }

  get trained(): readonly Variable[] {
    return this.all.filter((variable) => variable.trained);
  }

  next(variable: Variable): Value {
    const next = this.#next.get(variable);
    if (!next) throw new Error(`nothing is assigned to the variable ${variable.name}`);
    return next;
  }

  #add(name: string, initial: Tensor, trained: boolean, decays: boolean): Value {
    const value = this.graph.input(name, initial.shape, initial.dtype);
    this.#variables.set(value, { name, value, initial, trained, decays });
    return value;
  }
}
