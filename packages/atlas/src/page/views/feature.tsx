import { use, useEffect, useMemo } from "react";
import { useAtlas, useEncoderData } from "../atlas.tsx";
import { colourOf } from "../colour.ts";
import { loadHistogram, loadNeighbours, loadTops, loadTruth } from "../data/details.ts";
import type { EncoderData, Feature } from "../data/encoder.ts";
import { count, measure, percent, plural } from "../format.ts";
import { Chart } from "../parts/chart.tsx";
import { activationHistogram } from "../parts/charts.ts";
import { Collage } from "../parts/collage.tsx";
import { Download } from "../parts/download.tsx";
import { DrawnPicture } from "../parts/drawn-picture.tsx";
import { FeatureRow } from "../parts/feature-row.tsx";
import { MiniMap } from "../parts/mini-map.tsx";
import { Notice } from "../parts/notice.tsx";
import { SheetImage } from "../parts/sheet.tsx";
import { navigate, useRoute } from "../router.ts";
import { aurocInterval } from "../statistics.ts";

export function FeatureView() {
  const data = useEncoderData();
  const { encoder, address } = useAtlas();
  const number = Number(useRoute().path[1]);
  const feature = data.features[number];
  if (!feature) {
    return (
      <Notice title="There is no such feature">
        <p>
          {encoder.name} has features 0 to {data.features.length - 1}.
        </p>
        <a href={address(["features"])}>All features</a>
      </Notice>
    );
  }
  return <FeaturePage key={feature.feature} data={data} feature={feature} />;
}

function FeaturePage({ data, feature }: { data: EncoderData; feature: Feature }) {
  const { site, encoder, address } = useAtlas();
  const tops = use(loadTops(encoder, feature.feature));
  const neighbours = use(loadNeighbours(encoder, feature.feature));
  const histogram = use(loadHistogram(encoder, feature.feature));
  const truth = use(loadTruth(encoder)).filter((row) => row.feature === feature.feature);
  const colour = colourOf(feature, encoder.map);
  const draw = useMemo(
    () => activationHistogram(histogram, feature.max, colour),
    [histogram, feature.max, colour],
  );
  const company = neighbours.coactivation.flatMap((neighbour) => data.features[neighbour.feature] ?? []);
  return (
    <article className="page feature" style={{ "--feature": colour } as React.CSSProperties}>
      <div className={feature.picture ? "feature-top feature-top-drawn" : "feature-top"}>
        {feature.picture && <DrawnPicture feature={feature} drawn={feature.picture} />}
        <Collage feature={feature} />
        <div className="feature-facts">
          <Steps data={data} feature={feature} />
          <h1>
            Feature {feature.feature} {feature.answers && <b>{feature.answers}</b>}
          </h1>
          {feature.dead ? <DeadFacts data={data} /> : <LivingFacts feature={feature} data={data} />}
          <Answers feature={feature} truth={truth} />
          <p className="ways">
            {encoder.map && feature.cell && (
              <a className="button" href={address(["map"], { f: String(feature.feature) })}>
                Show on the map
              </a>
            )}
            {encoder.live && site.pages.includes("combine") && (
              <a className="button" href={address(["combine"], { a: String(feature.feature) })}>
                Combine with…
              </a>
            )}
            {encoder.probes && site.pages.includes("compare") && (
              <a className="button" href={address(["compare"], { a: String(feature.feature) })}>
                Compare with…
              </a>
            )}
            <Download
              name={`feature-${feature.feature}.json`}
              value={{ encoder: encoder.name, ...feature, truth, histogram, tops, neighbours }}
            >
              Data as JSON
            </Download>
          </p>
        </div>
      </div>
      {!feature.dead && (
        <>
          <section>
            <h2>Top images</h2>
            <p className="faint">
              Of {count(encoder.images.count)} images, those in which it is most active, with its activation.
            </p>
            <div className="tops">
              {encoder.sheets &&
                tops.map((top) => (
                  <figure key={top.rank}>
                    <SheetImage
                      sheets={encoder.sheets!}
                      feature={feature.feature}
                      rank={top.rank}
                      alt={top.caption || top.name}
                    />
                    <figcaption title={`${top.name}${top.caption ? `: ${top.caption}` : ""}`}>
                      {measure(top.value)}
                    </figcaption>
                  </figure>
                ))}
            </div>
          </section>
          <div className="feature-middle">
            <section>
              <h2>How strongly it fires</h2>
              <Chart
                draw={draw}
                label={`Histogram of the activations of feature ${feature.feature}, from 0 to ${measure(feature.max)}`}
                caption={`The ${plural(feature.count, "image")} in which it is active, of ${count(encoder.images.count)}.`}
              />
            </section>
            {encoder.map && (
              <section>
                <h2>Where it lies</h2>
                <a
                  className="where"
                  href={address(["map"], { f: String(feature.feature) })}
                  aria-label="Show on the map"
                >
                  <MiniMap data={data} marked={[feature, ...company]} />
                </a>
                <p className="faint">Ringed: this feature. Dots: those that fire with it.</p>
              </section>
            )}
          </div>
          <FeatureRow
            title="Fires together with"
            explain="Features active in the same images more than chance has it."
            features={data.features}
            neighbours={neighbours.coactivation}
          />
          <FeatureRow
            title="Points the same way as"
            explain="Cosine of the dictionary's directions: 1 is the same direction."
            features={data.features}
            neighbours={neighbours.cosine}
          />
        </>
      )}
    </article>
  );
}

