import type { SiteEvaluation } from "@optogram/render-atlas/site";
import { Suspense, use } from "react";
import { useSite } from "../atlas.tsx";
import { useChoices } from "../encoders/choices.ts";
import { FamiliesTable } from "../encoders/families-view.tsx";
import { Operators } from "../encoders/operators-view.tsx";
import { loadRanking } from "../encoders/ranking.ts";
import {
  chosenMeasure,
  LayerCurve,
  MeasureChoice,
  RankingChart,
  RankingTable,
} from "../encoders/ranking-view.tsx";
import { Reconstructions } from "../encoders/reconstructions.tsx";
import { TestBetween } from "../encoders/test-view.tsx";
import { ScoreByTokens } from "../encoders/tokens-view.tsx";
import { count } from "../format.ts";
import "../style/encoders.css";

export function EncodersView() {
  const { site, address } = useSite();
  return (
    <div className="page page-wide encoders">
      {site.evaluation ? (
        <>
          <h1>How much of an image does an encoder keep?</h1>
          <p className="lead">
            Each encoder turns an image into tokens, and a small network that was trained for it paints the
            image again from these tokens alone: the nearer the painting comes to the original, the more the
            encoder has kept.
          </p>
        </>
      ) : (
        <h1>What encoders’ tokens can do</h1>
      )}
      {site.evaluation && <Evaluation site={site.evaluation} />}
      {site.operators && <Operators all={site.operators} />}
      <p className="faint">
        <a href={address(["about"])}>What was run on what</a>
      </p>
    </div>
  );
}

function Evaluation({ site }: { site: SiteEvaluation }) {
  const ranking = use(loadRanking(site));
  const [chosen] = useChoices();
  const measure = chosenMeasure(site, chosen.measure);
  const scores = ranking.scores.get(measure.key) ?? [];
  return (
    <>
      <MeasureChoice site={site} measure={measure} />
      <div className="encoders-ranking">
        <div>
          <RankingChart scores={scores} measure={measure} />
          <p className="faint">
            Means over {count(site.images)} images that no painter was trained on
            {site.grey ? ", without their colours" : ""}, with 95 % bootstrap intervals. In the table,
            encoders that share a letter under “Alike” could not be told apart.
          </p>
        </div>
        <RankingTable scores={scores} measure={measure} />
      </div>
      <TestBetween ranking={ranking} scores={scores} measure={measure} />
      <Reconstructions site={site} scores={scores} />
      <ScoreByTokens scores={scores} measure={measure} />
      {site.families && (
        <Suspense fallback={<div className="ghost families-ghost" />}>
          <FamiliesTable site={site} table={site.families} />
        </Suspense>
      )}
      <LayerCurve scores={scores} measure={measure} />
    </>
  );
}
