import { useAtlas } from "../atlas.tsx";
import { colourOf } from "../colour.ts";
import type { Feature } from "../data/encoder.ts";
import type { Photo } from "../live/photo.ts";
import { PhotoButton } from "./photo-drop.tsx";
import { FeatureLink } from "./picture.tsx";
import { SearchBox } from "./search-box.tsx";

/** What the way between two directions starts or ends with: a feature or the visitor's photo. */
export type End = { readonly feature: Feature } | { readonly photo: Photo };

/** How the address names an end: a feature by its number. */
export function addressOf(end: End): string {
  return "photo" in end ? "photo" : String(end.feature.feature);
}

export function nameOf(end: End): string {
  return "photo" in end ? "your photo" : (end.feature.answers ?? String(end.feature.feature));
}

/** Shows an end, how much of it there is, and the ways to choose another. */
export function CombineEnd({
  end,
  share,
  name,
  onPick,
}: {
  end: End;
  share: string;
  name: string;
  /** Takes what the address shall say instead. */
  onPick: (address: string) => void;
}) {
  const { site, encoder } = useAtlas();
  const colour = "photo" in end ? "var(--dim)" : colourOf(end.feature, encoder.map);
  return (
    <div className="end" style={{ "--feature": colour } as React.CSSProperties}>
      {"photo" in end ? (
        <img className="end-photo" src={end.photo.url} alt={end.photo.name} />
      ) : (
        <FeatureLink feature={end.feature} />
      )}
      <p className="end-share">
        <b>{share}</b> <small>{name}</small>
      </p>
      <div className="end-choose">
        <SearchBox
          label={`Choose a feature instead of ${nameOf(end)}`}
          placeholder="Another…"
          onPick={(hit) => onPick(addressOf(hit.type === "feature" ? hit : { feature: hit.features[0]! }))}
        />
        {site.pages.includes("photo") && (
          <PhotoButton then={() => onPick("photo")}>
            <span>
              Photo<span className="hidden"> instead of {nameOf(end)}</span>
            </span>
          </PhotoButton>
        )}
      </div>
    </div>
  );
}
