import { use, useMemo } from "react";
import { count, fixed, measure, percent } from "../format.ts";
import { Chart } from "../parts/chart.tsx";
import { cosineBars, reliabilityCurve } from "./charts.ts";
import { loadCalibration, type Words } from "./data.ts";

const pairs = ["matching", "not matching"] as const;
const modalities = ["across", "images", "texts"] as const;

/** How a cosine becomes a confidence, and how far that can be believed. */
export function CalibrationView({ words }: { words: Words }) {
  const { about, site } = words;
  const { reliability, cosines } = use(loadCalibration(site));
  const { confidence, fit } = about;
  const { threshold } = confidence;
  const curve = useMemo(() => reliabilityCurve(reliability), [reliability]);
  const bars = useMemo(() => cosineBars(cosines, pairs, threshold), [cosines, threshold]);
  const gap = useMemo(() => cosineBars(cosines, modalities), [cosines]);
  return (
    <section className="words-calibration">
      <h2>How sure is that?</h2>
      <p className="lead">
        Confidence is σ((cosine − {measure(threshold)}) · {measure(confidence.temperature)}): 50 % at a cosine
        of {fixed(threshold, 2)}, where it grows by {measure(confidence.slope / 100)} for each hundredth.{" "}
        {fit ? (
          <>
            Both numbers were fitted on {count(fit.pairs.fitted)} pairs of an image and a class’s name, and
            judged on {count(fit.pairs.heldOut)} pairs of other images. For texts that are no names of classes
            they are an extrapolation.
            {confidence.separable && " No pair was on the wrong side, so the temperature is a lower bound."}
          </>
        ) : (
          <b>
            Both numbers are a heuristic: without labels nobody could fit them to this encoder, and every
            confidence here is a guess.
          </b>
        )}
      </p>
      {fit && (
        <dl className="figures">
          <Figure name="calibration error (ECE), fitted" value={fixed(fit.after.ece, 3)} />
          <Figure name="ECE of the heuristic 0.08 and 25" value={fixed(fit.before.ece, 3)} />
          <Figure name="Brier score, fitted" value={fixed(fit.after.brier, 3)} />
          <Figure name="Brier score of the heuristic" value={fixed(fit.before.brier, 3)} />
        </dl>
      )}
      <div className="words-charts">
        {reliability.length > 0 && (
          <Chart
            draw={curve}
            label={reliabilityLabel(words)}
            caption={
              <>
                Held-out pairs by confidence, with 95 % intervals.{" "}
                <b className="words-fitted">Fitted values</b> follow the broken line where a confidence of 70
                % is right 7 times in 10; grey: the heuristic 0.08 and 25.
              </>
            }
          />
        )}
        {fit && (
          <Chart
            draw={bars}
            label={`Cosines of pairs: ${pairs.join(" and ")}, and the threshold at ${fixed(threshold, 2)}`}
            caption={
              <>
                Cosines of an image and a text: <b className="words-fitted">{pairs[0]}</b> and, in grey,{" "}
                {pairs[1]}; each kind’s bars add up to 1. The broken line is the threshold. Of the pairs{" "}
                {percent(fit.pairs.matching)} match.
              </>
            }
          />
        )}
        {about.gap && (
          <Chart
            draw={gap}
            label={`Cosines within and across modalities: mean ${fixed(about.gap.across, 2)} across, ${fixed(about.gap.images, 2)} among images, ${fixed(about.gap.texts, 2)} among texts`}
            caption={
              <>
                The gap between modalities: cosines <b className="words-fitted">across</b>, mean{" "}
                {fixed(about.gap.across, 2)}; in grey among images, {fixed(about.gap.images, 2)}; darkest
                among texts, {fixed(about.gap.texts, 2)}. The means of images and of texts lie{" "}
                {fixed(about.gap.distance, 2)} apart.
              </>
            }
          />
        )}
      </div>
    </section>
  );
}

function reliabilityLabel({ about }: Words): string {
  return `Share of pairs that match against confidence: ECE ${fixed(about.fit?.after.ece ?? Number.NaN, 3)} with fitted values, ${fixed(about.fit?.before.ece ?? Number.NaN, 3)} with the heuristic`;
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
