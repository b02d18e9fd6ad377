import { useAtlas } from "../atlas.tsx";
import type { DrawnPicture as Drawn, Feature } from "../data/encoder.ts";
import { count, measure } from "../format.ts";
import { Picture } from "./picture.tsx";

const methods: Readonly<Record<string, string>> = {
  ascent: "Optimised through the encoder, until it says that the picture points in this feature's direction.",
  decoder: "Painted by a decoder that learned to turn directions into pictures.",
};

/** The picture drawn of a feature, large, with what is known of how well it shows the feature. */
export function DrawnPicture({ feature, drawn }: { feature: Feature; drawn: Drawn }) {
  const { encoder } = useAtlas();
  const { cosine, imageCosine, rank, method } = drawn;
  return (
    <figure className="drawn">
      <Picture feature={feature} />
      <figcaption>
        {methods[method] ?? `Made by ${method}.`} Under fresh crops its cosine with the direction is{" "}
        <b>{measure(cosine)}</b>
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
