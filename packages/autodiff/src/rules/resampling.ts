import { pad } from "@optogram/onnx";
import { type Rule, type RuleNode, range } from "../rule.ts";
import { type AxisMatrix, axisMatrix, transposedAlong } from "./along.ts";

/** Where element o of the result lies on the input's axis: ONNX's `coordinate_transformation_mode`. */
type Transformation = (o: number, size: number, out: number, scale: number) => number;

const halfPixel: Transformation = (o, _size, _out, scale) => (o + 0.5) / scale - 0.5;

const transformations: Readonly<Record<string, Transformation>> = {
  half_pixel: halfPixel,
  half_pixel_symmetric: (o, size, out, scale) =>
    (size / 2) * (1 - out / (scale * size)) + halfPixel(o, size, out, scale),
  pytorch_half_pixel: (o, size, out, scale) => (out > 1 ? halfPixel(o, size, out, scale) : 0),
  align_corners: (o, size, out) => (out > 1 ? (o * (size - 1)) / (out - 1) : 0),
  asymmetric: (o, _size, _out, scale) => o / scale,
};

const roundings: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** Which element stands at a place outside an axis. */
const outside: Readonly<Record<string, (at: number, size: number) => number>> = {
  edge: (at, size) => Math.min(Math.max(at, 0), size - 1),
  wrap: (at, size) => ((at % size) + size) % size,
  reflect: (at, size) => {
    const period = Math.max(2 * (size - 1), 1);
    const turn = ((at % period) + period) % period;
    return Math.min(turn, period - turn);
  },
};

export const resamplingRules: Readonly<Record<string, Rule>> = {
  Resize: (n) => {
    const { shape } = n.x();
    const scales = scalesOf(n);
    let dx = n.dy;
    for (const [axis, size] of shape.entries())
      if (scales[axis] !== 1 || n.y.shape[axis] !== size)
        dx = transposedAlong(dx, axis, resized(n, size, n.y.shape[axis], scales[axis]));
    return [dx];
  },
  Pad: (n) => {
    const { shape } = n.x();
    const amounts = n.constant(1) ?? [];
    const axes = n.constant(3) ?? range(shape.length);
    const before = shape.map(() => 0);
    const after = shape.map(() => 0);
    axes.forEach((axis, i) => {
      const at = (axis + shape.length) % shape.length;
      before[at] = amounts[i];
      after[at] = amounts[i + axes.length];
    });
    const mode = n.text("mode", "constant");
    const cut = (list: readonly number[]) => list.map((amount) => -amount);
    if (mode === "constant") return [pad(n.dy, cut(before), cut(after))];
    const place = outside[mode];
    if (!place) throw n.unsupported(`mode ${mode}`);
    let dx = n.dy;
    for (const [axis, size] of shape.entries())
      if (before[axis] !== 0 || after[axis] !== 0)
        dx = transposedAlong(
          dx,
          axis,
          axisMatrix(n.y.shape[axis], size, (o) => [[place(o - before[axis], size), 1]]),
        );
    return [dx];
  },
};

/** Scales of all axes: given, or what the sizes amount to. */
function scalesOf(n: RuleNode): readonly number[] {
  if (n.text("keep_aspect_ratio_policy", "stretch") !== "stretch")
    throw n.unsupported("keep_aspect_ratio_policy");
  if (n.integer("antialias", 0) !== 0) throw n.unsupported("antialias");
  const { shape } = n.x();
  const given = n.constant(2);
  const axes = n.integers("axes")?.map((axis) => (axis + shape.length) % shape.length) ?? range(shape.length);
  return shape.map((size, axis) => {
    if (given?.length) return axes.includes(axis) ? given[axes.indexOf(axis)] : 1;
    return n.y.shape[axis] / size;
  });
}

function resized(n: RuleNode, size: number, out: number, scale: number): AxisMatrix {
  const name = n.text("coordinate_transformation_mode", "half_pixel");
  const mode = n.text("mode", "nearest");
  const transform = transformations[name];
  const round = roundings[n.text("nearest_mode", "round_prefer_floor")];
  if (!transform) throw n.unsupported(`coordinate_transformation_mode ${name}`);
  if (mode !== "linear" && mode !== "nearest") throw n.unsupported(`mode ${mode}`);
  const inside = (at: number) => Math.min(Math.max(at, 0), size - 1);
  return axisMatrix(out, size, (o) => {
    const at = transform(o, size, out, scale);
    if (mode === "nearest") return [[inside(round(at)), 1]];
    const low = Math.floor(inside(at));
    const part = inside(at) - low;
    return [
      [low, 1 - part],
      [inside(low + 1), part],
    ];
  });
}
