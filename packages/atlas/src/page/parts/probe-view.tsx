import type { SiteProbes } from "@optogram/render-atlas/site";
import { use, useMemo } from "react";
import { useAtlas } from "../atlas.tsx";
import { colourOf } from "../colour.ts";
import type { Feature } from "../data/encoder.ts";
import { loadProbe, type ProbeName, type ProbePoint, probeNames, valueInWords } from "../data/probes.ts";
import { useRestingQuery } from "../resting-query.ts";
import { Chart } from "./chart.tsx";
import { type Curve, chartMargins, probeCurves } from "./probe-chart.ts";
import { ProbePicture } from "./probe-picture.tsx";

/** What the address or the pair chooses. */
export interface Chosen {
  readonly thing: number;
  readonly probe: ProbeName;
  /** Where the slider starts. */
  readonly value: number | undefined;
}

const titles: Readonly<Record<ProbeName, string>> = {
  size: "Size",
  number: "Number",
  wholeness: "Whole or sliced",
};

/** Curves of two features over one thing about a thing, and a slider along them that shows the image. */
export function ProbeView({
  probes,
  a,
  b,
  chosen,
  onChoose,
}: {
  probes: SiteProbes;
  a: Feature;
  b: Feature;
  chosen: Chosen;
  onChoose: (change: { thing?: string; probe?: string }) => void;
}) {
  const { encoder } = useAtlas();
  const all = use(loadProbe(encoder, chosen.thing));
  const offered = probeNames.filter((name) => all.some(({ probe }) => probe === name));
  const probe = offered.includes(chosen.probe) ? chosen.probe : (offered[0] ?? "size");
  const points = useMemo(() => all.filter((point) => point.probe === probe), [all, probe]);
  const name = probes.things[chosen.thing] ?? "";
  const [asked, ask] = useRestingQuery("compare", "at", String(chosen.value ?? ""));
  const at = nearest(points, asked);
  const curves = useMemo(
    () =>
      [a, b].map((feature, i) => ({
        feature: feature.feature,
        colour: colourOf(feature, encoder.map),
        dashed: i === 1,
      })),
    [a, b, encoder.map],
  );
  const draw = useMemo(() => probeCurves(points, probe, curves, at), [points, probe, curves, at]);
  const point = points[at];
  const said = `${name}, ${point ? valueInWords(probe, point.value) : "not probed"}`;
  return (
    <div className="probe">
      <div className="probe-choices">
        <label>
          Thing
          <select
            value={chosen.thing}
            onChange={(event) => onChoose({ thing: probes.things[Number(event.target.value)] ?? "" })}
          >
            {probes.things.map((thing, i) => (
              <option key={thing} value={i}>
                {thing}
              </option>
            ))}
          </select>
        </label>
        <fieldset className="probe-names" aria-label="What is varied">
          {offered.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === probe}
              onClick={() => onChoose({ probe: one })}
            >
              {titles[one]}
            </button>
          ))}
        </fieldset>
      </div>
      <div className="probe-seen">
        {point && <ProbePicture probes={probes} thing={chosen.thing} cell={point.cell} alt={said} />}
        <div>
          <p className="probe-said">{said}</p>
          <dl className="probe-answers">
            {[a, b].map((feature, i) => (
              <Reading key={feature.feature} feature={feature} point={point} curve={curves[i]!} />
            ))}
          </dl>
        </div>
      </div>
      <Chart
        draw={draw}
        label={`Activation of feature ${a.feature} (solid) and feature ${b.feature} (dashed) over the ${titles[probe].toLowerCase()} of the ${name}`}
      />
      <label
        className="slider probe-slider"
        style={{ paddingLeft: chartMargins.left, paddingRight: chartMargins.right }}
      >
        <span className="hidden">{titles[probe]}</span>
        <input
          type="range"
          min={0}
          max={Math.max(0, points.length - 1)}
          step={1}
          value={at}
          aria-valuetext={said}
          onChange={(event) => ask(String(rounded(points[Number(event.target.value)]?.value ?? 0)))}
        />
      </label>
      <p className="faint">
        Bands: one standard deviation over the drawings that each point is the mean of. The picture is the
        first of them.
      </p>
    </div>
  );
}

function Reading({
  feature,
  point,
  curve,
}: {
  feature: Feature;
  point: ProbePoint | undefined;
  curve: Curve;
}) {
  const { mean, deviation } = point?.answers.get(feature.feature) ?? { mean: 0, deviation: 0 };
  return (
    <div style={{ "--feature": curve.colour } as React.CSSProperties}>
      <dt className={curve.dashed ? "probe-key probe-key-dashed" : "probe-key"}>
        {feature.feature} {feature.answers}
      </dt>
      <dd>
        <b>{mean === 0 ? "silent" : mean.toFixed(3)}</b>
        {mean > 0 && <small> ± {deviation.toFixed(3)}</small>}
      </dd>
    </div>
  );
}

/** The point whose value is nearest to the one asked for; the first where none is. */
function nearest(points: readonly ProbePoint[], asked: string): number {
  const wanted = asked.trim() === "" ? Number.NaN : Number(asked);
  const apart = ({ value }: ProbePoint) => Math.abs(value - wanted);
  if (!Number.isFinite(wanted)) return 0;
  return points.reduce((best, point, i) => (apart(point) < apart(points[best]!) ? i : best), 0);
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
