/** What a gradient rule is given and what it returns. */

import type { Attribute, TypedNode, Value } from "@optogram/onnx";
import { reduceSum, reshape, sameShape } from "@optogram/onnx";

/**
 * From a node and the loss's gradient for each of its outputs (absent where the loss does not depend on one) to the
 * gradient for each input; absent where there is none (indices, shapes) or it is zero.
 * Rules compute every gradient that they can: what nobody reads is left out of the model.
 */
export type Rule = (node: RuleNode) => readonly (Value | undefined)[];

/** A node seen from its gradient rule. */
export class RuleNode {
  readonly node: TypedNode;
  /** Gradients for the outputs. */
  readonly gradients: readonly (Value | undefined)[];

  constructor(node: TypedNode, gradients: readonly (Value | undefined)[]) {
    this.node = node;
    this.gradients = gradients;
  }

  /** Input i, which must be there. */
  x(i = 0): Value {
    const value = this.node.inputs[i];
    if (!value) throw new Error(`${this.node.op} (node ${this.node.name}) lacks input ${i}`);
    return value;
  }

  /** Input i where it may be absent. */
  optional(i: number): Value | undefined {
    return this.node.inputs[i];
  }

  /** The first output. */
  get y(): Value {
    const value = this.node.outputs[0];
    if (!value) throw new Error(`${this.node.op} (node ${this.node.name}) lacks its first output`);
    return value;
  }

  /** The gradient for the first output. */
  get dy(): Value {
    const value = this.gradients[0];
    if (!value) throw new Error(`no gradient for ${this.node.op}'s further outputs (node ${this.node.name})`);
    return value;
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

  /** The numbers in a constant input (axes, sizes); `undefined` where the input is absent. */
  constant(i: number): readonly number[] | undefined {
    const input = this.node.inputs[i];
    if (!input) return undefined;
    const tensor = input.graph.constantOf(input);
    if (!tensor)
      throw new Error(`${this.node.op} (node ${this.node.name}): input ${i} must be constant for a gradient`);
    return Array.from(tensor.data as ArrayLike<number | bigint>, Number);
  }

  #attribute<T>(name: string, type: Attribute["type"], fallback: T): T {
    const attribute = this.node.attributes[name];
    if (!attribute) return fallback;
    if (attribute.type !== type)
      throw new Error(`${this.node.op} (node ${this.node.name}): ${name} is no ${type}`);
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
  return reshape(reduceSum(gradient, { axes, keep: true }), shape);
}
