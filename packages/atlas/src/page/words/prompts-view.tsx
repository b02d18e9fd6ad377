import { useEffect, useMemo, useState } from "react";
import { fixed } from "../format.ts";
import type { Photo } from "../live/photo.ts";
import { Confidence } from "./confidence.tsx";
import type { Words } from "./data.ts";
import { loadEmbedImage } from "./networks.ts";
import { ranked } from "./rank.ts";
import { WordEffects } from "./word-effects.tsx";

const shown = 12;

/** Texts nearest to a photo; its tower is fetched first. */
export function PhotoPrompts({
  words,
  photo,
  typed,
}: {
  words: Words;
  photo: Photo;
  typed: Prompt | undefined;
}) {
  const [found, setFound] = useState<{ embedding?: Float32Array; problem?: string }>({});
  useEffect(() => {
    let wanted = true;
    loadEmbedImage(words)
      .then((embed) => embed(photo.picture))
      .then((embedding) => wanted && setFound({ embedding }))
      .catch(
        (error: unknown) =>
          wanted && setFound({ problem: error instanceof Error ? error.message : String(error) }),
      );
    return () => {
      wanted = false;
    };
  }, [words, photo]);
  if (found.problem !== undefined)
    return (
      <p className="problem" role="alert">
        {found.problem}
      </p>
    );
  if (!found.embedding)
    return (
      <p className="faint" role="status">
        Fetching {words.site.name} ({(words.about.encoder.bytes / 2 ** 20).toFixed(1)} MB), once, and looking
        at the photo…
      </p>
    );
  return <Prompts words={words} embedding={found.embedding} typed={typed} />;
}

/** What was typed, with its direction. */
export interface Prompt {
  readonly text: string;
  /** Its tokens. */
  readonly ids: readonly number[];
  readonly direction: Float32Array;
}

/** Texts by how near they are to an image, what was typed among them. */
export function Prompts({
  words,
  embedding,
  typed,
}: {
  words: Words;
  embedding: Float32Array;
  typed: Prompt | undefined;
}) {
  const { about, texts, directions } = words;
  const order = useMemo(() => {
    const rows = new Float32Array(directions.length + (typed?.direction.length ?? 0));
    rows.set(directions);
    if (typed) rows.set(typed.direction, directions.length);
    return ranked(rows, embedding, about);
  }, [directions, typed, embedding, about]);
  const best = order.slice(0, shown);
  const own = order.findIndex(({ index }) => index === texts.length);
  const rows = own < shown ? best : [...best, order[own]!];
  return (
    <>
      {typed && <WordEffects words={words} embedding={embedding} typed={typed} />}
      <ol className="words-prompts">
        {rows.map((of) => (
          <li
            key={of.index}
            value={order.indexOf(of) + 1}
            data-typed={of.index === texts.length || undefined}
          >
            <span className="words-prompt">{texts[of.index]?.text ?? typed?.text}</span>
            <Confidence of={of} about={about} />
            <small>{fixed(of.cosine, 2)}</small>
          </li>
        ))}
      </ol>
    </>
  );
}
