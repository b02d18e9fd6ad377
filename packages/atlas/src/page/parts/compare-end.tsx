import { useAtlas } from "../atlas.tsx";
import { colourOf } from "../colour.ts";
import type { Feature } from "../data/encoder.ts";
import { FeatureLink } from "./picture.tsx";
import { SearchBox } from "./search-box.tsx";

/** One of the two that are compared, and the way to choose another. */
export function CompareEnd({
  feature,
  dashed,
  onPick,
}: {
  feature: Feature;
  /** How its curve is drawn. */
  dashed: boolean;
  onPick: (feature: number) => void;
}) {
  const { encoder } = useAtlas();
  const colour = colourOf(feature, encoder.map);
  return (
    <div className="compare-end" style={{ "--feature": colour } as React.CSSProperties}>
      <FeatureLink feature={feature} />
      <p className={dashed ? "probe-key probe-key-dashed" : "probe-key"}>
        {dashed ? "the dashed curve" : "the solid curve"}
      </p>
      <SearchBox
        label={`Choose a feature instead of ${feature.feature}`}
        placeholder="Another…"
        onPick={(hit) => onPick(hit.type === "feature" ? hit.feature.feature : hit.features[0]!.feature)}
      />
    </div>
  );
}
