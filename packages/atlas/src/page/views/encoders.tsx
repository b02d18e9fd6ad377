import type { SiteEvaluation } from "@optogram/render-atlas/site";
import { use } from "react";
import { useSite } from "../atlas.tsx";
import { useChoices } from "../encoders/choices.ts";
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
import { count } from "../format.ts";
import "../style/encoders.css";

export function EncodersView() {
  const { site, address } = useSite();
  return (
    <div className="page page-wide encoders">
      <h1>How much of an image does an encoder keep?</h1>
      <p className="lead">
        An encoder turns an image into tokens, lists of numbers. A small network, trained for that encoder
        alone, paints the image again from its tokens: what it cannot paint, the tokens no longer say.
      </p>
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
        <RankingChart scores={scores} measure={measure} />
        <div>
          <RankingTable scores={scores} measure={measure} />
          <p className="faint">
            Means over {count(site.images)} images that no painter was trained on
            {site.grey ? ", without their colours" : ""}, with 95 % bootstrap intervals. Encoders that share a
            letter under “Alike” could not be told apart.
          </p>
        </div>
      </div>
      <TestBetween ranking={ranking} scores={scores} measure={measure} />
      <Reconstructions site={site} scores={scores} />
      <LayerCurve scores={scores} measure={measure} />
    </>
  );
}
