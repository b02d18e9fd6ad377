import type { Background } from "./backgrounds/background.ts";
import { backgrounds } from "./backgrounds/index.ts";
import { type ColourName, colourNames } from "./colour.ts";
import { kindOf, kinds } from "./kinds/index.ts";
import type { Kind } from "./kinds/kind.ts";

const numbers = [
  "no",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
  "thirteen",
  "fourteen",
  "fifteen",
  "sixteen",
  "seventeen",
  "eighteen",
  "nineteen",
  "twenty",
] as const;

interface Named {
  readonly kind: string;
  readonly colour: ColourName;
  readonly whole: boolean;
  readonly box: { readonly width: number; readonly height: number };
}

/**
 * What a scene shows, in words: count, size where telling, sliced, colour and kind of each group,
 * then the place ("two small red cars and a tree in the street at sunset").
 */
export function captionOf(
  background: Background,
  sunset: boolean,
  groups: readonly (readonly Named[])[],
): string {
  const shown = groups.filter((group) => group.length > 0);
  const lead = shown[0]?.[0];
  const list = shown
    .map(nounPhrase)
    .reduce((sentence, phrase, i) => (i === 0 ? phrase : `${sentence} and ${phrase}`), "");
  const place = background.phrases[lead ? kindOf(lead.kind).stance : "stand"];
  return [list, place, sunset ? "at sunset" : ""].filter(Boolean).join(" ");
}

function nounPhrase(group: readonly Named[]): string {
  const first = group[0] as Named;
  const kind = kindOf(first.kind);
  const sides = group.map(({ box }) => Math.max(box.width, box.height));
  const side = sides.reduce((sum, value) => sum + value, 0) / sides.length;
  const size = side < 0.13 ? "tiny" : side < 0.26 ? "small" : side > 0.9 ? "huge" : side > 0.72 ? "big" : "";
  const sliced = first.whole ? "" : "sliced";
  const colour = group.every((each) => each.colour === first.colour) ? first.colour : "colourful";
  const words = [size, sliced, colour, group.length === 1 ? kind.name : kind.plural].filter(Boolean);
  const number = group.length === 1 ? article(words[0] as string) : numbers[group.length];
  return [number, ...words].join(" ");
}

/** The shortest caption of every picture that shows the kind: "a cat". */
export function nameCaption(kind: Kind): string {
  return `${article(kind.name)} ${kind.name}`;
}

function article(word: string): string {
  return /^[aeiou]/.test(word) ? "an" : "a";
}

/** Every word that a caption can hold, sorted. */
export const captionWords: readonly string[] = [
  ...new Set([
    "a",
    "an",
    "and",
    "at",
    "sunset",
    "tiny",
    "small",
    "big",
    "huge",
    "sliced",
    "colourful",
    ...numbers.slice(2),
    ...colourNames,
    ...kinds.flatMap((kind) => [kind.name, kind.plural]),
    ...backgrounds.flatMap((background) =>
      Object.values(background.phrases).flatMap((phrase) => phrase.split(" ")),
    ),
  ]),
].toSorted();
