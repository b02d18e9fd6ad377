import type { ChartDrawer } from "../charts.ts";
import { look } from "../encoders/charts.ts";
import type { CosineBin, ReliabilityBin } from "./data.ts";

const faint = "var(--faint)";
const accent = "var(--accent)";
const text = "var(--text)";

/** The share of pairs that match against what the confidence says, with 95 % intervals; the diagonal is what is wanted. */
export function reliabilityCurve(bins: readonly ReliabilityBin[]): ChartDrawer {
  const of = (values: string) => bins.filter((bin) => bin.values === values && bin.pairs > 0);
  const diagonal = [0, 1].map((at) => ({ confidence: at, share: at }));
  return ({ plot, line, lineY, dot, ruleX, axisX, axisY }, width) => {
    const series = (rows: readonly ReliabilityBin[], colour: string) => [
      ruleX(rows, { x: "confidence", y1: "low", y2: "high", stroke: colour, strokeWidth: 2 }),
      lineY(rows, { x: "confidence", y: "share", stroke: colour, strokeWidth: 1.5, strokeOpacity: 0.6 }),
      dot(rows, { x: "confidence", y: "share", r: 4, fill: colour }),
    ];
    return plot({
      width,
      height: 320,
      marginLeft: 52,
      marginBottom: 44,
      style: look,
      x: { label: "confidence →", domain: [0, 1] },
      y: { label: "↑ share of pairs that match", domain: [0, 1] },
      marks: [
        axisX({ ticks: 5 }),
        axisY({ ticks: 5 }),
        line(diagonal, { x: "confidence", y: "share", stroke: text, strokeDasharray: "4,4" }),
        ...series(of("heuristic"), faint),
        ...series(of("fitted"), accent),
      ],
    });
  };
}

/** Colours of the kinds of pairs, the first lying in front. */
const kindColours = [accent, faint, text];

/**
 * How cosines of pairs are distributed by kind, each kind's bars adding up to 1, and where the threshold lies, if there
 * is one to draw.
 */
export function cosineBars(
  bins: readonly CosineBin[],
  kinds: readonly string[],
  threshold?: number,
): ChartDrawer {
  return ({ plot, rectY, ruleX, ruleY, axisX, axisY }, width) => {
    const bars = (kind: string, i: number) =>
      rectY(
        bins.filter(({ pairs }) => pairs === kind),
        { x1: "from", x2: "to", y: "share", fill: kindColours[i]!, fillOpacity: 0.6, inset: 0 },
      );
    return plot({
      width,
      height: 320,
      marginLeft: 52,
      marginBottom: 44,
      style: look,
      x: { label: "cosine →" },
      y: { label: "↑ share of the pairs of a kind" },
      marks: [
        axisX({ ticks: 6 }),
        axisY({ ticks: 5 }),
        ...kinds.map(bars).toReversed(),
        ruleY([0], { stroke: faint }),
        ruleX(threshold === undefined ? [] : [threshold], { stroke: text, strokeDasharray: "4,4" }),
      ],
    });
  };
}
