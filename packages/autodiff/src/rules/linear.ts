import {
  einsum,
  expand,
  gemm,
  matmul,
  mul,
  namedAxes,
  reshape,
  sizeOf,
  transposeLast,
  type Value,
} from "@optogram/onnx";
import { type Rule, unbroadcast } from "../rule.ts";

const flatRows = (x: Value) => reshape(x, [-1, x.shape[x.shape.length - 1]]);

export const linearRules: Readonly<Record<string, Rule>> = {
  // dA = dY Bᵀ, dB = Aᵀ dY
  MatMul: (n) => {
    const [a, b] = [n.x(0), n.x(1)];
    if (a.shape.length === 1 || b.shape.length === 1) return vectorProduct(a, b, n.dy);
    if (b.shape.length === 2) {
      // All leading axes of A are rows: one product each.
      const dy = flatRows(n.dy);
      return [reshape(gemm(dy, b, undefined, { transB: true }), a.shape), weightGradient(flatRows(a), dy)];
    }
    return [
      unbroadcast(matmul(n.dy, transposeLast(b)), a.shape),
      unbroadcast(matmul(transposeLast(a), n.dy), b.shape),
    ];
  },
  // Y = α op(A) op(B) + β C
  Gemm: (n) => {
    const [a, b, c] = [n.x(0), n.x(1), n.optional(2)];
    const [transA, transB] = [n.integer("transA", 0) === 1, n.integer("transB", 0) === 1];
    const [alpha, beta] = [n.float("alpha", 1), n.float("beta", 1)];
    const product = (l: Value, r: Value, tl: boolean, tr: boolean) =>
      gemm(l, r, undefined, { transA: tl, transB: tr, alpha });
    const da = transA ? product(b, n.dy, transB, true) : product(n.dy, b, false, !transB);
    const db = transB ? product(n.dy, a, true, transA) : product(a, n.dy, !transA, false);
    return [da, db, c && unbroadcast(beta === 1 ? n.dy : mul(n.dy, beta), c.shape)];
  },
  // Each operand's gradient is the product of dy and the other operands, summed over what it lacks; along an axis
  // that it alone had, it is constant.
  Einsum: (n) => {
    const operands = n.node.inputs.map((_, i) => n.x(i));
    const { inputs, output } = namedAxes(
      n.text("equation", ""),
      operands.map((x) => x.shape.length),
    );
    return operands.map((x, i) => {
      const own = [...inputs[i]];
      if (new Set(own).size < own.length) throw n.unsupported(`the diagonal ${inputs[i]}`);
      const terms = [output, ...inputs.filter((_, j) => j !== i)];
      const shared = own.filter((letter) => terms.some((term) => term.includes(letter)));
      const others = operands.filter((_, j) => j !== i);
      const gradient = einsum(`${terms.join(",")}->${shared.join("")}`, n.dy, ...others);
      const kept = own.map((letter, axis) => (shared.includes(letter) ? x.shape[axis] : 1));
      return expand(reshape(gradient, kept), x.shape);
    });
  },
};

/** Aᵀ dY. The kernel transposes a wide A slowly: (dYᵀ A)ᵀ took a sixth less time for [4096, 12288] and [4096, 384]. */
function weightGradient(a: Value, dy: Value): Value {
  if (a.shape[1] <= dy.shape[1]) return gemm(a, dy, undefined, { transA: true });
  return transposeLast(matmul(transposeLast(dy), a));
}

/** Where A or B is a vector: as a matrix of one row or one column. */
function vectorProduct(a: Value, b: Value, dy: Value): Value[] {
  const left = a.shape.length === 1 ? reshape(a, [1, -1]) : a;
  const right = b.shape.length === 1 ? reshape(b, [-1, 1]) : b;
  const [m, k] = left.shape.slice(-2);
  const n = right.shape[right.shape.length - 1];
  const lead = dy.shape.slice(
    0,
    dy.shape.length - (a.shape.length > 1 ? 1 : 0) - (b.shape.length > 1 ? 1 : 0),
  );
  const g = reshape(dy, [...lead, m, n]);
  const da = unbroadcast(matmul(g, transposeLast(right)), sizeOf(left.shape) === m * k ? [m, k] : left.shape);
  const db = unbroadcast(
    matmul(transposeLast(left), g),
    sizeOf(right.shape) === k * n ? [k, n] : right.shape,
  );
  return [reshape(da, a.shape), reshape(db, b.shape)];
}
