import { use, useMemo } from "react";
import { useSite } from "../atlas.tsx";
import { loadEncoder } from "../data/encoder.ts";
import { fixed } from "../format.ts";
import { FeatureLink } from "../parts/picture.tsx";
import { type FeatureName, loadNames, type Words } from "./data.ts";
import { wordsOf } from "./texts.ts";

const shown = 18;

/** Features whose directions lie nearest to the typed words, or the surest names where none was typed. */
export function NamesView({ words, text }: { words: Words; text: string }) {
  const names = use(loadNames(words));
  const { encoder, site } = useSite();
  const found = useMemo(() => namesFor(names, text), [names, text]);
  if (names.length === 0) return null;
  // Pictures and pages are of the encoder that the atlas shows at the moment.
  const own = encoder?.name === words.site.name && site.pages.includes("feature") ? encoder : undefined;
  return (
    <section className="words-by-word">
      <h2>Features by word</h2>
      <p className="lead">
        Directions of the dictionary lie in the same space as texts, so that the nearest text is a feature’s
        name. The score says how far it stands out among all texts, in standard deviations.
      </p>
      {found.length === 0 && <p className="faint">No feature is called by any of these words.</p>}
      {own ? <Pictured names={found} encoder={own} /> : <Listed names={found} />}
    </section>
  );
}

function Pictured({
  names,
  encoder,
}: {
  names: readonly FeatureName[];
  encoder: Parameters<typeof loadEncoder>[0];
}) {
  const { features } = use(loadEncoder(encoder));
  return (
    <div className="words-features">
      {names.map((name) => {
        const feature = features[name.feature];
        return (
          feature && (
            <FeatureLink key={`${name.feature} ${name.text}`} feature={feature} note={noteOf(name)} />
          )
        );
      })}
    </div>
  );
}

function Listed({ names }: { names: readonly FeatureName[] }) {
  return (
    <ul className="words-names">
      {names.map((name) => (
        <li key={`${name.feature} ${name.text}`}>
          {name.feature} <small>{noteOf(name)}</small>
        </li>
      ))}
    </ul>
  );
}

function noteOf({ text, score }: FeatureName): string {
  return `“${text}”, ${fixed(score, 1)} σ`;
}

/** By score; of a feature, the surest of its names that shares a word with the text, its first where there is no text. */
function namesFor(names: readonly FeatureName[], text: string): readonly FeatureName[] {
  const wanted = new Set(wordsOf(text).filter((word) => !small.has(word)));
  const fitting = names.filter((name) =>
    wanted.size === 0 ? name.rank === 1 : wordsOf(name.text).some((word) => wanted.has(word)),
  );
  const best = new Map<number, FeatureName>();
  for (const name of fitting) {
    const before = best.get(name.feature);
    if (!before || before.score < name.score) best.set(name.feature, name);
  }
  return [...best.values()].sort((a, b) => b.score - a.score).slice(0, shown);
}

/** Words that name nothing. */
const small: ReadonlySet<string> = new Set(["a", "an", "and", "the", "of", "in", "on", "at"]);
