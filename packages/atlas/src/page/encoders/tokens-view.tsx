import type { SiteMeasure } from "@optogram/render-atlas/site";
import { useMemo } from "react";
import { Chart } from "../parts/chart.tsx";
import { decimals, type Score } from "./ranking.ts";
import { tokenPoints, tokensChart } from "./tokens-chart.ts";

/** Nothing where all have the same number of tokens. */
export function ScoreByTokens({ scores, measure }: { scores: readonly Score[]; measure: SiteMeasure }) {
  const points = useMemo(() => tokenPoints(scores), [scores]);
  const draw = useMemo(() => tokensChart(points, measure), [points, measure]);
  if (new Set(points.map(({ tokens }) => tokens)).size < 2) return null;
  const digits = decimals(scores);
  return (
    <section className="encoders-tokens">
      <h2>Do more tokens keep more?</h2>
      <p className="lead">
        The same scores against the number of tokens that a painter reads: an encoder that cuts the image into
        smaller pieces, or sees it larger, has more of them to keep it in.
      </p>
      <Chart
        draw={draw}
        label={`${measure.title} by tokens: ${points.map(({ entry, tokens, mean }) => `${entry.id}, ${tokens} tokens, ${mean.toFixed(digits)}`).join("; ")}`}
        caption={
          <ul className="legend">
            <li className="key-bar">encoder</li>
            {points.some(({ learnt }) => !learnt) && <li className="key-bar key-grey">random weights</li>}
            <li className="key-none">upright lines are 95 % intervals; a number alone is a rank</li>
          </ul>
        }
      />
    </section>
  );
}
