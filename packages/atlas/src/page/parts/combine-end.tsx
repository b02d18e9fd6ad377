import { useAtlas } from "../atlas.tsx";
import { colourOf } from "../colour.ts";
import type { Feature } from "../data/encoder.ts";
import { FeatureLink } from "./picture.tsx";
import { SearchBox } from "./search-box.tsx";

/** One of the two features that are combined: what it is, how much of it there is, and the way to choose another. */
export function CombineEnd({
  feature,
  share,
  name,
  onPick,
}: {
  feature: Feature;
  share: string;
  name: string;
  /** Takes the number of the feature chosen instead. */
  onPick: (feature: string) => void;
}) {
  const { encoder } = useAtlas();
  return (
    <div className="end" style={{ "--feature": colourOf(feature, encoder.map) } as React.CSSProperties}>
      <FeatureLink feature={feature} />
      <p className="end-share">
        <b>{share}</b> <small>{name}</small>
      </p>
      <SearchBox
        label={`Choose a feature instead of ${feature.feature}`}
        placeholder="Another: number or word"
        onPick={(hit) => onPick(String((hit.type === "feature" ? hit.feature : hit.features[0]!).feature))}
      />
    </div>
  );
}
