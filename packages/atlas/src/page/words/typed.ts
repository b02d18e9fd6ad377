import { useEffect, useMemo, useState } from "react";
import type { Words } from "./data.ts";
import { loadEmbedText } from "./networks.ts";
import { type ReadText, readText } from "./texts.ts";

export interface Typed {
  readonly read: ReadText;
  /** Of the words that are known; of an earlier text while the tower runs, absent until it ran. */
  readonly direction?: Float32Array;
  /** The tokens that it is of. */
  readonly of?: readonly number[];
  /** Why there is none. */
  readonly problem?: string;
}

type Found = Omit<Typed, "read">;

/** A text through the encoder's text tower, which is fetched with the first text. */
export function useTyped(words: Words, text: string): Typed {
  const { vocabulary, context } = words.about.text;
  const read = useMemo(() => readText(text, vocabulary, context), [text, vocabulary, context]);
  const [found, setFound] = useState<Found>({});
  const tokens = read.ids.join(" ");
  useEffect(() => {
    let wanted = true;
    const set = (next: Found) => wanted && setFound(next);
    if (tokens === "") set({});
    else {
      const of = tokens.split(" ").map(Number);
      loadEmbedText(words)
        .then((embed) => embed(of))
        .then((direction) => set({ direction, of }))
        .catch((error: unknown) => set({ problem: error instanceof Error ? error.message : String(error) }));
    }
    return () => {
      wanted = false;
    };
  }, [words, tokens]);
  return { read, ...found };
}
