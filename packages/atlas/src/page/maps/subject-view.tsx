import type { SiteMapsLayer } from "@optogram/render-atlas/site";
import { use, useMemo } from "react";
import { fixed, percent } from "../format.ts";
import { Chart } from "../parts/chart.tsx";
import { thresholdCurves, varianceLines } from "./charts.ts";
import type { ChosenEncoder } from "./choices.ts";
import { loadAll, loadCurves } from "./data.ts";
import { DepthChart } from "./depth-chart.tsx";
import { EncoderLegend } from "./legend.tsx";

/** How well the first component finds what an image is about, and what further components answer to. */
export function SubjectView({
  encoders,
  threshold,
}: {
  encoders: readonly ChosenEncoder[];
  threshold: number | undefined;
}) {
  const layers = useMemo(
    () => encoders.map(({ site, about, index }) => ({ name: site.name, layer: about.layers[index]! })),
    [encoders],
  );
  const known = useMemo(
    () => encoders.filter(({ about }) => about.layers.some(({ iou }) => iou)),
    [encoders],
  );
  return (
    <>
      {known.length > 0 && (
        <section>
          <h2>Does the first component find the things?</h2>
          <p className="lead">
            A mask is good where it covers what things cover and nothing else: intersection over union, 1 at
            best. Whole patches cannot follow outlines, so even a perfect mask of patches stays below that.
          </p>
          <div className="maps-charts">
            <Thresholds encoders={known} threshold={threshold} />
            <Depth encoders={known} />
            <Roughness encoders={known} />
          </div>
        </section>
      )}
      <section>
        <h2>How many directions does it take?</h2>
        <div className="maps-charts">
          <Variance layers={layers} />
          <Answers layers={layers} />
        </div>
      </section>
    </>
  );
}

function Thresholds({
  encoders,
  threshold,
}: {
  encoders: readonly ChosenEncoder[];
  threshold: number | undefined;
}) {
  const sites = encoders.map(({ site }) => site);
  const curves = use(loadAll("curves", sites, loadCurves));
  const draw = useMemo(() => {
    const { colour, grid } = encoders[0]!.about.layers[encoders[0]!.index]!.iou!;
    return thresholdCurves(
      new Map(encoders.map(({ site, index }, i) => [site.name, curves[i]!.get(index) ?? []])),
      new Map(
        encoders.map(({ site, about, index }) => [site.name, threshold ?? about.layers[index]!.threshold]),
      ),
      { colour: colour.mean, grid: grid.mean },
    );
  }, [encoders, curves, threshold]);
  const layers = encoders.map(({ about, index }) => about.layers[index]!);
  const names = encoders.map(({ site }) => site.name);
  const { n, colour, grid, frame } = layers[0]!.iou!;
  return (
    <Chart
      draw={draw}
      label={`Mean IoU over ${n} images at each encoder’s own threshold: ${layers.map(({ iou }, i) => `${names[i]} ${fixed(iou!.component.mean, 2)}`).join(", ")}; colour alone ${fixed(colour.mean, 2)}`}
      caption={
        <>
          <EncoderLegend names={names}>
            <li className="key-dashes">
              colour alone, {fixed(colour.mean, 2)}: patches unlike the border’s mean colour
            </li>
            <li className="key-dots">the best that whole patches can do, {fixed(grid.mean, 2)}</li>
          </EncoderLegend>
          Over {n} images; shaded are 95 % intervals. At{" "}
          {encoders[0]!.about.thresholdRule === "otsu"
            ? "Otsu’s threshold, found without the truth"
            : "the threshold given"}
          :{" "}
          {layers.map(({ iou, threshold: own }, i) => (
            <span key={names[i]}>
              {names[i]} {estimate(iou!.component)} at {fixed(own, 2)} σ;{" "}
            </span>
          ))}
          everything masked, {fixed(frame.mean, 2)}.
        </>
      }
    />
  );
}

function estimate({ mean, low, high }: { mean: number; low: number; high: number }): string {
  return `${fixed(mean, 2)} (${fixed(low, 2)} to ${fixed(high, 2)})`;
}

function Depth({ encoders }: { encoders: readonly ChosenEncoder[] }) {
  const estimates = useMemo(
    () => encoders.map(({ about }) => about.layers.map(({ iou }) => iou?.component)),
    [encoders],
  );
  const rules = useMemo(() => [encoders[0]!.about.layers[encoders[0]!.index]!.iou!.colour.mean], [encoders]);
  return (
    <DepthChart
      encoders={encoders}
      estimates={estimates}
      title="mean IoU"
      said={(name) => name}
      written={(mean) => fixed(mean, 2)}
      rules={rules}
    >
      <li className="key-dashes">colour alone</li>
      <li className="key-none">each layer at its own threshold; upright lines are 95 % intervals</li>
    </DepthChart>
  );
}

function Roughness({ encoders }: { encoders: readonly ChosenEncoder[] }) {
  const estimates = useMemo(
    () => encoders.map(({ about }) => about.layers.map(({ roughness }) => roughness)),
    [encoders],
  );
  return (
    <DepthChart
      encoders={encoders}
      estimates={estimates}
      title="roughness within a thing or the ground"
      said={(name) => name}
      written={(mean) => fixed(mean, 2)}
    >
      <li className="key-none">
        how far neighbouring patches of one thing, or of the ground, lie apart in the first three components:
        0 where colours are clean, 1 where neighbours are as unlike as any two patches
      </li>
    </DepthChart>
  );
}

interface NamedLayer {
  readonly name: string;
  readonly layer: SiteMapsLayer;
}

function Variance({ layers }: { layers: readonly NamedLayer[] }) {
  const draw = useMemo(
    () => varianceLines(new Map(layers.map(({ name, layer }) => [name, layer.ratio]))),
    [layers],
  );
  return (
    <Chart
      draw={draw}
      label={layers
        .map(
          ({ name, layer }) =>
            `${name}: the first component holds ${percent(layer.ratio[0]!)} of the variance`,
        )
        .join("; ")}
      caption={<EncoderLegend names={layers.map(({ name }) => name)} />}
    />
  );
}

const answersShown = 4;

/** What the components of masked tokens answer to, where that is known. */
function Answers({ layers }: { layers: readonly NamedLayer[] }) {
  if (layers.every(({ layer }) => layer.answers.length === 0)) return null;
  return (
    <div className="scroll-x">
      <table className="maps-answers">
        <caption>What the components of the masked tokens answer to</caption>
        <thead>
          <tr>
            <th scope="col">Component</th>
            <th scope="col" className="value">
              Between kinds
            </th>
            <th scope="col">Most by</th>
          </tr>
        </thead>
        {layers.map(({ name, layer }) => (
          <tbody key={name}>
            <tr>
              <th scope="rowgroup" colSpan={3}>
                {name}
              </th>
            </tr>
            {layer.answers.slice(0, answersShown).map(({ component, etaSquared, kind, correlation }) => (
              <tr key={component}>
                <td>{component + 1}</td>
                <td className="value">{percent(etaSquared)}</td>
                <td>
                  {kind} <small>r = {fixed(correlation, 2)}</small>
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      <p className="faint">
        Between kinds: the share of a component’s variance over patches that the kinds of things explain (η²).
        Most by: the kind whose presence at a patch correlates most with it.
      </p>
    </div>
  );
}
