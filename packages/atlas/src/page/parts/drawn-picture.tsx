import { useAtlas } from "../atlas.tsx";
import { howMade } from "../data/drawn.ts";
import type { DrawnPicture as Drawn, Feature } from "../data/encoder.ts";
import { count, measure } from "../format.ts";
import { Picture } from "./picture.tsx";

/** The picture drawn of a feature, large, with what is known of how well it shows the feature. */
export function DrawnPicture({ feature, drawn }: { feature: Feature; drawn: Drawn }) {
  const { encoder } = useAtlas();
  const { cosine, imageCosine, rank, method } = drawn;
  return (
    <figure className="drawn">
      <Picture feature={feature} />
      <figcaption>
        {howMade(method).sentence} Under fresh crops its cosine with the direction is <b>{measure(cosine)}</b>
        {imageCosine !== null && <>; that of the best real image is {measure(imageCosine)}</>}.
        {rank !== null && (
          <>
            {" "}
            In this picture its own feature is{" "}
            {rank === 1 ? "the strongest" : `number ${count(rank)} by strength`} of {count(encoder.latents)}.
          </>
        )}
      </figcaption>
    </figure>
  );
}
