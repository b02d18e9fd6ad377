import { useMemo } from "react";
import { count, fixed, percent } from "../format.ts";
import { useChoices } from "./choices.ts";
import { Confidence } from "./confidence.tsx";
import type { Words } from "./data.ts";
import { ranked } from "./rank.ts";

const shown = 24;

/** The images nearest to a text, the nearest first. */
export function FoundView({
  words,
  embeddings,
  direction,
  text,
}: {
  words: Words;
  /** Of all images. */
  embeddings: Float32Array;
  direction: Float32Array;
  text: string;
}) {
  const { about, images } = words;
  const [, , addressWith] = useChoices();
  const found = useMemo(
    () => ranked(embeddings, direction, about).slice(0, shown),
    [embeddings, direction, about],
  );
  return (
    <section aria-label={`Images for “${text}”`}>
      <ol className="words-found">
        {found.map((of) => {
          const image = images[of.index]!;
          return (
            <li key={of.index}>
              <a href={addressWith({ image: String(of.index) })} title="What does it say of this image?">
                <img src={image.picture} alt={image.name} width={160} height={160} />
              </a>
              <Confidence of={of} about={about} />
              <small>cosine {fixed(of.cosine, 2)}</small>
              <small>softmax {percent(of.softmax)}</small>
            </li>
          );
        })}
      </ol>
      <p className="faint">
        The nearest {count(found.length)} of {about.images.description}. Percentages beside bars say how
        likely text and image belong together, whatever else there is; the softmax shares 100 % among all{" "}
        {count(images.length)} images.
      </p>
    </section>
  );
}
