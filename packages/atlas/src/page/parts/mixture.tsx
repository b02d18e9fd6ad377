import { mixtureDirection } from "@optogram/dictionary";
import { use, useMemo } from "react";
import { useAtlas } from "../atlas.tsx";
import { colourOf } from "../colour.ts";
import type { EncoderData } from "../data/encoder.ts";
import { formatMixture, mostParts, type Part, parseMixture } from "../data/mixture.ts";
import { loadDictionary } from "../live/networks.ts";
import { useRestingQuery } from "../resting-query.ts";
import { LivePainting } from "./painting.tsx";
import { FeatureLink } from "./picture.tsx";
import { SearchBox } from "./search-box.tsx";

/** Several features, each with a slider, and the picture of the direction of their weighted sum. */
export function Mixture({ data, start }: { data: EncoderData; start: string }) {
  const { encoder, address } = useAtlas();
  const dictionary = use(loadDictionary(encoder));
  const [text, setText] = useRestingQuery("combine", "mix", start);
  const parts = useMemo(() => parseMixture(text, data.features.length), [text, data]);
  const direction = useMemo(() => mixtureDirection(dictionary, parts), [dictionary, parts]);
  const change = (next: readonly Part[]) => setText(formatMixture(next));
  const said = parts
    .map(
      ({ feature, weight }) => `${Math.round(weight * 100)} % ${data.features[feature]?.answers ?? feature}`,
    )
    .join(", ");
  return (
    <div className="mixture">
      <div className="mixture-live">
        <LivePainting direction={direction} said={said}>
          There is nothing to paint: give at least one living feature some weight.
        </LivePainting>
        <p className="ways">
          <a className="button" href={address(["combine"])}>
            Back to two
          </a>
        </p>
      </div>
      <ul className="mixture-parts">
        {parts.map((part, i) => {
          const feature = data.features[part.feature];
          return (
            feature && (
              <li key={part.feature} style={{ accentColor: colourOf(feature, encoder.map) }}>
                <FeatureLink feature={feature} note={`${Math.round(part.weight * 100)} %`} />
                <input
                  type="range"
                  min={0}
                  max={1}
                  step={0.01}
                  value={part.weight}
                  aria-label={`Weight of feature ${part.feature}`}
                  onChange={(event) => change(parts.with(i, { ...part, weight: Number(event.target.value) }))}
                />
                <button type="button" onClick={() => change(parts.toSpliced(i, 1))}>
                  Remove<span className="hidden"> feature {part.feature}</span>
                </button>
              </li>
            )
          );
        })}
        {parts.length < mostParts && (
          <li>
            <SearchBox
              label="Add a feature"
              placeholder="Add…"
              onPick={(hit) =>
                change([
                  ...parts,
                  {
                    feature: (hit.type === "feature" ? hit.feature : hit.features[0]!).feature,
                    weight: 1,
                  },
                ])
              }
            />
          </li>
        )}
      </ul>
    </div>
  );
}
