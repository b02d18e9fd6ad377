/** Matrix products. */

import { attributesOf, float, type Value } from "../builder.ts";
import { namedAxes } from "./einsum.ts";
import { broadcastShape } from "./operand.ts";

/** a [..., m, k] · b [..., k, n], broadcast over the leading axes; vectors as in NumPy. */
export function matmul(a: Value, b: Value): Value {
  const left = a.shape.length === 1 ? [1, ...a.shape] : a.shape;
  const right = b.shape.length === 1 ? [...b.shape, 1] : b.shape;
  const [m, k] = left.slice(-2);
  const [k2, n] = right.slice(-2);
  if (k === undefined || k !== k2) throw new Error(`matmul: [${a.shape}] and [${b.shape}] do not fit`);
  const batch = broadcastShape(left.slice(0, -2), right.slice(0, -2));
  const shape = [...batch, ...(a.shape.length === 1 ? [] : [m]), ...(b.shape.length === 1 ? [] : [n])];
  return a.graph.node("MatMul", [a, b], [{ dtype: a.dtype, shape }])[0];
}

export interface GemmOptions {
  readonly transA?: boolean;
  readonly transB?: boolean;
  readonly alpha?: number;
  readonly beta?: number;
}

/** α op(a) op(b) + β c for matrices. */
export function gemm(a: Value, b: Value, c?: Value, options: GemmOptions = {}): Value {
  const [m, k] = options.transA ? [a.shape[1], a.shape[0]] : a.shape;
  const [k2, n] = options.transB ? [b.shape[1], b.shape[0]] : b.shape;
  if (a.shape.length !== 2 || b.shape.length !== 2 || k !== k2)
    throw new Error(`gemm: [${a.shape}] and [${b.shape}] do not fit`);
  const attributes = attributesOf({
    transA: options.transA ? 1 : 0,
    transB: options.transB ? 1 : 0,
    alpha: float(options.alpha ?? 1),
    beta: float(options.beta ?? 1),
  });
  return a.graph.node("Gemm", c ? [a, b, c] : [a, b], [{ dtype: a.dtype, shape: [m, n] }], attributes)[0];
}

/** Einstein summation: `einsum("bij,bjk->bik", a, b)`. Axes of one name have one size: nothing broadcasts. */
export function einsum(equation: string, ...operands: readonly Value[]): Value {
  const { inputs, output } = namedAxes(
    equation,
    operands.map(({ shape }) => shape.length),
  );
  if (inputs.length !== operands.length)
    throw new Error(`einsum: ${equation} names ${inputs.length} tensors, ${operands.length} are given`);
  const sizes = new Map<string, number>();
  operands.forEach(({ shape }, i) => {
    const letters = [...inputs[i]];
    if (letters.length !== shape.length) throw new Error(`einsum: ${inputs[i]} does not fit [${shape}]`);
    letters.forEach((letter, axis) => {
      const known = sizes.get(letter);
      if (known !== undefined && known !== shape[axis])
        throw new Error(`einsum: ${letter} is ${known} and ${shape[axis]} in ${equation}`);
      sizes.set(letter, shape[axis]);
    });
  });
  const shape = [...output].map((letter) => sizes.get(letter) ?? 1);
  const type = { dtype: operands[0].dtype, shape };
  return operands[0].graph.node("Einsum", operands, [type], attributesOf({ equation }))[0];
}