function LivingFacts({ feature, data }: { feature: Feature; data: EncoderData }) {
  const rarer = data.living.filter(({ density }) => density < feature.density).length;
  const facts: [string, string][] = [
    ["Density", `${percent(feature.density)} of images`],
    ["Denser than", `${percent(rarer / data.living.length)} of features`],
    ["Mean activation", measure(feature.mean)],
    ["Largest", measure(feature.max)],
  ];
  return (
    <dl className="facts-list">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function DeadFacts({ data }: { data: EncoderData }) {
  return (
    <p>
      This feature is dead: no image makes it active, so it has no pictures and no place on the map. So are{" "}
      {data.features.length - data.living.length} of {count(data.features.length)}.
    </p>
  );
}

function Answers({ feature, truth }: { feature: Feature; truth: Awaited<ReturnType<typeof loadTruth>> }) {
  if (truth.length === 0 && !feature.answers) return null;
  return (
    <div className="answers">
      {feature.answers && feature.share !== null && (
        <p>
          {percent(feature.share)} of its top images show <b>{feature.answers}</b>.
        </p>
      )}
      {feature.answers && feature.byWords && (
        <p>
          Its top images share no label. Of all texts, <b>{feature.answers}</b> lies nearest to its direction.
        </p>
      )}
      {truth.map((row) => {
        const { low, high } = aurocInterval(row.auroc, row.images);
        return (
          <p key={row.kind}>
            The best of all features at telling <b>{row.kind}</b> from the rest: AUROC {measure(row.auroc)}{" "}
            <span className="faint">
              ({low.toFixed(3)} to {high.toFixed(3)}) on {plural(row.images, "held-out image")} that show it;
              the best single dimension of the embedding reaches {measure(row.dimensionAuroc)}.
            </span>
          </p>
        );
      })}
    </div>
  );
}

/** The features before and after, by number, living ones only; ← and → go there. */
function Steps({ data, feature }: { data: EncoderData; feature: Feature }) {
  const { address } = useAtlas();
  const numbers = data.living.map((living) => living.feature);
  const after = numbers.find((number) => number > feature.feature) ?? numbers[0];
  const before = numbers.findLast((number) => number < feature.feature) ?? numbers.at(-1);
  useEffect(() => {
    const keyed = (event: KeyboardEvent) => {
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        /^(INPUT|SELECT)$/.test((event.target as HTMLElement).tagName)
      )
        return;
      const target = event.key === "ArrowRight" ? after : event.key === "ArrowLeft" ? before : undefined;
      if (target !== undefined) navigate(address(["feature", target]));
    };
    addEventListener("keydown", keyed);
    return () => removeEventListener("keydown", keyed);
  }, [after, before, address]);
  if (before === undefined || after === undefined) return null;
  return (
    <nav className="steps" aria-label="Neighbouring numbers">
      <a href={address(["feature", before])} rel="prev">
        ← {before}
      </a>
      <a href={address(["feature", after])} rel="next">
        {after} →
      </a>
    </nav>
  );
}
