import { use } from "react";
import { useAtlas } from "../atlas.tsx";
import type { EncoderData } from "../data/encoder.ts";
import { loadSplits, probeNames, type Split, splitInWords } from "../data/probes.ts";
import { measure } from "../format.ts";
import { Picture } from "./picture.tsx";

/** Of each probe. */
const shown = 5;

/** Pairs of features that share a thing between them, the best of each probe, as links. */
export function Splits({ data, things }: { data: EncoderData; things: readonly string[] }) {
  const splits = use(loadSplits(data.encoder));
  if (splits.length === 0) return null;
  return (
    <section>
      <h2>Two features for one thing</h2>
      <p className="faint">
        Found by search over all probes: where one is strong the other is silent, and the other way round. The
        score is the activation that changes hands, times the share of their answers that is to this thing.
      </p>
      {probeNames.map((probe) => (
        <nav key={probe} className="presets splits" aria-label={`Pairs that share a thing by ${probe}`}>
          {splits
            .filter((split) => split.probe === probe)
            .slice(0, shown)
            .map((split) => (
              <SplitLink key={split.thing} data={data} split={split} thing={things[split.thing] ?? ""} />
            ))}
        </nav>
      ))}
    </section>
  );
}

function SplitLink({ data, split, thing }: { data: EncoderData; split: Split; thing: string }) {
  const { address } = useAtlas();
  const [a, b] = [data.features[split.a.feature], data.features[split.b.feature]];
  if (!a || !b) return null;
  const query = { a: String(a.feature), b: String(b.feature), thing, probe: split.probe };
  return (
    <a className="preset" href={address(["compare"], query)}>
      <span className="preset-pictures">
        <Picture feature={a} />
        <Picture feature={b} />
      </span>
      <span>{splitInWords(split, thing)}</span>
      <small>score {measure(split.score)}</small>
    </a>
  );
}
