/** What a gradient rule is given and what it returns. */

import type { Attribute, TypedNode, Value } from "@optogram/onnx";
import { cast, clip, expand, mul, positiveAxis, reduceSum, reshape, sameShape, slice } from "@optogram/onnx";

/**
 * From a node and the loss's gradient for each of its outputs (absent where the loss does not depend on one) to the
 * gradient for each input; absent where there is none (indices, shapes) or it is zero. A gradient may be smaller than
 * its input where it broadcasts to it.
 * Rules compute every gradient that they can: what nobody reads is left out of the model.
 */
export type Rule = (node: RuleNode) => readonly (Value | undefined)[];

/** A node seen from its gradient rule. */
export class RuleNode {
  readonly node: TypedNode;
  readonly #narrow: readonly (Value | undefined)[];
  readonly #full = new Map<number, Value>();

  constructor(node: TypedNode, gradients: readonly (Value | undefined)[]) {
    this.node = node;
    this.#narrow = gradients;
  }

  /** Input i, which must be there. */
  x(i = 0): Value {
    const value = this.node.inputs[i];
    if (!value) throw this.error(`lacks input ${i}`);
    return value;
  }

  /** Input i where it may be absent. */
  optional(i: number): Value | undefined {
    return this.node.inputs[i];
  }

  /** The first output. */
  get y(): Value {
    const value = this.node.outputs[0];
    if (!value) throw this.error("lacks its first output");
    return value;
  }

  /** The gradient for output i, of its shape; absent where the loss does not depend on it. */
  gradient(i: number): Value | undefined {
    const output = this.node.outputs[i];
    const narrow = this.#narrow[i];
    if (!output || !narrow) return undefined;
    const full = this.#full.get(i) ?? expand(narrow, output.shape);
    this.#full.set(i, full);
    return full;
  }

  /** The gradient for the first output. */
  get dy(): Value {
    return this.gradient(0) ?? this.#missing();
  }

  /** The same for rules that broadcast it anyway: a smaller tensor where all along an axis is equal. */
  get narrow(): Value {
    return this.#narrow[0] ?? this.#missing();
  }

  #missing(): never {
    throw this.error("has a gradient rule for its first output alone");
  }

  integer(name: string, fallback: number): number {
    return this.#attribute(name, "int", fallback);
  }

  float(name: string, fallback: number): number {
    return this.#attribute(name, "float", fallback);
  }

  text(name: string, fallback: string): string {
    return this.#attribute(name, "string", fallback);
  }

  integers(name: string): readonly number[] | undefined {
    return this.#attribute(name, "ints", undefined);
  }

  /** The attribute `axis`, counted from the start, in a tensor of `rank`. */
  axis(fallback: number, rank = this.x().shape.length): number {
    return positiveAxis(this.integer("axis", fallback), rank);
  }

  /** The numbers in input i where it is there and constant. */
  known(i: number): readonly number[] | undefined {
    const input = this.node.inputs[i];
    const tensor = input?.graph.constantOf(input);
    return tensor && Array.from(tensor.data as ArrayLike<number | bigint>, Number);
  }

  /** The numbers in a constant input (axes, sizes); `undefined` where the input is absent. */
  constant(i: number): readonly number[] | undefined {
    const numbers = this.known(i);
    if (!numbers && this.node.inputs[i]) throw this.error(`needs a constant input ${i} for a gradient`);
    return numbers;
  }

  error(what: string): Error {
    return new Error(`${this.node.op} (node ${this.node.name}) ${what}`);
  }

  /** There is a rule for the operator, but not for what this node asks of it. */
  unsupported(what: string): Error {
    return new Error(`no gradient rule for ${this.node.op} with ${what} (node ${this.node.name})`);
  }

  #attribute<T>(name: string, type: Attribute["type"], fallback: T): T {
    const attribute = this.node.attributes[name];
    if (!attribute) return fallback;
    if (attribute.type !== type) throw this.error(`has a ${name} that is no ${type}`);
    return attribute.value as T;
  }
}

/** Sums a gradient over the axes along which a tensor of `shape` was broadcast. */
export function unbroadcast(gradient: Value, shape: readonly number[]): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const lead = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((size, i) =>
    i < lead || (shape[i - lead] === 1 && size !== 1) ? [i] : [],
  );
  return reshape(axes.length ? reduceSum(gradient, { axes, keep: true }) : gradient, shape);
}

/**
 * Zeros of a shape, made anew in each run: as a constant, ONNX Runtime would keep all of them. `like` gives the type
 * and one element to start from; clipping, unlike a product with 0, makes nothing of an infinite one.
 */
export function zeros(like: Value, shape: readonly number[]): Value {
  const first = slice(reshape(like, [-1]), 0, 0, 1);
  return expand(reshape(clip(first, 0, 0), []), shape);
}

/** dy where a condition of its shape holds, else 0. ONNX Runtime's Where takes twice as long. */
export function gate(dy: Value, condition: Value): Value {
  return mul(dy, cast(condition, dy.dtype));
}

/** 0, 1, …, n − 1. */
export function range(n: number): number[] {
  return [...Array(n).keys()];
}
