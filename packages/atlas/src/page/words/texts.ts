/** A typed text as tokens of a closed list of words. */

export interface ReadText {
  /** Tokens of the words that are known, at most as many as are read. */
  readonly ids: readonly number[];
  /** What the list lacks, as it was typed. */
  readonly unknown: readonly string[];
  /** Words beyond the context, which are not read. */
  readonly beyond: number;
}

/** Word i of the vocabulary is token i + 1. What stands around words, commas and full stops, is none of them. */
export function readText(text: string, vocabulary: readonly string[], context: number): ReadText {
  const tokens = wordsOf(text).map((word) => ({ word, id: vocabulary.indexOf(word) + 1 }));
  const known = tokens.filter(({ id }) => id > 0).map(({ id }) => id);
  return {
    ids: known.slice(0, context),
    unknown: [...new Set(tokens.filter(({ id }) => id === 0).map(({ word }) => word))],
    beyond: Math.max(0, known.length - context),
  };
}

/** Words of the list that the one at the text's end may become, and the text with each. */
export function completions(
  text: string,
  vocabulary: readonly string[],
  most: number,
): readonly { readonly word: string; readonly text: string }[] {
  const last = /[^\s,.;:!?]+$/u.exec(text);
  const begun = last?.[0].toLowerCase();
  if (!last || !begun || vocabulary.includes(begun)) return [];
  return vocabulary
    .filter((word) => word.startsWith(begun))
    .slice(0, most)
    .map((word) => ({ word, text: text.slice(0, last.index) + word }));
}

export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\s,.;:!?]+/u)
    .filter(Boolean);
}
