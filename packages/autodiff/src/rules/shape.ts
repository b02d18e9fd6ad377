import {
  concat,
  flip,
  pad,
  positiveAxis,
  reduceSum,
  reshape,
  sizeOf,
  split,
  transpose,
  type Value,
} from "@optogram/onnx";
import { type Rule, range, unbroadcast, zeros } from "../rule.ts";

/** The elements are the same in the same order. */
const sameElements: Rule = (n) => [reshape(n.dy, n.x().shape)];

const inverse = (permutation: readonly number[]) => permutation.map((_, i) => permutation.indexOf(i));

export const shapeRules: Readonly<Record<string, Rule>> = {
  Reshape: sameElements,
  Flatten: sameElements,
  Squeeze: sameElements,
  Unsqueeze: sameElements,
  Transpose: (n) => {
    const perm = n.integers("perm") ?? range(n.y.shape.length).reverse();
    return [transpose(n.dy, inverse(perm))];
  },
  Concat: (n) => {
    const axis = n.axis(0, n.y.shape.length);
    const sizes = n.node.inputs.map((_, i) => n.x(i).shape[axis]);
    return split(n.dy, sizes, axis);
  },
  Split: (n) => {
    const { shape } = n.x();
    const axis = n.axis(0);
    const gradients = n.node.outputs.map((_, i) => n.gradient(i));
    const known = gradients.find((gradient) => gradient !== undefined) as Value;
    const sizes = n.constant(1) ?? n.node.outputs.map((part) => part?.shape[axis] ?? 0);
    const parts = sizes.map((size, i) => gradients[i] ?? zeros(known, shape.with(axis, size)));
    return [concat(parts, axis)];
  },
  // dy goes back to where it was cut out, with step − 1 zeros between its elements.
  Slice: (n) => {
    const { shape } = n.x();
    if (sizeOf(n.dy.shape) === 0) return [undefined];
    const starts = n.constant(1) ?? [];
    const axes = n.constant(3) ?? range(starts.length);
    const steps = n.constant(4) ?? starts.map(() => 1);
    const before = shape.map(() => 0);
    const after = shape.map(() => 0);
    let dx = n.dy;
    starts.forEach((start, i) => {
      const axis = positiveAxis(axes[i], shape.length);
      const size = shape[axis];
      const stride = Math.abs(steps[i]);
      const first = Math.min(Math.max(start < 0 ? start + size : start, 0), size - 1);
      const span = (n.dy.shape[axis] - 1) * stride + 1;
      if (steps[i] < 0) dx = flip(dx, [axis]);
      dx = spaced(dx, axis, stride);
      before[axis] = steps[i] < 0 ? first - span + 1 : first;
      after[axis] = size - before[axis] - span;
    });
    return [pad(dx, before, after)];
  },
  Expand: (n) => [unbroadcast(n.dy, n.x().shape)],
  // Each axis of dy is [repeats, size]: the sum over the repeats.
  Tile: (n) => {
    const { shape } = n.x();
    const pairs = shape.flatMap((size, i) => [n.y.shape[i] / size, size]);
    return [reduceSum(reshape(n.dy, pairs), { axes: shape.map((_, i) => 2 * i) })];
  },
  // y [n, c, h b, w b] was x [n, b, b, c, h, w] (DCR) or [n, c, b, b, h, w] (CRD).
  DepthToSpace: (n) => {
    const [batch, channels, h, w] = n.x().shape;
    const b = n.integer("blocksize", 1);
    const blocks = reshape(n.dy, [batch, channels / b ** 2, h, b, w, b]);
    const order = n.text("mode", "DCR") === "DCR" ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4];
    return [reshape(transpose(blocks, order), n.x().shape)];
  },
  // y [n, b, b, c, h / b, w / b] was x [n, c, h, w].
  SpaceToDepth: (n) => {
    const [batch, channels, h, w] = n.x().shape;
    const b = n.integer("blocksize", 1);
    const blocks = reshape(n.dy, [batch, b, b, channels, h / b, w / b]);
    return [reshape(transpose(blocks, [0, 3, 4, 1, 5, 2]), n.x().shape)];
  },
};

/** Puts stride − 1 zeros between neighbours along an axis. */
function spaced(x: Value, axis: number, stride: number): Value {
  if (stride === 1) return x;
  const size = x.shape[axis];
  const pairs = reshape(x, x.shape.toSpliced(axis + 1, 0, 1));
  const none = pairs.shape.map(() => 0);
  const padded = pad(pairs, none, none.with(axis + 1, stride - 1));
  const full = reshape(padded, x.shape.with(axis, size * stride));
  const flat = x.shape.map(() => 0);
  return pad(full, flat, flat.with(axis, 1 - stride));
}
