import { dot } from "@optogram/dictionary";
import { useEffect, useState } from "react";
import { fixed } from "../format.ts";
import type { Words } from "./data.ts";
import { loadEmbedText } from "./networks.ts";
import type { Prompt } from "./prompts-view.tsx";

/** What each typed word does to the cosine with an image: the cosine of the text, less that of the text without it. */
export function WordEffects({
  words,
  embedding,
  typed,
}: {
  words: Words;
  embedding: Float32Array;
  typed: Prompt;
}) {
  const [found, setFound] = useState<{ readonly of: Prompt; readonly effects: readonly number[] }>();
  useEffect(() => {
    let wanted = true;
    const { ids, direction } = typed;
    // Without its only word nothing is left of a text.
    if (ids.length < 2) return;
    loadEmbedText(words)
      .then((embed) => Promise.all(ids.map((_, without) => embed(ids.filter((_, i) => i !== without)))))
      .then((directions) => {
        const whole = dot(direction, embedding);
        if (wanted) setFound({ of: typed, effects: directions.map((part) => whole - dot(part, embedding)) });
      })
      // The tower ran a moment ago; what fails now is told where it is needed more.
      .catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [words, embedding, typed]);
  if (!found || typed.ids.length < 2) return null;
  const { vocabulary } = words.about.text;
  return (
    <p className="words-effects">
      <small>what each word does to the cosine</small>
      {found.of.ids.map((id, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a word is known by its place
        <span key={i} data-helps={found.effects[i]! > 0 || undefined}>
          <b>{vocabulary[id - 1]}</b>
          <small>{signed(found.effects[i]!)}</small>
        </span>
      ))}
    </p>
  );
}

function signed(value: number): string {
  return `${value >= 0 ? "+" : ""}${fixed(value, 2)}`;
}
