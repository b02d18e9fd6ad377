import type { ChartDrawer } from "../charts.ts";
import type { Truth } from "../data/details.ts";
import { number, type Row } from "../data/tables.ts";
import { aurocInterval } from "../statistics.ts";

const faint = "var(--faint)";
const accent = "var(--accent)";
const style = { fontSize: "13px", background: "none", overflow: "visible" };

/** How often a feature takes which value: equal bins from 0 to its largest activation; silent images are not drawn. */
export function activationHistogram(counts: readonly number[], max: number, colour: string): ChartDrawer {
  const bins = counts.map((images, i) => ({
    images,
    from: (i / counts.length) * max,
    to: ((i + 1) / counts.length) * max,
  }));
  return ({ plot, rectY, ruleY }, width) =>
    plot({
      width,
      height: 210,
      marginLeft: 52,
      marginBottom: 42,
      marginTop: 26,
      style,
      x: { label: "activation →", ticks: Math.max(3, Math.round(width / 110)) },
      y: { label: "↑ images", grid: true, ticks: 4 },
      marks: [
        rectY(bins, { x1: "from", x2: "to", y: "images", fill: colour, inset: 0.5 }),
        ruleY([0], { stroke: faint }),
      ],
    });
}

/** How many features are active how often, over the logarithm of the share of images. */
export function densityHistogram(densities: readonly number[]): ChartDrawer {
  const step = 0.25;
  const counts = new Map<number, number>();
  for (const density of densities) {
    const bin = Math.floor(Math.log10(density) / step);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const bins = [...counts].map(([bin, features]) => ({
    features,
    from: 10 ** (bin * step),
    to: 10 ** ((bin + 1) * step),
  }));
  return ({ plot, rectY, ruleY }, width) =>
    plot({
      width,
      height: 260,
      marginLeft: 52,
      marginBottom: 42,
      marginTop: 26,
      style,
      x: {
        type: "log",
        label: "share of images in which a feature is active →",
        ticks: 5,
        tickFormat: percentTick,
      },
      y: { label: "↑ features", grid: true, ticks: 5 },
      marks: [
        rectY(bins, { x1: "from", x2: "to", y: "features", fill: accent, inset: 0.5 }),
        ruleY([0], { stroke: faint }),
      ],
    });
}

function percentTick(value: number): string {
  return `${Number((value * 100).toPrecision(1))} %`;
}

/** One quantity over the steps of training. */
export function historyCurve(
  rows: readonly Row[],
  column: string,
  label: string,
  logarithmic: boolean,
): ChartDrawer {
  const points = rows
    .map((row) => ({ step: number(row, "step"), value: number(row, column) }))
    .filter(({ value }) => Number.isFinite(value) && (!logarithmic || value > 0));
  return ({ plot, lineY }, width) =>
    plot({
      width,
      height: 190,
      marginLeft: 52,
      marginBottom: 42,
      marginTop: 26,
      style,
      x: { label: "step →", ticks: 4 },
      y: {
        label: `↑ ${label}`,
        grid: true,
        ticks: 4,
        tickFormat: "~g",
        ...(logarithmic ? { type: "log" } : { zero: true }),
      },
      marks: [lineY(points, { x: "step", y: "value", stroke: accent, strokeWidth: 1.75 })],
    });
}

/** What is set against a kind's best feature. */
export interface Rival {
  readonly name: string;
  readonly truth: readonly Truth[];
}

/** Held-out AUROC of each kind's best feature with its interval, beside the best embedding dimension's and a rival dictionary's. */
export function aurocDots(truth: readonly Truth[], rival: Rival | undefined): ChartDrawer {
  const kinds = [...truth].sort((a, b) => b.auroc - a.auroc);
  const domain = kinds.map(({ kind }) => kind);
  const intervals = kinds.map((row) => ({
    kind: row.kind,
    auroc: row.auroc,
    ...aurocInterval(row.auroc, row.images),
  }));
  const others = rival?.truth.filter(({ kind }) => domain.includes(kind)) ?? [];
  const lowest = Math.min(0.5, ...kinds.map((row) => row.dimensionAuroc), ...others.map((row) => row.auroc));
  return ({ plot, dot, ruleX, ruleY, axisX, gridX }, width) =>
    plot({
      width,
      height: 54 + domain.length * 19,
      marginLeft: 92,
      marginTop: 34,
      style,
      x: { domain: [Math.max(0, lowest - 0.02), 1], label: "AUROC on held-out images →" },
      y: { domain, label: null, type: "point" },
      marks: [
        gridX({ stroke: faint, strokeOpacity: 0.25 }),
        axisX({ anchor: "top", ticks: 6 }),
        ruleX([0.9], { stroke: faint, strokeDasharray: "3,3" }),
        ruleY(intervals, { y: "kind", x1: "low", x2: "high", stroke: accent, strokeWidth: 2 }),
        dot(others, { x: "auroc", y: "kind", r: 3.5, stroke: "var(--text)", symbol: "times" }),
        dot(kinds, { x: "dimensionAuroc", y: "kind", r: 3.5, stroke: "var(--dim)", fill: "var(--ground)" }),
        dot(kinds, { x: "auroc", y: "kind", r: 4.5, fill: accent }),
      ],
    });
}
