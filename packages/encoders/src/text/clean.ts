/** What is done to a text before its tokenizer sees it, as open_clip does it for its models. */

export const cleanings = {
  none: (text: string) => text,
  /** CLIP: entities of HTML read twice, white space collapsed. */
  clip: (text: string) => collapsed(read(text)),
  /** The same in small letters. */
  lower: (text: string) => collapsed(read(text)).toLowerCase(),
  /** SigLIP: besides, no punctuation of ASCII; an underscore is a space. */
  canonicalize: (text: string) =>
    collapsed(
      read(text)
        .replaceAll("_", " ")
        .replaceAll(/[!-/:-@[-`{-~]/g, ""),
    ).toLowerCase(),
} as const;

export type Cleaning = keyof typeof cleanings;

export const cleaningNames = Object.keys(cleanings) as [Cleaning, ...Cleaning[]];

const read = (text: string) => unescaped(unescaped(text));
const collapsed = (text: string) => text.replaceAll(/\s+/gu, " ").trim();

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

/** Numbered entities and the six that occur in prompts; the two thousand others of HTML stay as they are. */
function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point < 0xe000)
      ? String.fromCodePoint(point)
      : whole;
  });
}
