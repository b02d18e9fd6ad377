import type { SiteMeasure } from "@optogram/render-atlas/site";
import type { ChartDrawer } from "../charts.ts";
import type { Eigenvalue, Mean } from "./operators.ts";
import { isLearnt, type Score } from "./ranking.ts";

const faint = "var(--faint)";
const accent = "var(--accent)";
const text = "var(--text)";
/** What all charts of the page look like. */
export const look = { fontSize: "13px", background: "none", overflow: "visible" };

/** Letters of a name that a chart's margin holds. */
const longest = 24;

function shortened(name: string): string {
  return name.length > longest ? `${name.slice(0, longest - 1)}…` : name;
}

function marginFor(names: readonly string[]): number {
  return 16 + 7 * Math.max(0, ...names.map((name) => Math.min(longest, name.length)));
}

/**
 * A bar an encoder with its interval, the trained ones in the accent's colour; on it, as a ring, the same encoder's
 * tokens shuffled. A broken line is the mean image, where there is one.
 */
export function rankingBars(scores: readonly Score[], measure: SiteMeasure): ChartDrawer {
  const ranked = scores.filter(({ rank }) => rank !== null);
  const shuffled = scores.filter(({ entry }) => entry.kind === "shuffled-tokens");
  const names = ranked.map(({ entry }) => entry.id);
  const rings = ranked.flatMap(({ entry }) => {
    const same = shuffled.find(
      (one) =>
        one.entry.encoder?.name === entry.encoder?.name && one.entry.encoder?.layer === entry.encoder?.layer,
    );
    return same ? [{ name: entry.id, mean: same.mean }] : [];
  });
  const means = scores.filter(({ entry }) => entry.kind === "mean-image").map(({ mean }) => mean);
  const rows = ranked.map((score) => ({ ...score, name: score.entry.id, learnt: isLearnt(score.entry) }));
  return ({ plot, barX, dot, ruleY, ruleX, gridX, axisX, axisY }, width) =>
    plot({
      width,
      height: 64 + 34 * names.length,
      marginLeft: marginFor(names),
      marginTop: 10,
      marginBottom: 44,
      style: look,
      x: {
        label: `${measure.title}, ${measure.better === "higher" ? "more" : "less"} is better →`,
        zero: true,
        nice: true,
      },
      y: { domain: names, label: null, padding: 0.35 },
      marks: [
        gridX({ stroke: faint, strokeOpacity: 0.25 }),
        axisX({ ticks: 5 }),
        axisY({ tickFormat: shortened, tickSize: 0 }),
        barX(rows, {
          x: "mean",
          y: "name",
          fill: ({ learnt }) => (learnt ? accent : faint),
          fillOpacity: 0.7,
          rx: 3,
        }),
        ruleX(means, { stroke: text, strokeDasharray: "4,4" }),
        ruleY(rows, { y: "name", x1: "low", x2: "high", stroke: text, strokeWidth: 2 }),
        dot(rings, { x: "mean", y: "name", r: 5, stroke: text, strokeWidth: 1.5, fill: "var(--ground)" }),
      ],
    });
}

/** Scores against the block that tokens come from, a line an encoder. */
export function layerLines(curves: ReadonlyMap<string, readonly Score[]>, measure: SiteMeasure): ChartDrawer {
  const rows = [...curves].flatMap(([name, list], i) =>
    list.map(({ entry, mean, low, high }) => ({
      ...{ name, mean, low, high, colour: colourOfLine(i) },
      ...{ block: entry.encoder!.block!, layer: entry.encoder!.layer },
    })),
  );
  const names = new Map(rows.map(({ block, layer }) => [block, layer === "last" ? "last" : String(block)]));
  return ({ plot, lineY, dot, ruleX, ruleY, axisX, axisY }, width) =>
    plot({
      width,
      height: 300,
      marginLeft: 56,
      marginBottom: 44,
      style: look,
      x: { label: "block of the encoder →" },
      y: { label: `↑ ${measure.title}`, nice: true },
      marks: [
        ruleY([], {}),
        axisX({
          ticks: [...names.keys()].sort((a, b) => a - b),
          tickFormat: (block: number) => names.get(block) ?? "",
        }),
        axisY({ ticks: 5 }),
        lineY(rows, { x: "block", y: "mean", z: "name", stroke: "colour", strokeWidth: 2 }),
        ruleX(rows, { x: "block", y1: "low", y2: "high", stroke: "colour", strokeWidth: 2 }),
        dot(rows, { x: "block", y: "mean", r: 4, fill: "colour" }),
      ],
    });
}

