import type { SiteMeasure } from "@optogram/render-atlas/site";
import type { ChartDrawer } from "../charts.ts";
import { look } from "./charts.ts";
import { isLearnt, type Score } from "./ranking.ts";

const height = 380;
const margin = { top: 16, bottom: 44, left: 56 };
/** Of a label, in pixels: what one needs of the height, and what one letter needs of the width. */
const line = 15;
const letter = 7;
/** Below this width names would lie over one another: ranks stand for them. */
const narrow = 560;

interface Point extends Score {
  readonly tokens: number;
  readonly learnt: boolean;
}

/** The ranked, each encoder by its deepest block alone, with the number of tokens that it was painted from. */
export function tokenPoints(scores: readonly Score[]): readonly Point[] {
  const block = ({ entry }: Score) => entry.encoder?.block ?? 0;
  const byEncoder = Map.groupBy(
    scores.filter(({ rank, entry }) => rank !== null && entry.encoder),
    ({ entry }) => entry.encoder!.name,
  );
  return [...byEncoder.values()].map((layers) => {
    const score = layers.reduce((deepest, one) => (block(one) > block(deepest) ? one : deepest));
    return { ...score, tokens: score.entry.encoder!.tokens, learnt: isLearnt(score.entry) };
  });
}

/** Scores with their intervals against the number of tokens, on a logarithmic axis, with a label an encoder. */
export function tokensChart(points: readonly Point[], measure: SiteMeasure): ChartDrawer {
  const counts = [...new Set(points.map(({ tokens }) => tokens))].sort((a, b) => a - b);
  const [low, high] = [Math.min(...points.map((p) => p.low)), Math.max(...points.map((p) => p.high))];
  const room = 0.06 * (high - low || 1);
  const domain = [low - room, high + room] as const;
  const perPixel = (domain[1] - domain[0]) / (height - margin.top - margin.bottom);
  return ({ plot, dot, text, ruleX, axisX, axisY }, width) => {
    const named = width >= narrow;
    const labels = spread(points, line * perPixel).map(({ point, at }) => ({
      ...{ tokens: point.tokens, at },
      label: named ? point.entry.id : String(point.rank),
    }));
    const marginRight = 24 + letter * Math.max(...labels.map(({ label }) => label.length));
    return plot({
      ...{ width, height, marginRight, style: look },
      ...{ marginTop: margin.top, marginBottom: margin.bottom, marginLeft: margin.left },
      x: { type: "log", base: 2, label: "tokens →", inset: 14 },
      y: { domain, label: `↑ ${measure.title}` },
      marks: [
        axisX({ ticks: counts, tickFormat: String }),
        axisY({ ticks: 5 }),
        ruleX(points, { x: "tokens", y1: "low", y2: "high", stroke: "var(--text)", strokeWidth: 1.5 }),
        dot(points, {
          ...{ x: "tokens", y: "mean", r: 4.5 },
          fill: ({ learnt }: Point) => (learnt ? "var(--accent)" : "var(--faint)"),
        }),
        text(labels, {
          ...{ x: "tokens", y: "at", text: "label" },
          ...{ textAnchor: "start", dx: 11, fill: "var(--text)" },
        }),
      ],
    });
  };
}

/** Where each point's label stands: beside it, or so far below the one above in its column that both can be read. */
export function spread<P extends { readonly tokens: number; readonly mean: number }>(
  points: readonly P[],
  apart: number,
): { readonly point: P; readonly at: number }[] {
  const lowest = new Map<number, number>();
  return [...points]
    .sort((a, b) => b.mean - a.mean)
    .map((point) => {
      const free = (lowest.get(point.tokens) ?? Number.POSITIVE_INFINITY) - apart;
      const at = Math.min(point.mean, free);
      lowest.set(point.tokens, at);
      return { point, at };
    });
}
