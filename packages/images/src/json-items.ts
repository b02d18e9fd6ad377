/** The items of lists in a JSON file of any size, one at a time: COCO's annotations of objects take 450 MB. */

import { createReadStream } from "node:fs";
import { ImageError } from "./picture.ts";

export interface JsonItem {
  /** The list's key in the file's outermost object. */
  readonly key: string;
  readonly value: unknown;
}

/** More than any annotation: a file that is damaged is not gathered whole while its end is looked for. */
const mostItemBytes = 1 << 24;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const openBrace = 0x7b;
const closeBracket = 0x5d;
const closeBrace = 0x7d;

/**
 * The objects in the lists that stand under `keys` in the file's outermost object; everything else is passed over.
 * @throws ImageError where it cannot be read, ends early, or an item is no JSON
 */
export async function* jsonItems(path: string, keys: readonly string[]): AsyncGenerator<JsonItem, void> {
  const fail = (what: string, cause?: unknown): never => {
    throw new ImageError(`${path}: ${what}; download it again`, { cause });
  };
  const pieces = new Pieces(fail);
  let depth = 0;
  let inText = false;
  let escaped = false;
  /** Where the key or item in work begins in this chunk; −1 where none is. */
  let start = -1;
  let lastText = "";
  let key: string | undefined;

  for await (const chunk of bytesOf(path)) {
    if (start >= 0) start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) {
          inText = false;
          if (depth !== 1) continue;
          lastText = pieces.end(chunk.subarray(start, at));
          start = -1;
        }
      } else if (byte === quote) {
        inText = true;
        if (depth === 1) start = at + 1;
      } else if (byte === openBrace || byte === openBracket) {
        if (depth === 0 && byte !== openBrace) fail("is no JSON object");
        if (depth === 2 && key !== undefined && keys.includes(key)) start = at;
        depth++;
      } else if (byte === closeBrace || byte === closeBracket) {
        depth--;
        if (depth === 2 && start >= 0) {
          const text = pieces.end(chunk.subarray(start, at + 1));
          start = -1;
          yield { key: key as string, value: parse(text, fail) };
        }
        if (depth === 0) return;
        if (depth < 0) fail("is no JSON object");
      } else if (depth === 1 && byte === colon) key = lastText;
      else if (depth === 1 && byte === comma) key = undefined;
      else if (depth === 0 && byte > 0x20) fail("is no JSON object");
    }
    if (start >= 0) pieces.add(chunk.subarray(start));
  }
  fail("is cut short");
}

/** What of a key or item lies in chunks before the one that it ends in. */
class Pieces {
  readonly #fail: (what: string) => never;
  #held: Buffer[] = [];
  #bytes = 0;

  constructor(fail: (what: string) => never) {
    this.#fail = fail;
  }

  add(piece: Buffer): void {
    this.#held.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes > mostItemBytes) this.#fail(`has an item of more than ${mostItemBytes} bytes`);
  }

  /** The whole text, of which `last` is the end. */
  end(last: Buffer): string {
    if (this.#bytes === 0) return last.toString();
    const text = Buffer.concat([...this.#held, last]).toString();
    this.#held = [];
    this.#bytes = 0;
    return text;
  }
}

function parse(text: string, fail: (what: string, cause: unknown) => never): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail(`has an item that is no JSON (${JSON.stringify(text.slice(0, 40))}…)`, error);
  }
}

async function* bytesOf(path: string): AsyncGenerator<Buffer, void> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 20 });
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError(`${path}: cannot be read (${(error as Error).message})`, { cause: error });
  }
}
