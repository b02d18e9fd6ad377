import { mul, reshape, scatterElements, sizeOf } from "@optogram/onnx";
import { type Rule, zeros } from "../rule.ts";
import { type AxisMatrix, axisMatrix, transposedAlong } from "./along.ts";
import { type Window, windowOf } from "./window.ts";

export const poolingRules: Readonly<Record<string, Rule>> = {
  GlobalAveragePool: (n) => [mul(n.dy, 1 / sizeOf(n.x().shape.slice(2)))],
  // The mean over a window is the mean along each axis in turn.
  AveragePool: (n) => {
    const { shape } = n.x();
    const w = windowOf(n, n.integers("kernel_shape") ?? [], shape.slice(2), n.dy.shape.slice(2));
    const countPads = n.integer("count_include_pad", 0) === 1;
    let dx = n.dy;
    for (let i = 0; i < w.kernel.length; i++)
      dx = transposedAlong(dx, i + 2, averages(w, i, shape[i + 2], n.dy.shape[i + 2], countPads));
    return [dx];
  },
  // Each maximum's gradient goes to its place; places are counted over the whole tensor.
  MaxPool: (n) => {
    if (n.integer("storage_order", 0) !== 0) throw n.unsupported("storage_order 1");
    const { shape, graph } = n.x();
    const places = graph.furtherOutput(n.y, 1, { dtype: "int64", shape: n.y.shape });
    const sum = scatterElements(
      zeros(n.dy, [sizeOf(shape)]),
      reshape(places, [-1]),
      reshape(n.dy, [-1]),
      0,
      "add",
    );
    return [reshape(sum, shape)];
  },
};

/** The means over windows along axis i as a matrix [out][size]. */
function averages(w: Window, i: number, size: number, out: number, countPads: boolean): AxisMatrix {
  return axisMatrix(out, size, (o) => {
    const start = o * w.strides[i] - w.before[i];
    const window = Array.from({ length: w.kernel[i] }, (_, k) => start + k * w.dilations[i]);
    const inside = window.filter((at) => at >= 0 && at < size);
    const counted = countPads ? window.filter((at) => at < size + w.after[i]) : inside;
    return inside.map((at) => [at, 1 / counted.length] as const);
  });
}
