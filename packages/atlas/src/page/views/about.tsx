import type { SiteEncoder, SiteProvenance } from "@optogram/render-atlas/site";
import { use, useMemo } from "react";
import { useAtlas, useEncoderData, useSite } from "../atlas.tsx";
import { loadHistory, loadTruth } from "../data/details.ts";
import { count, plural } from "../format.ts";
import { showMetrics } from "../metrics.ts";
import { Chart } from "../parts/chart.tsx";
import { aurocDots, densityHistogram, historyCurve } from "../parts/charts.ts";

export function AboutView() {
  const { site, encoder } = useSite();
  return (
    <article className="page about">
      <h1>How it was made</h1>
      {encoder && <AboutFeatures encoder={encoder} />}
      <h2>What was run on what</h2>
      <p className="faint">
        Every step wrote an artifact whose digest covers its files, parameters and inputs; the same digest is
        the same bytes.
      </p>
      {site.encoders.map(({ name, provenance }) => (
        <Provenance key={name} title={name} artifacts={provenance} />
      ))}
      {site.superposition && (
        <Provenance title="Ten classes in two dimensions" artifacts={[site.superposition.provenance]} />
      )}
      {site.evaluation && (
        <Provenance title="The ranking of encoders" artifacts={[site.evaluation.provenance]} />
      )}
      {site.operators?.map(({ encoder, layer, provenance }) => (
        <Provenance
          key={`${encoder} ${layer}`}
          title={`Operators on the tokens of ${encoder}, layer ${layer}`}
          artifacts={[provenance]}
        />
      ))}
      {site.maps?.map(({ name, provenance }) => (
        <Provenance key={name} title={`Feature maps of ${name}`} artifacts={[provenance]} />
      ))}
      {site.words?.map(({ name, provenance }) => (
        <Provenance key={name} title={`Words of ${name}`} artifacts={[provenance]} />
      ))}
    </article>
  );
}

function AboutFeatures({ encoder }: { encoder: SiteEncoder }) {
  return (
    <>
      <p className="lead">
        {encoder.name} looked at {encoder.images.description} and gave each {count(encoder.dimensions)}{" "}
        numbers. A sparse autoencoder learned {count(encoder.latents)} directions such that a few of them,
        added up, rebuild the numbers of any picture. Those directions are the features of this atlas.
        Features that are active in the same pictures were then laid side by side: that is the map.
      </p>
      <Truths />
      <Density />
      <Training encoder={encoder} />
      <Figures />
      <OwnPhotos />
    </>
  );
}

function Truths() {
  const { site, encoder } = useAtlas();
  const truth = use(loadTruth(encoder));
  const other = site.encoders.find((each) => each !== encoder && each.tables.truth);
  const otherTruth = use(loadTruth(other ?? encoder));
  const draw = useMemo(
    () => aurocDots(truth, other && { name: other.name, truth: otherTruth }),
    [truth, other, otherTruth],
  );
  if (truth.length === 0) return null;
  const good = truth.filter(({ auroc }) => auroc >= 0.9).length;
  return (
    <section>
      <h2>Do features mean something?</h2>
      <p>
        These images know what is in them, so features can be judged. For each kind of thing the best feature
        was chosen on one set of images and judged on another. {good} of {truth.length} kinds have a feature
        with AUROC of at least 0.9.
      </p>
      <Chart
        draw={draw}
        label={`AUROC of the best feature of each of ${truth.length} kinds: ${good} reach 0.9`}
        caption={
          <ul className="legend">
            <li className="key-dot">best feature, with its 95 % interval (Hanley &amp; McNeil)</li>
            <li className="key-ring">best single dimension of the embedding</li>
            {other && <li className="key-cross">best feature of {other.name}</li>}
          </ul>
        }
      />
    </section>
  );
}

function Density() {
  const { living } = useEncoderData();
  const draw = useMemo(() => densityHistogram(living.map(({ density }) => density)), [living]);
  return (
    <section>
      <h2>How often features fire</h2>
      <Chart
        draw={draw}
        label={`Histogram of the density of ${living.length} living features on a logarithmic axis`}
        caption={`${plural(living.length, "living feature")}; the axis is logarithmic.`}
      />
    </section>
  );
}

