import { useMemo } from "react";
import { useAtlas, useEncoderData } from "../atlas.tsx";
import type { EncoderData, Feature } from "../data/encoder.ts";
import { featuresOfWord } from "../data/search.ts";
import { measure, percent, plural } from "../format.ts";
import { FeatureGrid } from "../parts/feature-grid.tsx";
import { FeatureLink } from "../parts/picture.tsx";
import { navigate, useRoute } from "../router.ts";

/** The place of what has none: behind all that have one. */
const none = Number.MAX_SAFE_INTEGER;

const sorts = {
  strength: {
    title: "Strength",
    order: (a: Feature, b: Feature) => b.strength - a.strength,
    note: (f: Feature) => `strength ${measure(f.strength)}`,
  },
  density: {
    title: "Density",
    order: (a: Feature, b: Feature) => b.density - a.density,
    note: (f: Feature) => `in ${percent(f.density)}`,
  },
  rare: {
    title: "Rarity",
    order: (a: Feature, b: Feature) => a.density - b.density,
    note: (f: Feature) => `in ${percent(f.density)}`,
  },
  truth: {
    title: "Truth (AUROC)",
    order: (a: Feature, b: Feature) =>
      (b.auroc ?? 0) - (a.auroc ?? 0) || (b.share ?? 0) - (a.share ?? 0) || b.strength - a.strength,
    note: (f: Feature) =>
      f.auroc !== null
        ? `AUROC ${measure(f.auroc)}`
        : f.share !== null
          ? `${percent(f.share)} of its top images`
          : "no kind",
  },
  picture: {
    title: "Picture's cosine",
    order: (a: Feature, b: Feature) => (b.picture?.cosine ?? -2) - (a.picture?.cosine ?? -2),
    note: (f: Feature) => (f.picture ? `cosine ${measure(f.picture.cosine)}` : "not drawn"),
  },
  rank: {
    title: "Picture's rank",
    order: (a: Feature, b: Feature) =>
      (a.picture?.rank ?? none) - (b.picture?.rank ?? none) ||
      (b.picture?.cosine ?? -2) - (a.picture?.cosine ?? -2),
    note: (f: Feature) => (f.picture?.rank ? `rank ${f.picture.rank} in its picture` : "not drawn"),
  },
  number: {
    title: "Number",
    order: (a: Feature, b: Feature) => a.feature - b.feature,
    note: (f: Feature) => `in ${percent(f.density)}`,
  },
} as const;

type SortName = keyof typeof sorts;

/** Orders that make sense only where pictures were drawn. */
const ofPictures: ReadonlySet<string> = new Set<SortName>(["picture", "rank"]);

export function FeaturesView() {
  const data = useEncoderData();
  const { address } = useAtlas();
  const { query } = useRoute();
  const sort: SortName = query.sort && query.sort in sorts ? (query.sort as SortName) : "strength";
  const show = query.show === "dead" ? "dead" : "alive";
  const kind = query.kind ?? "";
  const chosen = useMemo(() => choose(data, sort, show, kind), [data, sort, show, kind]);
  const dead = data.features.length - data.living.length;
  const drawn = data.living.some(({ picture }) => picture);
  const change = (name: string, value: string | undefined) => {
    const { e: _, ...kept } = query;
    navigate(address(["features"], { ...kept, [name]: value }), { replace: true });
  };
  return (
    <div className="page page-wide">
      <h1>Features</h1>
      <div className="filters">
        <label>
          Sort by
          <select value={sort} onChange={(event) => change("sort", event.target.value)}>
            {Object.entries(sorts)
              .filter(([name]) => drawn || !ofPictures.has(name))
              .map(([name, { title }]) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
          </select>
        </label>
        <label>
          Show
          <select
            value={show}
            onChange={(event) => change("show", event.target.value === "dead" ? "dead" : undefined)}
          >
            <option value="alive">Alive ({data.living.length})</option>
            <option value="dead">Dead ({dead})</option>
          </select>
        </label>
        {data.kinds.size > 0 && (
          <label>
            Answers to
            <select value={kind} onChange={(event) => change("kind", event.target.value || undefined)}>
              <option value="">Anything</option>
              {kind && !data.kinds.has(kind) && <option>{kind}</option>}
              {[...data.kinds].map(([name, group]) => (
                <option key={name} value={name}>
                  {name} ({group.length})
                </option>
              ))}
            </select>
          </label>
        )}
        <span className="faint" role="status">
          {plural(chosen.length, "feature")}
        </span>
      </div>
      {chosen.length === 0 ? (
        <p className="faint">
          {show === "dead"
            ? "No dead features: every one is active in some image."
            : "No feature fits. Choose another kind."}
        </p>
      ) : (
        <FeatureGrid features={chosen}>
          {(feature) => <FeatureLink feature={feature} note={sorts[sort].note(feature)} />}
        </FeatureGrid>
      )}
    </div>
  );
}

function choose(data: EncoderData, sort: SortName, show: "alive" | "dead", kind: string): readonly Feature[] {
  const pool =
    show === "dead"
      ? data.features.filter(({ dead }) => dead)
      : kind
        ? featuresOfWord(data, kind)
        : data.living;
  return [...pool].sort((a, b) => sorts[sort].order(a, b) || a.feature - b.feature);
}
