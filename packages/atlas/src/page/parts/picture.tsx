import { memo } from "react";
import { useAtlas } from "../atlas.tsx";
import type { Feature } from "../data/encoder.ts";
import { percent } from "../format.ts";
import { tileUrl } from "../map/tiles.ts";

/** A feature's picture: its own tile of the map. */
export function Picture({ feature, size = "normal" }: { feature: Feature; size?: "small" | "normal" }) {
  const { encoder } = useAtlas();
  const { map } = encoder;
  if (!feature.cell || !map) {
    return (
      <span className={`picture picture-${size} picture-none`}>
        <span>{feature.dead ? "dead" : "no picture"}</span>
      </span>
    );
  }
  return (
    <span className={`picture picture-${size}`}>
      <img
        src={tileUrl(map, map.levels - 1, feature.cell.column, feature.cell.row)}
        alt={describe(feature)}
        width={map.tileSize}
        height={map.tileSize}
        loading="lazy"
        decoding="async"
      />
    </span>
  );
}

/** A picture that leads to its feature's page, or elsewhere, with its number and name below. */
export const FeatureLink = memo(function FeatureLink({
  feature,
  note,
  to,
}: {
  feature: Feature;
  note?: string;
  to?: string;
}) {
  const { address } = useAtlas();
  return (
    <a className="feature-link" href={to ?? address(["feature", feature.feature])}>
      <Picture feature={feature} />
      <span className="feature-link-name">
        {feature.feature}
        {feature.answers && <b>{feature.answers}</b>}
      </span>
      <small>{note ?? (feature.dead ? "never active" : `in ${percent(feature.density)}`)}</small>
    </a>
  );
});

export function describe(feature: Feature): string {
  return `${feature.picture ? "Picture drawn" : "Top images"} of feature ${feature.feature}${feature.answers ? `, mostly ${feature.answers}` : ""}`;
}