const curves: readonly [column: string, label: string, logarithmic: boolean][] = [
  ["loss", "loss", true],
  ["fvu", "FVU", true],
  ["l0", "L0, features an image", false],
  ["dead", "dead, share of features", false],
];

function Training({ encoder }: { encoder: SiteEncoder }) {
  const history = use(loadHistory(encoder));
  const present =
    history.length > 1 ? curves.filter(([column]) => history.some((row) => row[column] != null)) : [];
  if (present.length === 0) return null;
  return (
    <section>
      <h2>How the dictionary was trained</h2>
      <div className="small-multiples">
        {present.map(([column, label, logarithmic]) => (
          <Curve key={column} history={history} column={column} label={label} logarithmic={logarithmic} />
        ))}
      </div>
    </section>
  );
}

function Curve({
  history,
  column,
  label,
  logarithmic,
}: {
  history: Awaited<ReturnType<typeof loadHistory>>;
  column: string;
  label: string;
  logarithmic: boolean;
}) {
  const draw = useMemo(
    () => historyCurve(history, column, label, logarithmic),
    [history, column, label, logarithmic],
  );
  return <Chart draw={draw} label={`${label} over the steps of training`} />;
}

function Figures() {
  const { site } = useAtlas();
  const groups = ["sae", "coactivation", "pictures", "probes", "features"];
  const encoders = site.encoders.map((encoder) => ({
    name: encoder.name,
    shown: groups.flatMap((group) => showMetrics(encoder.metrics[group] ?? {})),
  }));
  const rows = [
    ...new Map(encoders.flatMap(({ shown }) => shown.map((metric) => [metric.name, metric]))).values(),
  ];
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>Every figure</h2>
      <div className="scroll-x">
        <table style={{ "--encoders": encoders.length } as React.CSSProperties}>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              {encoders.map(({ name }) => (
                <th key={name} scope="col" className="value">
                  {name}
                </th>
              ))}
              <th scope="col">What it is</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.title}</th>
                {encoders.map(({ name, shown }) => (
                  <td key={name} className="value">
                    {shown.find((metric) => metric.name === row.name)?.value ?? "–"}
                  </td>
                ))}
                <td className="faint">{row.define}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function OwnPhotos() {
  return (
    <section>
      <h2>On your own photos</h2>
      <p>With Node and a checkout of Optogram, a folder of photos becomes an atlas like this one:</p>
      <pre>
        <code>{`cp pipelines/template.json pipelines/holiday.json
# edit it: where the photos lie, which encoders look at them
npm start -- --pipeline holiday`}</code>
      </pre>
      <p className="faint">
        Nothing leaves your machine: the encoder, the training and the page all run on it.
      </p>
    </section>
  );
}

function Provenance({ title, artifacts }: { title: string; artifacts: readonly SiteProvenance[] }) {
  return (
    <section className="provenance">
      <h3>{title}</h3>
      {artifacts.map((artifact) => (
        <Artifact key={artifact.role} artifact={artifact} />
      ))}
    </section>
  );
}

function Artifact({ artifact }: { artifact: SiteProvenance }) {
  return (
    <details>
      <summary>
        <b>{artifact.stage}</b> <span className="faint">on {artifact.device}</span>{" "}
        <code>{artifact.digest.slice(0, 16)}</code>
      </summary>
      <dl className="pairs">
        <dt>Digest</dt>
        <dd>
          <code>{artifact.digest}</code>
        </dd>
        {Object.entries(artifact.inputs).map(([role, input]) => (
          <Pair key={role} name={`From ${role}`} value={`${input.kind} ${input.digest}`} />
        ))}
        {Object.entries(artifact.versions).map(([name, version]) => (
          <Pair key={name} name={name} value={version} />
        ))}
        <dt>Parameters</dt>
        <dd>
          <pre>{JSON.stringify(artifact.parameters, null, 2)}</pre>
        </dd>
      </dl>
    </details>
  );
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <code>{value}</code>
      </dd>
    </>
  );
}
