import type { ChartDrawer } from "../charts.ts";
import type { Difference, SpreadImage } from "../data/spread.ts";

const faint = "var(--faint)";
const accent = "var(--accent)";

export type Statistic = "saturation" | "contrast" | "things";

/**
 * One statistic of every image: the original as a ring, its generations as dots. Below them the mean difference as a
 * line from the originals' mean on, with its interval.
 */
export function statisticDots(
  images: readonly SpreadImage[],
  statistic: Statistic,
  difference: Difference,
  label: string,
): ChartDrawer {
  const all = "mean";
  const names = images.map((_, i) => `image ${i + 1}`);
  const originals = images.map((image, i) => ({ name: names[i], value: image[statistic] }));
  const made = images.flatMap((image, i) =>
    image.generations.map((one) => ({ name: names[i], value: one[statistic] })),
  );
  const { original, generated, low, high } = difference;
  const interval = [{ name: all, low: original + low, high: original + high }];
  return ({ plot, dot, ruleY, ruleX, gridX, axisX }, width) =>
    plot({
      width,
      height: 74 + 26 * (images.length + 1),
      marginLeft: 68,
      marginTop: 14,
      marginBottom: 40,
      style: { fontSize: "13px", background: "none", overflow: "visible" },
      x: { label: `${label} →`, zero: true, nice: true },
      y: { domain: [...names, all], label: null, type: "point", padding: 0.6 },
      marks: [
        gridX({ stroke: faint, strokeOpacity: 0.25 }),
        axisX({ ticks: 5 }),
        ruleX([original], { stroke: faint, strokeDasharray: "3,3" }),
        ruleY(interval, { y: "name", x1: "low", x2: "high", stroke: accent, strokeWidth: 2 }),
        dot(made, { x: "value", y: "name", r: 4, fill: accent, fillOpacity: 0.75 }),
        dot([{ name: all, value: generated }], { x: "value", y: "name", r: 5, fill: accent }),
        dot([...originals, { name: all, value: original }], {
          x: "value",
          y: "name",
          r: 5,
          stroke: "var(--text)",
          strokeWidth: 2,
        }),
      ],
    });
}
