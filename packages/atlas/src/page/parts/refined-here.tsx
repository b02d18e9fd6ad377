import { use } from "react";
import { useAtlas } from "../atlas.tsx";
import { loadCombinations, refinedAt } from "../data/combinations.ts";
import { measure } from "../format.ts";
import type { End } from "./combine-end.tsx";
import { Refined } from "./refined-picture.tsx";

/** Beside the live picture: the one searched for in advance, where this pair and place have one. */
export function RefinedHere({
  a,
  b,
  t,
  apart,
  said,
}: {
  a: End;
  b: End;
  t: number;
  apart: boolean;
  /** The direction in words. */
  said: string;
}) {
  const known = use(loadCombinations(useAtlas().encoder));
  if (!("feature" in a && "feature" in b)) return null;
  const [first, second] = [a.feature.feature, b.feature.feature];
  const pair = known.find(
    (one) => (one.a === first && one.b === second) || (one.a === second && one.b === first),
  );
  if (!pair) return null;
  const picture = refinedAt(pair, first, t, apart);
  return (
    <figure className="refined-here">
      {picture ? (
        <Refined picture={picture} alt={`Refined: ${said}`} />
      ) : (
        <p className="refined refined-none faint">
          {apart ? "Refined at both ends" : "Refined half way and at both ends"}
        </p>
      )}
      <figcaption>
        {picture ? (
          <>
            Refined: searched for through the encoder, from the decoder's pictures. Cosine{" "}
            {measure(picture.cosine)}
          </>
        ) : (
          "Move the slider there to see what a search through the encoder found."
        )}
      </figcaption>
    </figure>
  );
}
