/** A bar an entry, with the interval of its mean. */

import { isRanked } from "./evaluation.ts";
import type { RankingRow } from "./ranking.ts";
import { element, figure, label, letter, scale, ticks } from "./svg.ts";

/** Of the bars; names take what they need beside them. */
const length = 360;
const right = 190;
const top = 36;
const row = 24;
const bar = 14;

/** The rows of one measure, in their order. */
export function barsFigure(rows: readonly RankingRow[]): string {
  const [{ measure, n }] = rows;
  const left = 24 + letter * Math.max(...rows.map(({ entry }) => entry.id.length));
  const width = left + length + right;
  const values = rows.flatMap(({ low, mean, high }) => [low, mean, high]);
  const marks = ticks(Math.min(0, ...values), Math.max(0, ...values));
  const x = scale([marks[0], marks[marks.length - 1]], [left, width - right]);
  const bottom = top + rows.length * row;
  const axis = marks.flatMap((mark) => [
    element("line", { class: "rule", x1: x(mark), x2: x(mark), y1: top, y2: bottom }),
    label(String(mark), x(mark), bottom + 16, { "text-anchor": "middle" }),
  ]);
  const bars = rows.flatMap(({ entry, mean, low, high, groups }, i) => {
    const middle = top + (i + 0.5) * row;
    const from = Math.min(x(0), x(mean));
    const digits = Math.abs(mean) >= 10 ? 1 : 3;
    const figures = `${mean.toFixed(digits)} (${low.toFixed(digits)}, ${high.toFixed(digits)}) ${groups ?? ""}`;
    return [
      label(entry.id, left - 8, middle + 4, { "text-anchor": "end" }),
      element("rect", {
        class: entry.kind === "encoder" ? "encoder" : "control",
        ...{ x: from, y: middle - bar / 2, width: Math.abs(x(mean) - x(0)), height: bar },
      }),
      whisker(x(low), x(high), middle),
      label(figures.trim(), width - right + 8, middle + 4),
    ];
  });
  const ranked = rows.filter(({ entry }) => isRanked(entry)).length;
  const border = top + ranked * row;
  const parted = ranked > 0 && ranked < rows.length;
  return figure(`${measure.title}, mean of ${n} images`, width, bottom + 28, [
    ...axis,
    ...bars,
    ...(parted ? [element("line", { class: "rule", x1: 12, x2: width - 12, y1: border, y2: border })] : []),
  ]);
}

function whisker(from: number, to: number, y: number): string {
  const half = 4;
  const d = `M${pixel(from)} ${pixel(y)}H${pixel(to)}M${pixel(from)} ${pixel(y - half)}v${2 * half}M${pixel(to)} ${pixel(y - half)}v${2 * half}`;
  return element("path", { class: "whisker", d, fill: "none" });
}

function pixel(value: number): number {
  return Math.round(value * 100) / 100;
}
