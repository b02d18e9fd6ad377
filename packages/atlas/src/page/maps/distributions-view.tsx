import { use, useMemo } from "react";
import { count, fixed, measure, percent } from "../format.ts";
import { Chart } from "../parts/chart.tsx";
import type { ChosenEncoder } from "../views/maps.tsx";
import { activationBars, depthLines, type Series } from "./charts.ts";
import { useChoices } from "./choices.ts";
import { type Distribution, type Estimate, loadAll, loadDistributions, type MomentName } from "./data.ts";
import { EncoderLegend } from "./legend.tsx";

/** How activations are distributed: the chosen layer of each encoder, and figures through the depth. */
export function DistributionsView({ encoders }: { encoders: readonly ChosenEncoder[] }) {
  const [chosen, choose] = useChoices();
  const range = chosen.range === "middle" ? "middle" : "all";
  const logarithmic = chosen.scale !== "plain";
  const sites = encoders.map(({ site }) => site);
  const all = use(loadAll("distributions", sites, loadDistributions));
  const found = encoders.map(({ index }, i) => all[i]!.filter(({ layer }) => layer === index));
  return (
    <section>
      <h2>How are activations distributed?</h2>
      <p className="lead">
        All numbers of all tokens of the layer. A normal distribution has an excess kurtosis of 0, Laplace’s
        3; more says that few activations are far larger than the rest.
      </p>
      <div className="encoders-choice">
        <label>
          Values
          <select value={range} onChange={({ target }) => choose({ range: other(target.value, "all") })}>
            <option value="all">all</option>
            <option value="middle">the middle 98 %</option>
          </select>
        </label>
        <label>
          Counts
          <select
            value={logarithmic ? "log" : "plain"}
            onChange={({ target }) => choose({ scale: other(target.value, "log") })}
          >
            <option value="log">logarithmic</option>
            <option value="plain">plain</option>
          </select>
        </label>
      </div>
      <div className="maps-charts">
        {encoders.map(({ site, about, index }, i) => (
          <Bars
            key={site.name}
            name={`${site.name}, ${about.layers[index]!.name}`}
            distribution={found[i]!.find(({ channel }) => channel < 0)!}
            range={range}
            logarithmic={logarithmic}
          />
        ))}
      </div>
      <Figures encoders={encoders} found={found} />
      <div className="maps-charts">
        <Moment encoders={encoders} name="deviation" title="standard deviation" />
        <Moment encoders={encoders} name="kurtosis" title="excess kurtosis" />
      </div>
    </section>
  );
}

/** What the address holds: nothing where it is what is shown anyhow. */
function other(value: string, otherwise: string): string | undefined {
  return value === otherwise ? undefined : value;
}

function Bars({
  name,
  distribution,
  range,
  logarithmic,
}: {
  name: string;
  distribution: Distribution;
  range: "all" | "middle";
  logarithmic: boolean;
}) {
  const draw = useMemo(
    () => activationBars(distribution, range, logarithmic),
    [distribution, range, logarithmic],
  );
  const { moments, p1, p99 } = distribution;
  return (
    <Chart
      draw={draw}
      label={`Activations of ${name}: mean ${measure(moments.mean.mean)}, standard deviation ${measure(moments.deviation.mean)}, 98 % between ${measure(p1)} and ${measure(p99)}`}
      caption={
        <>
          <b>{name}</b>, {count(distribution.count)} activations
          <ul className="legend">
            <li className="key-line" style={{ "--key": "var(--text)" } as React.CSSProperties}>
              normal
            </li>
            <li className="key-line key-broken" style={{ "--key": "var(--faint)" } as React.CSSProperties}>
              Laplace
            </li>
          </ul>
        </>
      }
    />
  );
}

function Figures({
  encoders,
  found,
}: {
  encoders: readonly ChosenEncoder[];
  found: readonly (readonly Distribution[])[];
}) {
  const columns: readonly [string, (one: Distribution) => string][] = [
    ["Mean", ({ moments }) => estimate(moments.mean)],
    ["Standard deviation", ({ moments }) => estimate(moments.deviation)],
    ["Skewness", ({ moments }) => estimate(moments.skewness)],
    ["Excess kurtosis", ({ moments }) => estimate(moments.kurtosis)],
    ["Outliers", ({ outliers }) => percent(outliers)],
    ["From normal", ({ normal }) => fixed(normal, 3)],
    ["From Laplace", ({ laplace }) => fixed(laplace, 3)],
  ];
  return (
    <div className="scroll-x">
      <table className="maps-figures">
        <caption className="hidden">Activations of the layer and of single channels</caption>
        <thead>
          <tr>
            <th scope="col">Activations</th>
            {columns.map(([name]) => (
              <th key={name} scope="col" className="value">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        {encoders.map(({ site, about, index }, i) => (
          <tbody key={site.name}>
            {found[i]!.map((one) => (
              <tr key={one.channel}>
                <th scope="row">
                  {one.channel < 0 ? `${site.name}, ${about.layers[index]!.name}` : `channel ${one.channel}`}
                </th>
                {columns.map(([name, value]) => (
                  <td key={name} className="value">
                    {value(one)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      <p className="faint">
        In brackets 95 % intervals over images. Outliers lie more than {encoders[0]!.about.outlierDeviations}{" "}
        standard deviations from the mean. “From” is Kolmogorov’s and Smirnov’s distance to the distribution
        of that kind that fits best. Single channels are drawn at random.
      </p>
    </div>
  );
}

function estimate({ mean, low, high }: Estimate): string {
  return `${signed(mean)} (${signed(low)} to ${signed(high)})`;
}

function signed(value: number): string {
  return measure(value).replace("-", "−");
}

function Moment({
  encoders,
  name,
  title,
}: {
  encoders: readonly ChosenEncoder[];
  name: MomentName;
  title: string;
}) {
  const sites = encoders.map(({ site }) => site);
  const found = use(loadAll("distributions", sites, loadDistributions));
  const names = encoders.map(({ site }) => site.name);
  const { draw, series } = useMemo(() => {
    const series = encoders.map(
      ({ site, about }, i): Series => ({
        name: site.name,
        points: found[i]!.filter(({ channel }) => channel < 0).map(({ layer, moments }) => ({
          ...moments[name],
          layer: about.layers[layer]!.name,
          depth: layer / Math.max(1, about.layers.length - 1),
        })),
      }),
    );
    return { series, draw: depthLines(series, title) };
  }, [encoders, found, name, title]);
  return (
    <Chart
      draw={draw}
      label={series
        .map(
          ({ name, points }) =>
            `${title} of ${name}: ${points.map(({ layer, mean }) => `${layer} ${measure(mean)}`).join(", ")}`,
        )
        .join("; ")}
      caption={
        <EncoderLegend names={names}>
          <li className="key-none">upright lines are 95 % intervals</li>
        </EncoderLegend>
      }
    />
  );
}
