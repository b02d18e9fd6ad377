import {
  add,
  cast,
  equal,
  expand,
  gatherElements,
  gatherNd,
  gemm,
  int64,
  less,
  mul,
  pad,
  reduceSum,
  reshape,
  scatterElements,
  scatterNd,
  sizeOf,
  transpose,
  unsqueeze,
  type Value,
  where,
} from "@optogram/onnx";
import { type Rule, type RuleNode, range, zeros } from "../rule.ts";

/** Up to this many rows, adding rows by a product with a matrix of zeros and ones is faster than by index. */
const fewRows = 512;

export const indexingRules: Readonly<Record<string, Rule>> = {
  // Slices of dy are added up where they came from.
  Gather: (n) => {
    const [x, indices] = [n.x(0), n.x(1)];
    const axis = n.axis(0);
    const first = consecutive(n.known(1), x.shape[axis]);
    if (first !== undefined) return [placed(n.dy, axis, first, x.shape)];
    const rowsFirst = [
      ...range(indices.shape.length).map((i) => axis + i),
      ...range(n.dy.shape.length).filter((i) => i < axis || i >= axis + indices.shape.length),
    ];
    const rows = reshape(transpose(n.dy, rowsFirst), [sizeOf(indices.shape), -1]);
    const sum = addRows(rows, reshape(indices, [-1]), x.shape[axis]);
    const others = range(x.shape.length).filter((i) => i !== axis);
    const front = reshape(
      sum,
      [axis, ...others].map((i) => x.shape[i]),
    );
    return [
      transpose(
        front,
        range(x.shape.length).map((i) => [axis, ...others].indexOf(i)),
      ),
    ];
  },
  GatherElements: (n) => {
    const indices = cast(n.x(1), "int64");
    return [scatterElements(zeros(n.dy, n.x().shape), indices, n.dy, n.axis(0), "add")];
  },
  // As rows again: the first axes of x as one, their coordinates as one index.
  GatherND: (n) => {
    const [x, indices] = [n.x(0), n.x(1)];
    const batch = n.integer("batch_dims", 0);
    const depth = indices.shape[indices.shape.length - 1];
    const indexed = batch + depth;
    const count = sizeOf(x.shape.slice(0, indexed));
    const index = reshape(rowIndices(indices, x.shape.slice(0, indexed), batch), [-1]);
    const rows = reshape(n.dy, [index.shape[0], -1]);
    return [reshape(addRows(rows, index, count), x.shape)];
  },
  ScatterND: (n) => {
    const [indices, updates] = [n.x(1), n.x(2)];
    return written(n, gatherNd(n.dy, indices), () => scatterNd(n.dy, indices, zeros(n.dy, updates.shape)));
  },
  ScatterElements: (n) => {
    const [indices, axis] = [n.x(1), n.axis(0)];
    return written(n, gatherElements(n.dy, indices, axis), () =>
      scatterElements(n.dy, indices, zeros(n.dy, indices.shape), axis),
    );
  },
};

/** What was added to keeps its gradient, what was written over loses it; the updates' is read from their places. */
function written(n: RuleNode, picked: Value, cleared: () => Value): (Value | undefined)[] {
  const reduction = n.text("reduction", "none");
  if (reduction === "add") return [n.dy, undefined, picked];
  if (reduction === "none") return [cleared(), undefined, picked];
  throw n.unsupported(`reduction ${reduction}`);
}

/**
 * rows [n, d] added up by index [n] to [count, d]. ONNX Runtime's ScatterND adds from several threads without a lock,
 * so it loses rows where indices repeat; ScatterElements has one thread.
 */
function addRows(rows: Value, indices: Value, count: number): Value {
  const { graph } = rows;
  const index = cast(indices, "int64");
  if (count > fewRows) {
    const [n, d] = rows.shape;
    const places = expand(reshape(index, [n, 1]), [n, d]);
    return scatterElements(zeros(rows, [count, d]), places, rows, 0, "add");
  }
  const places = graph.constant(int64(range(count), [1, count]));
  const oneHot = cast(equal(reshape(positive(index, count), [-1, 1]), places), rows.dtype);
  return gemm(oneHot, rows, undefined, { transA: true });
}

/** Indices counted from the end become ones counted from the start. */
function positive(index: Value, size: number): Value {
  return where(less(index, 0), add(index, size), index);
}

/** Coordinates [...batch, ..., depth] below `sizes` as row-major indices [...batch, ...]. */
function rowIndices(coordinates: Value, sizes: readonly number[], batch: number): Value {
  const { graph } = coordinates;
  const strides = sizes.map((_, i) => sizeOf(sizes.slice(i + 1)));
  const inner = sizes.slice(batch);
  const limits = graph.constant(int64(inner));
  const index = cast(coordinates, "int64");
  const wrapped = where(less(index, 0), add(index, limits), index);
  const within = reduceSum(mul(wrapped, graph.constant(int64(strides.slice(batch)))), { axes: [-1] });
  if (batch === 0) return within;
  const block = sizeOf(inner);
  const lead = sizes.slice(0, batch);
  const starts = graph.constant(
    int64(
      range(sizeOf(lead)).map((i) => i * block),
      lead,
    ),
  );
  return add(
    within,
    within.shape.length > batch
      ? unsqueeze(
          starts,
          range(within.shape.length - batch).map((i) => batch + i),
        )
      : starts,
  );
}

/** Where constant indices run i, i + 1, i + 2, …: the first of them. */
function consecutive(indices: readonly number[] | undefined, size: number): number | undefined {
  if (!indices?.length) return undefined;
  const from = indices.map((i) => (i < 0 ? i + size : i));
  return from.every((i, at) => i === from[0] + at) ? from[0] : undefined;
}

/** Slices of dy at `first` and after along an axis, zeros elsewhere. */
function placed(dy: Value, axis: number, first: number, shape: readonly number[]): Value {
  const count = sizeOf(dy.shape) / sizeOf(shape.toSpliced(axis, 1));
  const part = reshape(dy, shape.with(axis, count));
  const before = shape.map((_, i) => (i === axis ? first : 0));
  const after = shape.map((size, i) => (i === axis ? size - first - count : 0));
  return pad(part, before, after);
}
