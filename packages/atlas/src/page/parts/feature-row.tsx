import type { Neighbour } from "../data/details.ts";
import type { Feature } from "../data/encoder.ts";
import { measure } from "../format.ts";
import { FeatureLink } from "./picture.tsx";

/** Neighbours of a feature as pictures with their scores. */
export function FeatureRow({
  title,
  explain,
  features,
  neighbours,
}: {
  title: string;
  explain?: string;
  features: readonly Feature[];
  neighbours: readonly Neighbour[];
}) {
  return (
    <section className="feature-row">
      <h3>{title}</h3>
      {explain && <p className="faint">{explain}</p>}
      {neighbours.length === 0 && <p className="faint">None.</p>}
      <div className="feature-row-links">
        {neighbours.flatMap(({ feature, score }) => {
          const known = features[feature];
          return known ? [<FeatureLink key={feature} feature={known} note={measure(score)} />] : [];
        })}
      </div>
    </section>
  );
}
