import { type ReactNode, useMemo } from "react";
import { Chart } from "../parts/chart.tsx";
import { depthLines, type Series } from "./charts.ts";
import type { ChosenEncoder } from "./choices.ts";
import type { Estimate } from "./data.ts";
import { EncoderLegend } from "./legend.tsx";

/** An estimate through the layers of each encoder; `children` are further lines of the legend. */
export function DepthChart({
  encoders,
  estimates,
  title,
  said,
  written,
  rules,
  children,
}: {
  encoders: readonly ChosenEncoder[];
  /** Of each encoder one a layer, where it is known. */
  estimates: readonly (readonly (Estimate | undefined)[])[];
  title: string;
  /** What is told of an encoder to those who do not see the chart. */
  said: (name: string) => string;
  written: (mean: number) => string;
  rules?: readonly number[];
  children: ReactNode;
}) {
  const { draw, series } = useMemo(() => {
    const series = encoders.map(
      ({ site, about: { layers } }, e): Series => ({
        name: site.name,
        points: estimates[e]!.flatMap((estimate, i) =>
          estimate
            ? [{ ...estimate, layer: layers[i]!.name, depth: i / Math.max(1, layers.length - 1) }]
            : [],
        ),
      }),
    );
    return { series, draw: depthLines(series, title, rules) };
  }, [encoders, estimates, title, rules]);
  return (
    <Chart
      draw={draw}
      label={series
        .map(
          ({ name, points }) =>
            `${said(name)}: ${points.map(({ layer, mean }) => `${layer} ${written(mean)}`).join(", ")}`,
        )
        .join("; ")}
      caption={<EncoderLegend names={series.map(({ name }) => name)}>{children}</EncoderLegend>}
    />
  );
}
