/** Names of ImageNet's classes, which its folders call by WordNet's numbers of synsets. */

import { z } from "zod";
import { ImageError } from "./picture.ts";

/** Synset (`n01440764`) to name (`tench`). */
export type SynsetNames = ReadonlyMap<string, string>;

/** Imagenette's classes, under the names that its authors give them: it comes without a file of names. */
const imagenette = {
  n01440764: "tench",
  n02102040: "English springer",
  n02979186: "cassette player",
  n03000684: "chain saw",
  n03028079: "church",
  n03394916: "French horn",
  n03417042: "garbage truck",
  n03425413: "gas pump",
  n03445777: "golf ball",
  n03888257: "parachute",
};

/** `{"n01440764": "tench"}` or `{"0": ["n01440764", "tench"]}`. */
const jsonSchema = z.record(z.string(), z.union([z.string(), z.tuple([z.string(), z.string()])]));

/**
 * Names in a file's text: JSON by synset or by number, or lines of a synset and its names. Of several names, set apart
 * by commas, the first counts; classes that share it (two cranes, two maillots) have their synset added. Without a text,
 * Imagenette's.
 * @throws ImageError that begins with `file`
 */
export function parseSynsetNames(text?: string, file = ""): SynsetNames {
  const pairs = text === undefined ? Object.entries(imagenette) : pairsOf(text, file);
  const uses = new Map<string, number>();
  for (const [, name] of pairs) uses.set(name, (uses.get(name) ?? 0) + 1);
  return new Map(
    pairs.map(([synset, name]) => [synset, uses.get(name) === 1 ? name : `${name} (${synset})`]),
  );
}

function pairsOf(text: string, file: string): (readonly [string, string])[] {
  const pairs = /^\s*\{/.test(text) ? pairsOfJson(text, file) : pairsOfLines(text);
  if (pairs.length === 0) {
    throw new ImageError(`${file}: names no synset; a line is a synset and its name: n01440764 tench`);
  }
  return pairs.map(([synset, names]) => [synset, names.split(",")[0].replaceAll("_", " ").trim()]);
}

function pairsOfJson(text: string, file: string): (readonly [string, string])[] {
  let entries: z.infer<typeof jsonSchema>;
  try {
    entries = jsonSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new ImageError(`${file}: is no JSON object of synsets and their names`, { cause: error });
  }
  return Object.entries(entries).map(([key, value]) => (typeof value === "string" ? [key, value] : value));
}

function pairsOfLines(text: string): (readonly [string, string])[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, synset, names] = /^(n\d{8})\s+(\S.*)$/.exec(line.trim()) ?? [];
    return synset === undefined ? [] : [[synset, names] as const];
  });
}
