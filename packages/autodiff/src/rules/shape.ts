import {
  concat,
  expand,
  mul,
  pad,
  reduceSum,
  reshape,
  sizeOf,
  slice,
  split,
  transpose,
  type Value,
} from "@optogram/onnx";
import { type Rule, type RuleNode, unbroadcast } from "../rule.ts";

/** The elements are the same in the same order. */
const sameElements: Rule = (n) => [reshape(n.dy, n.x().shape)];

const axisOf = (n: RuleNode, rank: number, fallback: number) => {
  const axis = n.integer("axis", fallback);
  return axis < 0 ? axis + rank : axis;
};

export const shapeRules: Readonly<Record<string, Rule>> = {
  Reshape: sameElements,
  Flatten: sameElements,
  Squeeze: sameElements,
  Unsqueeze: sameElements,
  Transpose: (n) => {
    const perm = n.integers("perm") ?? [...n.y.shape.keys()].reverse();
    return [
      transpose(
        n.dy,
        perm.map((_, i) => perm.indexOf(i)),
      ),
    ];
  },
  Concat: (n) => {
    const axis = axisOf(n, n.y.shape.length, 0);
    return split(
      n.dy,
      n.node.inputs.map((_, i) => n.x(i).shape[axis]),
      axis,
    );
  },
  Split: (n) => {
    const axis = axisOf(n, n.x().shape.length, 0);
    const parts = n.node.outputs.map((output, i) => n.gradients[i] ?? (output && zeros(output)));
    return [concat(parts as Value[], axis)];
  },
  // dy goes back to where it was cut out; between its elements stay step − 1 zeros.
  Slice: (n) => {
    const x = n.x();
    const rank = x.shape.length;
    const [starts, axes, steps] = [n.constant(1) ?? [], n.constant(3), n.constant(4)];
    let dx = n.dy;
    starts.forEach((start, i) => {
      const axis = ((axes?.[i] ?? i) + rank) % rank;
      dx = unslice(dx, axis, start, steps?.[i] ?? 1, x.shape[axis]);
    });
    return [dx];
  },
  Pad: (n) => {
    if (n.text("mode", "constant") !== "constant")
      throw new Error(`no gradient rule for Pad in mode ${n.text("mode", "")} (node ${n.node.name})`);
    const x = n.x();
    const amounts = n.constant(1) ?? [];
    const axes = n.constant(3) ?? x.shape.map((_, i) => i);
    const before = x.shape.map(() => 0);
    const after = x.shape.map(() => 0);
    axes.forEach((axis, i) => {
      const at = (axis + x.shape.length) % x.shape.length;
      before[at] = -amounts[i];
      after[at] = -amounts[i + axes.length];
    });
    return [pad(n.dy, before, after)];
  },
  Expand: (n) => [unbroadcast(n.dy, n.x().shape)],
  // Each axis of dy is [repeats, size]: the sum over the repeats.
  Tile: (n) => {
    const x = n.x();
    const repeats = x.shape.map((size, i) => n.y.shape[i] / size);
    const pairs = reshape(
      n.dy,
      x.shape.flatMap((size, i) => [repeats[i], size]),
    );
    return [reduceSum(pairs, { axes: x.shape.map((_, i) => 2 * i) })];
  },
};

function zeros(like: Value): Value {
  return expand(mul(slice(reshape(like, [sizeOf(like.shape)]), 0, 0, 1), 0), like.shape);
}

/** The inverse of taking every `step`-th element from `start` on along one axis. */
function unslice(dy: Value, axis: number, start: number, step: number, size: number): Value {
  const from = Math.min(Math.max(start < 0 ? start + size : start, 0), size - (step < 0 ? 1 : 0));
  const count = dy.shape[axis];
  const amount = (n: number) => dy.shape.map((_, i) => (i === axis ? n : 0));
  const stride = Math.abs(step);
  const ordered = step < 0 ? slice(dy, axis, -1, Number.MIN_SAFE_INTEGER, -1) : dy;
  const low = step < 0 ? from - (count - 1) * stride : from;
  const spaced = stride === 1 ? ordered : spread(ordered, axis, stride);
  const span = (count - 1) * stride + 1;
  return pad(spaced, amount(low), amount(size - low - span));
}

/** Puts stride − 1 zeros between neighbours along an axis. */
function spread(x: Value, axis: number, stride: number): Value {
  const pairs = reshape(x, x.shape.toSpliced(axis + 1, 0, 1));
  const after = pairs.shape.map((_, i) => (i === axis + 1 ? stride - 1 : 0));
  const padded = pad(
    pairs,
    after.map(() => 0),
    after,
  );
  const full = reshape(
    padded,
    x.shape.map((size, i) => (i === axis ? size * stride : size)),
  );
  return slice(full, axis, 0, (x.shape[axis] - 1) * stride + 1);
}
