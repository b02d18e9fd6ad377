/** An ONNX model as a plain value: what the file says, with nothing resolved and nothing hidden. */

import type { DataType, Tensor } from "./tensor.ts";

/** A size is a number, a name (`"batch"`), or unknown (`undefined`). */
export type Dimension = number | string | undefined;

/** `shape` is absent where even the rank is unknown. */
export interface ValueInfo {
  readonly name: string;
  readonly dtype: DataType;
  readonly shape?: readonly Dimension[];
}

/** int64 values are JavaScript numbers, saturated at the limits of int64 when written. */
export type Attribute =
  | { readonly type: "float" | "int"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "tensor"; readonly value: Tensor }
  | { readonly type: "graph"; readonly value: Graph }
  | { readonly type: "floats" | "ints"; readonly value: readonly number[] }
  | { readonly type: "strings"; readonly value: readonly string[] }
  | { readonly type: "tensors"; readonly value: readonly Tensor[] }
  | { readonly type: "graphs"; readonly value: readonly Graph[] }
  | Reference;

/** In a function's body: the attribute called `value` that the caller gives, of the type `of`. */
export interface Reference {
  readonly type: "reference";
  readonly value: string;
  readonly of:
    | "float"
    | "int"
    | "string"
    | "tensor"
    | "graph"
    | "floats"
    | "ints"
    | "strings"
    | "tensors"
    | "graphs";
}

export type Attributes = Readonly<Record<string, Attribute>>;

/** One operator. An empty string among `inputs` or `outputs` is an optional one left out. */
export interface Node {
  readonly op: string;
  /** `""` is the standard operator set. */
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly initializers: ReadonlyMap<string, Tensor>;
  /** What the file says of inner tensors; need not be complete. */
  readonly values: ReadonlyMap<string, ValueInfo>;
}

/** A function of the model's own, called like an operator. */
export interface ModelFunction {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly string[];
  /** What attributes that a caller may leave out are then. */
  readonly defaults?: Attributes;
  readonly nodes: readonly Node[];
  readonly opsets: Readonly<Record<string, number>>;
}

export interface Model {
  readonly irVersion: number;
  /** Version of each operator set by domain; `""` is the standard one. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly producer: string;
  readonly graph: Graph;
  readonly functions: readonly ModelFunction[];
  readonly metadata: Readonly<Record<string, string>>;
}
