/** From texts to a tower's tokens. */

import { readFile } from "node:fs/promises";
import { Tokenizer } from "@huggingface/tokenizers";
import type { Tensor } from "@optogram/onnx";
import { z } from "zod";
import { EncoderError, firstLine } from "../error.ts";
import type { TokenizerCard } from "./card.ts";
import { cleanings } from "./clean.ts";
import { clipTokenizerJson } from "./clip-vocabulary.ts";

export interface TextTokenizer {
  /** Tokens a text. */
  readonly context: number;
  /**
   * ids int64 [n, context]: padded at the end; of a longer text the last place keeps its last token, which is the end
   * of text where the tokenizer writes one.
   * @throws EncoderError for a word that a closed vocabulary lacks
   */
  encode(texts: readonly string[]): Tensor;
  /** Tokens that a text has before it is cut; at most `context` are read. */
  length(text: string): number;
}

/**
 * Opens the tokenizer that a card names; `path` is where its file lies, if it has one.
 * @throws EncoderError
 */
export async function openTokenizer(card: TokenizerCard, context: number, path = ""): Promise<TextTokenizer> {
  if ("vocabulary" in card) return closedTokenizer(card.vocabulary, context);
  const tokenizer = built(await tokenizerJson(path), path);
  const clean = cleanings[card.clean];
  return cutting((text) => tokenizer.encode(clean(text)).ids, context, { pad: card.pad, ended: true });
}

/** Token 0 is padding; word i of the vocabulary is token i + 1. */
function closedTokenizer(vocabulary: readonly string[], context: number): TextTokenizer {
  const ids = new Map(vocabulary.map((word, i) => [word, i + 1]));
  const idsOf = (text: string) => {
    const words = cleanings.lower(text).split(" ");
    return words.map((word) => {
      const id = ids.get(word);
      if (id !== undefined) return id;
      const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
      throw new EncoderError(
        word === ""
          ? "a text without words has no embedding"
          : `"${word}" in "${short}" is none of the ${vocabulary.length} words that this encoder reads (${vocabulary.slice(0, 8).join(", ")}, …)`,
      );
    });
  };
  return cutting(idsOf, context, { pad: 0, ended: false });
}

interface Filling {
  readonly pad: number;
  /** A row that is cut keeps its last token. */
  readonly ended: boolean;
}

function cutting(
  idsOf: (text: string) => readonly number[],
  context: number,
  filling: Filling,
): TextTokenizer {
  return {
    context,
    encode: (texts) => filled(texts.map(idsOf), context, filling),
    length: (text) => idsOf(text).length,
  };
}

function filled(rows: readonly (readonly number[])[], context: number, { pad, ended }: Filling): Tensor {
  const data = new BigInt64Array(rows.length * context).fill(BigInt(pad));
  rows.forEach((row, r) => {
    for (let i = 0; i < Math.min(row.length, context); i++) data[r * context + i] = BigInt(row[i]);
    if (ended && row.length > context) data[(r + 1) * context - 1] = BigInt(row[row.length - 1]);
  });
  return { dtype: "int64", shape: [rows.length, context], data };
}

const jsonSchema = z.looseObject({ model: z.looseObject({ vocab: z.unknown() }) });

async function tokenizerJson(path: string): Promise<object> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new EncoderError(`${path}: the card's tokenizer cannot be read (${firstLine(error)})`, {
      cause: error,
    });
  }
  if (/\.txt(\.gz)?$/.test(path)) return clipTokenizerJson(bytes, path);
  try {
    return jsonSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw new EncoderError(
      `${path}: not a tokenizer.json, which names a model and its vocabulary; take the file from the model's repository`,
      { cause: error },
    );
  }
}

function built(json: object, path: string): Tokenizer {
  try {
    const tokenizer = new Tokenizer(json, {});
    tokenizer.encode("a");
    return tokenizer;
  } catch (error) {
    throw new EncoderError(`${path}: the tokenizer cannot be used (${firstLine(error)})`, { cause: error });
  }
}
