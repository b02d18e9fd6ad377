import type { SiteEvaluation, SiteTable } from "@optogram/render-atlas/site";
import { use } from "react";
import { count, fixed } from "../format.ts";
import { type FamilyRow, loadFamilies } from "./families.ts";

const columns = 5;

/** Two families pair by pair, under each judge, with both tests. */
export function FamiliesTable({ site, table }: { site: SiteEvaluation; table: SiteTable }) {
  const families = use(loadFamilies(table));
  const [first] = [...families.values()].flat();
  if (!first) return null;
  const titleOf = (judge: string) => site.judges.find(({ name }) => name === judge)?.title ?? judge;
  return (
    <section>
      <h2>Two families, pair by pair</h2>
      <p className="lead">
        Chosen pairs of encoders, at each size of the input and under each judge: does the first keep more
        than the second?
      </p>
      <div className="scroll-x">
        <table className="families">
          <caption className="hidden">Cosines of pairs of encoders under each judge</caption>
          <thead>
            <tr>
              <th scope="col">First, second</th>
              <th scope="col" className="value">
                Means
              </th>
              <th scope="col" className="value">
                Difference
              </th>
              <th scope="col" className="value">
                Effect
              </th>
              <th scope="col" className="value">
                p by ranks, by t
              </th>
            </tr>
          </thead>
          {[...families].map(([judge, rows]) => (
            <tbody key={judge}>
              <tr>
                <th scope="rowgroup" colSpan={columns}>
                  Judge: {titleOf(judge)}
                  {rows[0]?.judgeCompared && (
                    <span className="encoders-mark"> is compared itself, and favours what it keeps</span>
                  )}
                </th>
              </tr>
              {rows.map((row) => (
                <Pair key={`${row.a} ${row.b}`} row={row} />
              ))}
            </tbody>
          ))}
        </table>
      </div>
      <p className="faint">
        Cosines over {count(first.n)} images, differences with 95 % bootstrap intervals. The effect is from −1
        to 1, positive where the first is ahead. Both tests, Wilcoxon’s signed ranks and Student’s paired t,
        are two-sided and adjusted by Holm over the whole table.
      </p>
    </section>
  );
}

function Pair({ row }: { row: FamilyRow }) {
  const { a, b, inputs, means, difference, low, high, effect, wilcoxon, student } = row;
  const sizes = [...new Set(inputs)].map((size) => `${size} px`).join(" and ");
  return (
    <tr>
      <th scope="row">
        {a}, {b}
        <small>{sizes}</small>
      </th>
      <td className="value">
        {fixed(means[0], 3)}
        <small>{fixed(means[1], 3)}</small>
      </td>
      <td className="value">
        {fixed(difference, 4)}
        <small>
          {fixed(low, 4)} to {fixed(high, 4)}
        </small>
      </td>
      <td className="value">{fixed(effect, 2)}</td>
      <td className="value">
        {chance(wilcoxon)}
        <small>{chance(student)}</small>
      </td>
    </tr>
  );
}

function chance(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}
