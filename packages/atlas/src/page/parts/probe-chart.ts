import type { ChartDrawer } from "../charts.ts";
import { type ProbeName, type ProbePoint, valueInWords } from "../data/probes.ts";

/** One of the features whose curves are drawn. */
export interface Curve {
  readonly feature: number;
  readonly colour: string;
  readonly dashed: boolean;
}

/** Space beside the plot in pixels; the slider below keeps to it, so that its thumb walks along the curves. */
export const chartMargins = { left: 46, right: 14 };

const axes: Readonly<Record<ProbeName, string>> = {
  size: "size, as a share of the frame (logarithmic) →",
  number: "number of things, each 0.56 of the frame →",
  wholeness: "",
};

/** Activation of features over a probe's values, a band of one standard deviation over the drawings around each. */
export function probeCurves(
  points: readonly ProbePoint[],
  probe: ProbeName,
  curves: readonly Curve[],
  at: number,
): ChartDrawer {
  const lines = curves.map((curve) => ({
    ...curve,
    dots: points.map(({ value, answers }) => {
      const { mean, deviation } = answers.get(curve.feature) ?? { mean: 0, deviation: 0 };
      const x = probe === "wholeness" ? valueInWords(probe, value) : value;
      return { x, mean, low: Math.max(0, mean - deviation), high: mean + deviation };
    }),
  }));
  const marked = points[at] && lines[0]?.dots[at]?.x;
  return ({ plot, areaY, lineY, dot, ruleX, ruleY }, width) =>
    plot({
      width,
      height: 280,
      marginLeft: chartMargins.left,
      marginRight: chartMargins.right,
      marginBottom: 42,
      marginTop: 26,
      style: { fontSize: "13px", background: "none", overflow: "visible" },
      x: {
        label: axes[probe],
        ...(probe === "size" && {
          type: "log" as const,
          reverse: true,
          ticks: [1, 0.5, 0.2, 0.1],
          tickFormat: "~g",
        }),
        ...(probe === "number" && { ticks: [1, 5, 10, 15, 20], domain: [1, Math.max(2, points.length)] }),
        ...(probe === "wholeness" && { type: "point" as const, padding: 0, domain: ["whole", "sliced"] }),
      },
      y: { label: "↑ activation", grid: true, ticks: 4, zero: true, nice: true },
      marks: [
        ruleY([0], { stroke: "var(--faint)" }),
        ...(marked === undefined ? [] : [ruleX([marked], { stroke: "var(--text)", strokeOpacity: 0.5 })]),
        ...lines.flatMap(({ dots, colour, dashed }) => [
          areaY(dots, { x: "x", y1: "low", y2: "high", fill: colour, fillOpacity: 0.18 }),
          lineY(dots, {
            x: "x",
            y: "mean",
            stroke: colour,
            strokeWidth: 2.25,
            ...(dashed && { strokeDasharray: "6,4" }),
          }),
          dot(dots, { x: "x", y: "mean", r: 2.5, fill: colour }),
          dot(dots.slice(at, at + 1), { x: "x", y: "mean", r: 6, fill: colour, stroke: "var(--ground)" }),
        ]),
      ],
    });
}
