/** Scores against something else of their encoders: tokens, blocks. */

import type { RankingRow } from "./ranking.ts";
import { element, figure, label, letter, scale, ticks } from "./svg.ts";

/** Of the axes; names take what they need to the right. */
const [length, height] = [426, 400];
const [left, top, bottom] = [64, 40, 52];
/** Apart by this many pixels, two labels can be read. */
const apart = 13;

interface Point {
  readonly x: number;
  readonly name: string;
  readonly row: RankingRow;
}

/** Encoders' mean scores by their number of tokens, on a logarithmic axis. */
export function tokensFigure(rows: readonly RankingRow[]): string {
  const points = rows.flatMap((row): Point[] => {
    const { id, kind, encoder } = row.entry;
    return encoder && kind !== "shuffled-tokens" ? [{ x: encoder.tokens, name: id, row }] : [];
  });
  const counts = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  return plot({
    title: `${rows[0].measure.title}, by tokens`,
    axis: "tokens",
    series: points.map((point) => [point]),
    marks: counts.map((x) => ({ x, text: String(x) })),
    place: (x) => Math.log2(x),
  });
}

/** Encoders painted from several of their layers: mean scores by block, a line an encoder. Nothing where there is none. */
export function layersFigure(rows: readonly RankingRow[]): string | undefined {
  const byEncoder = new Map<string, Point[]>();
  for (const row of rows) {
    const { kind, encoder } = row.entry;
    if (encoder?.block === undefined || kind === "shuffled-tokens") continue;
    const { name, block } = encoder;
    byEncoder.set(name, [...(byEncoder.get(name) ?? []), { x: block, name, row }]);
  }
  const series = [...byEncoder.values()]
    .filter((points) => new Set(points.map(({ x }) => x)).size > 1)
    .map((points) => points.sort((a, b) => a.x - b.x));
  if (series.length === 0) return undefined;
  const places = new Map(
    series.flat().map(({ x, row }) => [x, row.entry.encoder?.layer === "last" ? "last" : String(x)]),
  );
  return plot({
    title: `${rows[0].measure.title}, by block`,
    axis: "block",
    series,
    marks: [...places].sort(([a], [b]) => a - b).map(([x, text]) => ({ x, text })),
    place: (x) => x,
  });
}

interface Plot {
  readonly title: string;
  readonly axis: string;
  /** Points of a series are joined; the last one is named. */
  readonly series: readonly (readonly Point[])[];
  readonly marks: readonly { readonly x: number; readonly text: string }[];
  /** What is linear on the axis. */
  readonly place: (x: number) => number;
}

function plot({ title, axis, series, marks, place }: Plot): string {
  const right = 24 + letter * Math.max(...series.flat().map(({ name }) => name.length));
  const width = left + length + right;
  const places = marks.map(({ x }) => place(x));
  const [first, last] = [Math.min(...places), Math.max(...places)];
  // Points alone in a column stand in the middle.
  const range: [number, number] = first < last ? [first, last] : [first - 1, last + 1];
  const x = scale(range, [left + 16, width - right - 16]);
  const all = series.flat();
  const heights = ticks(
    Math.min(...all.map(({ row }) => row.low)),
    Math.max(...all.map(({ row }) => row.high)),
  );
  const y = scale([heights[0], heights[heights.length - 1]], [height - bottom, top]);
  const at = ({ x: value }: Point) => x(place(value));
  const drawn = series.flatMap((points) => [
    ...(points.length > 1 ? [line(points.map((point) => [at(point), y(point.row.mean)]))] : []),
    ...points.flatMap((point) => {
      const { mean, low, high, entry } = point.row;
      return [
        element("circle", {
          class: entry.kind === "encoder" ? "encoder" : "control",
          ...{ cx: at(point), cy: y(mean), r: 3.5 },
        }),
        element("line", { class: "whisker", x1: at(point), x2: at(point), y1: y(low), y2: y(high) }),
      ];
    }),
  ]);
  return figure(title, width, height, [
    ...heights.flatMap((value) => [
      element("line", { class: "rule", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
      label(String(value), left - 8, y(value) + 4, { "text-anchor": "end" }),
    ]),
    ...marks.map(({ x: value, text }) =>
      label(text, x(place(value)), height - bottom + 18, { "text-anchor": "middle" }),
    ),
    label(axis, (left + width - right) / 2, height - 12, { "text-anchor": "middle" }),
    ...drawn,
    ...names(
      series
        .map((points) => points[points.length - 1])
        .map((point) => ({
          text: point.name,
          x: at(point) + 9,
          y: y(point.row.mean) + 4,
        })),
    ),
  ]);
}

function line(points: readonly (readonly [number, number])[]): string {
  const d = points.map(([px, py], i) => `${i === 0 ? "M" : "L"}${px.toFixed(2)} ${py.toFixed(2)}`).join("");
  return element("path", { class: "encoder", d, style: "fill:none;stroke-width:1.5" });
}

/** Labels from the top, each pushed down so far that it can be read. */
function names(
  labels: readonly { readonly text: string; readonly x: number; readonly y: number }[],
): string[] {
  const lowest = new Map<number, number>();
  return [...labels]
    .sort((a, b) => a.y - b.y)
    .map(({ text, x, y }) => {
      const column = Math.round(x);
      const free = Math.max(y, (lowest.get(column) ?? Number.NEGATIVE_INFINITY) + apart);
      lowest.set(column, free);
      return label(text, x, free);
    });
}
