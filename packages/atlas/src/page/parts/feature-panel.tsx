import { use } from "react";
import { useAtlas, useEncoderData } from "../atlas.tsx";
import { loadNeighbours } from "../data/details.ts";
import type { Feature } from "../data/encoder.ts";
import { measure, percent, plural } from "../format.ts";
import { Collage } from "./collage.tsx";
import { FeatureRow } from "./feature-row.tsx";

/** A selected feature in brief, beside the map. */
export function FeaturePanel({ feature, onClose }: { feature: Feature; onClose: () => void }) {
  const { encoder, address } = useAtlas();
  const { features } = useEncoderData();
  const neighbours = use(loadNeighbours(encoder, feature.feature));
  return (
    <>
      <div className="panel-head">
        <h2>
          {feature.feature} {feature.answers && <b>{feature.answers}</b>}
        </h2>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
      {feature.dead ? <p>A dead feature: no image makes it active.</p> : <Collage feature={feature} />}
      <p className="facts">
        Active in {percent(feature.density)} of images ({plural(feature.count, "image")}), at most{" "}
        {measure(feature.max)}.
        {feature.auroc !== null &&
          ` Tells ${feature.answers} from the rest with AUROC ${measure(feature.auroc)}.`}
      </p>
      <a className="button" href={address(["feature", feature.feature])}>
        Open its page
      </a>
      <FeatureRow
        title="Fires together with"
        features={features}
        neighbours={neighbours.coactivation.slice(0, 6)}
      />
      <FeatureRow
        title="Points the same way as"
        features={features}
        neighbours={neighbours.cosine.slice(0, 6)}
      />
    </>
  );
}
