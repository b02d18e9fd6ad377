import type { SiteEvaluation, SiteMeasure } from "@optogram/render-atlas/site";
import { useMemo } from "react";
import { count, fixed } from "../format.ts";
import { Chart } from "../parts/chart.tsx";
import { colourOfLine, layerLines, rankingBars } from "./charts.ts";
import { useChoices } from "./choices.ts";
import { arrow, decimals, describeEntry, isLearnt, layerCurves, type Score } from "./ranking.ts";

/** The measure that the address names, or the first. */
export function chosenMeasure({ measures }: SiteEvaluation, key: string | undefined): SiteMeasure {
  return measures.find((measure) => measure.key === key) ?? measures[0]!;
}

export function MeasureChoice({ site, measure }: { site: SiteEvaluation; measure: SiteMeasure }) {
  const [, choose] = useChoices();
  const judge = site.judges.find(({ name }) => name === measure.judge);
  return (
    <div className="encoders-choice">
      <label>
        Score
        <select
          value={measure.key}
          onChange={({ target }) =>
            choose({ measure: target.value === site.measures[0]!.key ? undefined : target.value })
          }
        >
          {site.measures.map(({ key, title, judge }) => (
            <option key={key} value={key}>
              {title}
              {isCompared(site, judge) ? " (is compared itself)" : ""}
            </option>
          ))}
        </select>
      </label>
      <span className="faint">
        {arrow(measure)}
        {judge && `; the judge: ${judge.title}`}
        {judge?.compared && (
          <b className="encoders-mark">
            This judge is one of the encoders compared, and favours what it keeps itself.
          </b>
        )}
      </span>
    </div>
  );
}

function isCompared(site: SiteEvaluation, judge: string | undefined): boolean {
  return site.judges.some(({ name, compared }) => name === judge && compared);
}

export function RankingChart({ scores, measure }: { scores: readonly Score[]; measure: SiteMeasure }) {
  const draw = useMemo(() => rankingBars(scores, measure), [scores, measure]);
  const digits = decimals(scores);
  const ranked = scores.filter(({ rank }) => rank !== null);
  const has = (kind: Score["entry"]["kind"]) => scores.some(({ entry }) => entry.kind === kind);
  return (
    <Chart
      draw={draw}
      label={`${measure.title}: ${ranked.map(({ entry, mean }) => `${entry.id} ${mean.toFixed(digits)}`).join(", ")}`}
      caption={
        <ul className="legend">
          <li className="key-bar">encoder, with the 95 % interval of its mean</li>
          {has("random-weights") && <li className="key-bar key-grey">random weights</li>}
          {has("shuffled-tokens") && <li className="key-ring">its tokens shuffled</li>}
          {has("mean-image") && <li className="key-dashes">mean image</li>}
        </ul>
      }
    />
  );
}

export function RankingTable({ scores, measure }: { scores: readonly Score[]; measure: SiteMeasure }) {
  const learnt = scores.filter(({ entry }) => isLearnt(entry));
  const controls = scores.filter(({ entry }) => !isLearnt(entry));
  const digits = decimals(scores);
  const columns = 4;
  return (
    <div className="scroll-x">
      <table className="ranking">
        <caption className="hidden">{measure.title}</caption>
        <thead>
          <tr>
            <th scope="col">Rank</th>
            <th scope="col">Encoder</th>
            <th scope="col" className="value">
              Score
            </th>
            <th scope="col">Alike</th>
          </tr>
        </thead>
        <tbody>
          {learnt.map((score) => (
            <RankingRow key={score.entry.id} score={score} digits={digits} />
          ))}
        </tbody>
        <tbody className="ranking-controls">
          <tr>
            <th scope="rowgroup" colSpan={columns}>
              Controls: what the scores mean
            </th>
          </tr>
          {controls.map((score) => (
            <RankingRow key={score.entry.id} score={score} digits={digits} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RankingRow({ score, digits }: { score: Score; digits: number }) {
  const { entry, rank, mean, low, high, groups, own } = score;
  return (
    <tr>
      <td>{rank ?? "–"}</td>
      <th scope="row">
        {entry.id}
        {own && <span className="encoders-mark"> its own judge</span>}
        <small>
          {describeEntry(entry)}
          {entry.encoder && `, ${count(entry.encoder.tokens)} tokens`}
        </small>
      </th>
      <td className="value">
        {fixed(mean, digits)}
        <small>
          {fixed(low, digits)} to {fixed(high, digits)}
        </small>
      </td>
      <td>{groups ?? "–"}</td>
    </tr>
  );
}

/** Nothing where every encoder was judged at one layer alone. */
export function LayerCurve({ scores, measure }: { scores: readonly Score[]; measure: SiteMeasure }) {
  const curves = useMemo(() => layerCurves(scores), [scores]);
  const draw = useMemo(() => layerLines(curves, measure), [curves, measure]);
  if (curves.size === 0) return null;
  return (
    <section className="encoders-layers">
      <h2>Where in the network is it lost?</h2>
      <p className="lead">
        The same, with tokens taken after earlier blocks. What a later block scores less than an earlier one
        was let go between them.
      </p>
      <Chart
        draw={draw}
        label={[...curves]
          .map(
            ([name, list]) =>
              `${name}: ${list.map(({ entry, mean }) => `block ${entry.encoder?.block} ${mean.toFixed(decimals(scores))}`).join(", ")}`,
          )
          .join("; ")}
        caption={
          <ul className="legend">
            {[...curves.keys()].map((name, i) => (
              <li key={name} style={{ "--key": colourOfLine(i) } as React.CSSProperties} className="key-line">
                {name}
              </li>
            ))}
            <li className="key-none">upright lines are 95 % intervals</li>
          </ul>
        }
      />
    </section>
  );
}
