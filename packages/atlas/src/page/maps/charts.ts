import type { ChartDrawer } from "../charts.ts";
import { colourOfLine, look } from "../encoders/charts.ts";
import type { Bars, CurvePoint, Distribution, Estimate } from "./data.ts";

const faint = "var(--faint)";
const accent = "var(--accent)";
const text = "var(--text)";

/** Values of an encoder at its layers, one after another. */
export interface Series {
  readonly name: string;
  readonly points: readonly (Estimate & { readonly layer: string; readonly depth: number })[];
}

/** Mean IoU against the threshold with its interval, a line an encoder, and what colours alone and the grid reach. */
export function thresholdCurves(
  curves: ReadonlyMap<string, readonly CurvePoint[]>,
  at: ReadonlyMap<string, number>,
  lines: { readonly colour: number; readonly grid: number },
): ChartDrawer {
  const rows = [...curves].flatMap(([name, points], i) =>
    points.map((point) => ({ ...point, name, colour: colourOfLine(i) })),
  );
  const marks = [...at].map(([name, threshold]) => ({
    threshold,
    colour: colourOfLine([...curves.keys()].indexOf(name)),
  }));
  return ({ plot, areaY, lineY, ruleX, ruleY, axisX, axisY }, width) =>
    plot({
      width,
      height: 300,
      marginLeft: 52,
      marginBottom: 44,
      style: look,
      x: { label: "threshold, standard deviations of the first component →" },
      y: {
        label: "↑ mean IoU",
        domain: [0, Math.min(1, 1.1 * Math.max(lines.grid, ...rows.map(({ high }) => high)))],
      },
      marks: [
        axisX({ ticks: 7 }),
        axisY({ ticks: 5 }),
        ruleY([lines.colour], { stroke: text, strokeDasharray: "4,4" }),
        ruleY([lines.grid], { stroke: faint, strokeDasharray: "1,4", strokeWidth: 2 }),
        areaY(rows, { x: "threshold", y1: "low", y2: "high", z: "name", fill: "colour", fillOpacity: 0.2 }),
        lineY(rows, { x: "threshold", y: "iou", z: "name", stroke: "colour", strokeWidth: 2 }),
        ruleX(marks, { x: "threshold", stroke: "colour", strokeWidth: 1.5, strokeOpacity: 0.8 }),
      ],
    });
}

/** Estimates against depth with intervals, a line an encoder; rules where something else stands. */
export function depthLines(
  series: readonly Series[],
  label: string,
  rules: readonly number[] = [],
): ChartDrawer {
  const rows = series.flatMap(({ name, points }, i) =>
    points.map((point) => ({ ...point, name, colour: colourOfLine(i) })),
  );
  const longest = series.reduce((most, one) => (one.points.length > most.points.length ? one : most));
  return ({ plot, lineY, dot, ruleX, ruleY, axisX, axisY }, width) => {
    // As many names as the width has room for.
    const every = Math.max(1, Math.ceil((64 * longest.points.length) / width));
    const ticks = longest.points.filter((_, i) => (longest.points.length - 1 - i) % every === 0);
    return plot({
      width,
      height: 260,
      marginLeft: 56,
      marginRight: 24,
      marginBottom: 44,
      style: look,
      x: { label: "layer →", domain: [0, 1] },
      y: { label: `↑ ${label}`, nice: true },
      marks: [
        axisX({
          ticks: ticks.map(({ depth }) => depth),
          tickFormat: (depth: number) => ticks.find((tick) => tick.depth === depth)?.layer ?? "",
        }),
        axisY({ ticks: 5 }),
        ruleY(rules, { stroke: text, strokeDasharray: "4,4" }),
        lineY(rows, { x: "depth", y: "mean", z: "name", stroke: "colour", strokeWidth: 2 }),
        ruleX(rows, { x: "depth", y1: "low", y2: "high", stroke: "colour", strokeWidth: 2 }),
        dot(rows, { x: "depth", y: "mean", r: 3.5, fill: "colour" }),
      ],
    });
  };
}

/** How often activations take which value, with the normal and the Laplace distribution that fit them best. */
export function activationBars(
  distribution: Distribution,
  range: "all" | "middle",
  logarithmic: boolean,
): ChartDrawer {
  const bars = distribution.bars[range];
  const { moments, laplaceLocation, laplaceScale, count } = distribution;
  const step = (bars.high - bars.low) / bars.counts.length;
  const rows = bars.counts.map((values, i) => ({
    ...{ values, from: bars.low + i * step, to: bars.low + (i + 1) * step },
  }));
  const [mean, deviation] = [moments.mean.mean, moments.deviation.mean || 1];
  const normal = curve(
    bars,
    (x) => Math.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI)),
  );
  const scale = laplaceScale || 1;
  const laplace = curve(bars, (x) => Math.exp(-Math.abs(x - laplaceLocation) / scale) / (2 * scale));
  const fitted = (points: readonly { x: number; density: number }[]) =>
    points
      .map(({ x, density }) => ({ x, values: density * count * step }))
      .filter(({ values }) => !logarithmic || values >= 0.5);
  const drawn = logarithmic ? rows.filter(({ values }) => values >= 0.5) : rows;
  return ({ plot, rectY, lineY }, width) =>
    plot({
      width,
      height: 230,
      marginLeft: 60,
      marginBottom: 42,
      marginTop: 26,
      style: look,
      x: { label: "activation →", ticks: Math.max(3, Math.round(width / 110)) },
      y: {
        ...{ label: "↑ activations", grid: true, ticks: 4, tickFormat: "~s" },
        ...(logarithmic ? { type: "log", domain: [0.5, Math.max(1, ...bars.counts)], clamp: true } : {}),
      },
      marks: [
        rectY(drawn, {
          ...{ x1: "from", x2: "to", fill: accent, fillOpacity: 0.7, inset: 0.3 },
          ...(logarithmic ? { y1: 0.5, y2: "values" } : { y: "values" }),
        }),
        lineY(fitted(normal), { x: "x", y: "values", stroke: text, strokeWidth: 1.5 }),
        lineY(fitted(laplace), {
          x: "x",
          y: "values",
          stroke: faint,
          strokeDasharray: "4,3",
          strokeWidth: 1.5,
        }),
      ],
    });
}

function curve({ low, high }: Bars, density: (x: number) => number) {
  const points = 160;
  return Array.from({ length: points + 1 }, (_, i) => {
    const x = low + ((high - low) * i) / points;
    return { x, density: density(x) };
  });
}

/** Shares of variance by component, a line an encoder. */
export function varianceLines(series: ReadonlyMap<string, readonly number[]>): ChartDrawer {
  const rows = [...series].flatMap(([name, shares], i) =>
    shares.map((share, c) => ({ name, component: c + 1, share: 100 * share, colour: colourOfLine(i) })),
  );
  return ({ plot, lineY, dot, axisX, axisY, ruleY }, width) =>
    plot({
      width,
      height: 260,
      marginLeft: 52,
      marginBottom: 44,
      style: look,
      x: { label: "component →" },
      y: { label: "↑ share of the variance, %", zero: true, nice: true },
      marks: [
        ruleY([0], { stroke: faint, strokeOpacity: 0.4 }),
        axisX({ ticks: 8, tickFormat: String }),
        axisY({ ticks: 5 }),
        lineY(rows, { x: "component", y: "share", z: "name", stroke: "colour", strokeWidth: 2 }),
        dot(rows, { x: "component", y: "share", r: 3, fill: "colour" }),
      ],
    });
}
