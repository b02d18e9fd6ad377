import { use } from "react";
import { useAtlas } from "../atlas.tsx";
import type { EncoderData } from "../data/encoder.ts";
import { loadSplits, splitInWords } from "../data/probes.ts";
import { measure } from "../format.ts";
import { Picture } from "./picture.tsx";

const shown = 12;

/** Pairs of features that share a thing between them, best first, as links. */
export function Splits({ data, things }: { data: EncoderData; things: readonly string[] }) {
  const { address } = useAtlas();
  const splits = use(loadSplits(data.encoder)).slice(0, shown);
  if (splits.length === 0) return null;
  return (
    <section>
      <h2>Two features for one thing</h2>
      <p className="faint">
        Found by search over all probes: where one is strong the other is silent, and the other way round. The
        score is how much activation changes hands.
      </p>
      <nav className="presets splits" aria-label="Pairs that share a thing">
        {splits.map((split) => {
          const [a, b] = [data.features[split.a.feature], data.features[split.b.feature]];
          const thing = things[split.thing];
          if (!a || !b || thing === undefined) return null;
          const query = { a: String(a.feature), b: String(b.feature), thing, probe: split.probe };
          return (
            <a key={`${split.thing} ${split.probe}`} className="preset" href={address(["compare"], query)}>
              <span className="preset-pictures">
                <Picture feature={a} />
                <Picture feature={b} />
              </span>
              <span>{splitInWords(split, thing)}</span>
              <small>score {measure(split.score)}</small>
            </a>
          );
        })}
      </nav>
    </section>
  );
}
