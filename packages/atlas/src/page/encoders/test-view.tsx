import type { SiteMeasure } from "@optogram/render-atlas/site";
import { count } from "../format.ts";
import { useChoices } from "./choices.ts";
import { type Comparison, comparisonOf, decimals, type Ranking, type Score } from "./ranking.ts";

const significance = 0.05;

/** The test between two encoders, in words. */
export function TestBetween({
  ranking,
  scores,
  measure,
}: {
  ranking: Ranking;
  scores: readonly Score[];
  measure: SiteMeasure;
}) {
  const [chosen, choose] = useChoices();
  const names = scores.filter(({ rank }) => rank !== null).map(({ entry }) => entry.id);
  if (names.length < 2) return null;
  const a = names.find((name) => name === chosen.first) ?? names[0]!;
  const b = names.find((name) => name === chosen.second && name !== a) ?? names.find((name) => name !== a)!;
  const test = comparisonOf(ranking, measure.key, a, b);
  return (
    <section>
      <h2>Do two of them differ?</h2>
      <div className="encoders-choice">
        <NameChoice
          label="Between"
          names={names}
          value={a}
          onChoose={(first) => choose({ first, second: first === b ? a : b })}
        />
        <NameChoice
          label="and"
          names={names.filter((name) => name !== a)}
          value={b}
          onChoose={(second) => choose({ first: a, second })}
        />
      </div>
      {test ? (
        <p className="encoders-test" aria-live="polite">
          {verdict(test, measure, decimals(scores))}
        </p>
      ) : (
        <p className="faint">These two were not tested against one another by this score.</p>
      )}
    </section>
  );
}

function NameChoice({
  label,
  names,
  value,
  onChoose,
}: {
  label: string;
  names: readonly string[];
  value: string;
  onChoose: (name: string) => void;
}) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ target }) => onChoose(target.value)}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function verdict({ a, b, n, difference, effect, p }: Comparison, measure: SiteMeasure, digits: number) {
  const apart = Math.abs(difference).toFixed(digits);
  const differ = p < significance;
  const better = effect >= 0 ? a : b;
  return (
    <>
      <b>{differ ? `They differ: ${better} keeps more.` : "No difference was found."}</b> On average over{" "}
      {count(n)} images, {a} scores {apart} {difference >= 0 ? "higher" : "lower"} than {b} ({measure.title}).
      If they were alike, a gap as large or larger would come about {chance(p)} (p{" "}
      {p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`}, Wilcoxon’s signed ranks on the same images, adjusted by
      Holm over all pairs). The effect is {Math.abs(effect).toFixed(2)} in favour of {better}: 0 if either is
      as often and as far ahead, 1 if it is ahead on every image.
    </>
  );
}

function chance(p: number): string {
  if (p < 0.001) return "less than once in 1,000 such studies";
  if (p < 0.1) return `once in ${count(1 / p)} such studies`;
  return p >= 0.995 ? "nearly always" : `in ${Math.round(100 * p)} of 100 such studies`;
}