/** Keeps 3:1 against both themes' grounds. */
export function colourOfLine(i: number): string {
  return `oklch(0.64 0.14 ${(75 + 137.5 * i) % 360})`;
}

/** Mean ΔE from the changed picture, a bar an operator, between the least and the most that is worth having. */
export function operatorBars(
  operators: readonly Mean[],
  own: Mean | undefined,
  most: Mean | undefined,
): ChartDrawer {
  const names = operators.map(({ name }) => name);
  const line = (mean: Mean | undefined) => (mean ? [mean.value] : []);
  return ({ plot, barX, ruleX, ruleY, gridX, axisX, axisY }, width) =>
    plot({
      width,
      height: 64 + 32 * names.length,
      marginLeft: marginFor(names),
      marginTop: 10,
      marginBottom: 44,
      style: look,
      x: { label: "mean ΔE 2000 from the changed image →", zero: true, nice: true },
      y: { domain: names, label: null, padding: 0.35 },
      marks: [
        gridX({ stroke: faint, strokeOpacity: 0.25 }),
        axisX({ ticks: 5 }),
        axisY({ tickSize: 0 }),
        barX(operators, {
          x: "value",
          y: "name",
          fill: ({ baseline }: Mean) => (baseline ? faint : accent),
          fillOpacity: 0.7,
          rx: 3,
        }),
        ruleX(line(own), { stroke: text, strokeDasharray: "4,4" }),
        ruleX(line(most), { stroke: faint, strokeDasharray: "1,4", strokeWidth: 2 }),
        ruleY(operators, { y: "name", x1: "low", x2: "high", stroke: text, strokeWidth: 2 }),
      ],
    });
}

const circle = Array.from({ length: 121 }, (_, i) => ({
  x: Math.cos((2 * Math.PI * i) / 120),
  y: Math.sin((2 * Math.PI * i) / 120),
}));

/** The farthest from 0 that is drawn: a map that fits noise has eigenvalues of any size. */
const farthest = 2;

/** Eigenvalues in the complex plane with the unit circle; those beyond the plane's edge stand on it, hollow. */
export function eigenvaluePlane(eigenvalues: readonly Eigenvalue[]): ChartDrawer {
  const reach = Math.max(1.15, ...eigenvalues.map(({ re, im }) => Math.max(Math.abs(re), Math.abs(im))));
  const edge = Math.min(farthest, 1.05 * reach);
  const cut = (value: number) => Math.max(-edge, Math.min(edge, value));
  const dots = eigenvalues.map(({ re, im }) => ({
    ...{ x: cut(re), y: cut(im), beyond: Math.max(Math.abs(re), Math.abs(im)) > edge },
  }));
  return ({ plot, line, dot, ruleX, ruleY, axisX, axisY }, width) =>
    plot({
      width,
      height: width + 10,
      marginLeft: 36,
      marginRight: 10,
      marginTop: 24,
      marginBottom: 40,
      style: look,
      x: { domain: [-edge, edge], label: "real part →" },
      y: { domain: [-edge, edge], label: "↑ imaginary part" },
      marks: [
        axisX({ ticks: [-1, 0, 1] }),
        axisY({ ticks: [-1, 0, 1] }),
        ruleX([0], { stroke: faint, strokeOpacity: 0.4 }),
        ruleY([0], { stroke: faint, strokeOpacity: 0.4 }),
        line(circle, { x: "x", y: "y", stroke: faint, strokeWidth: 1.5 }),
        dot(
          dots.filter(({ beyond }) => !beyond),
          { x: "x", y: "y", r: 3, fill: accent, fillOpacity: 0.55 },
        ),
        dot(
          dots.filter(({ beyond }) => beyond),
          { x: "x", y: "y", r: 3, stroke: accent },
        ),
      ],
    });
}
