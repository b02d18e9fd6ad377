import { type ReactNode, use, useMemo } from "react";
import { count, fixed, measure, numberWithin, percent } from "../format.ts";
import { Chart } from "../parts/chart.tsx";
import { activationBars } from "./charts.ts";
import { type ChosenEncoder, useChoices } from "./choices.ts";
import { type Distribution, type Estimate, loadAll, loadDistributions, type MomentName } from "./data.ts";
import { DepthChart } from "./depth-chart.tsx";

/** How activations are distributed: the chosen layer of each encoder, and figures through the depth. */
export function DistributionsView({ encoders }: { encoders: readonly ChosenEncoder[] }) {
  const [chosen, choose] = useChoices();
  const range = chosen.range === "middle" ? "middle" : "all";
  const logarithmic = chosen.scale !== "plain";
  const sites = encoders.map(({ site }) => site);
  const all = use(loadAll("distributions", sites, loadDistributions));
  const singles = Math.max(...encoders.map(({ about, index }) => about.layers[index]!.channels.length));
  const single = numberWithin(chosen.single ?? "", 0, singles, 0);
  const found = encoders.map(({ index }, i) => {
    const ofLayer = all[i]!.filter(({ layer }) => layer === index);
    return ofLayer[Math.min(single, ofLayer.length - 1)]!;
  });
  return (
    <section>
      <h2>How are activations distributed?</h2>
      <p className="lead">
        The numbers of all tokens of the layer. A normal distribution has an excess kurtosis of 0, Laplace’s
        3; more says that few activations are far larger than the rest.
      </p>
      <div className="encoders-choice">
        <label>
          Of
          <select value={single} onChange={({ target }) => choose({ single: other(target.value, "0") })}>
            <option value="0">all channels</option>
            {Array.from({ length: singles }, (_, i) => i + 1).map((i) => (
              <option key={i} value={i}>
                one channel, draw {i}
              </option>
            ))}
          </select>
        </label>
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
            name={`${site.name}, ${about.layers[index]!.name}${channelName(found[i]!)}`}
            distribution={found[i]!}
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

function channelName({ channel }: Distribution): string {
  return channel < 0 ? "" : `, channel ${channel}`;
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

const figures: readonly [name: string, value: (one: Distribution) => ReactNode][] = [
  ["Mean", ({ moments }) => <Estimated value={moments.mean} />],
  ["Standard deviation", ({ moments }) => <Estimated value={moments.deviation} />],
  ["Skewness", ({ moments }) => <Estimated value={moments.skewness} />],
  ["Excess kurtosis", ({ moments }) => <Estimated value={moments.kurtosis} />],
  ["Outliers", ({ outliers }) => percent(outliers)],
  ["Distance from normal", ({ normal }) => fixed(normal, 3)],
  ["Distance from Laplace", ({ laplace }) => fixed(laplace, 3)],
];

function Figures({
  encoders,
  found,
}: {
  encoders: readonly ChosenEncoder[];
  found: readonly Distribution[];
}) {
  return (
    <div className="scroll-x">
      <table className="maps-figures" style={{ "--encoders": encoders.length } as React.CSSProperties}>
        <caption className="hidden">Activations of each encoder at its layer</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden">Figure</span>
            </th>
            {encoders.map(({ site }) => (
              <th key={site.name} scope="col" className="value">
                {site.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {encoders.map(({ site }, i) => (
                <td key={site.name} className="value">
                  {value(found[i]!)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="faint">
        Small print: 95 % intervals over images. Outliers lie more than {encoders[0]!.about.outlierDeviations}{" "}
        standard deviations from the mean. Distances are Kolmogorov’s and Smirnov’s, from the distribution of
        that kind that fits best.
      </p>
    </div>
  );
}

function Estimated({ value: { mean, low, high } }: { value: Estimate }) {
  return (
    <>
      {signed(mean)}
      <small>
        {signed(low)} to {signed(high)}
      </small>
    </>
  );
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
  const estimates = useMemo(
    () =>
      encoders.map(({ about }, e) =>
        about.layers.map(
          (_, i) => found[e]!.find(({ channel, layer }) => channel < 0 && layer === i)?.moments[name],
        ),
      ),
    [encoders, found, name],
  );
  return (
    <DepthChart
      encoders={encoders}
      estimates={estimates}
      title={title}
      said={(name) => `${title} of ${name}`}
      written={measure}
    >
      <li className="key-none">upright lines are 95 % intervals</li>
    </DepthChart>
  );
}
