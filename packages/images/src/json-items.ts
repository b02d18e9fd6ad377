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

const [quote, backslash, comma, colon, brace] = [0x22, 0x5c, 0x2c, 0x3a, 0x7b];
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/**
 * The objects in the lists that stand under `keys` in the file's outermost object; everything else is passed over.
 * @throws ImageError where it cannot be read, ends early, or an item is no JSON
 */
export async function* jsonItems(path: string, keys: readonly string[]): AsyncGenerator<JsonItem, void> {
  const wanted = new Set(keys);
  const fail = (what: string, cause?: unknown): never => {
    throw new ImageError(`${path}: ${what}; download it again`, { cause });
  };
  let depth = 0;
  let inText = false;
  let escaped = false;
  /** Bytes of the key or item in work, where it began in a chunk before this one. */
  let held: Buffer[] = [];
  let heldBytes = 0;
  let start = -1;
  let lastText = "";
  let key: string | undefined;

  for await (const chunk of bytesOf(path)) {
    const take = (end: number): string => {
      const text = Buffer.concat([...held, chunk.subarray(start, end)]).toString();
      held = [];
      heldBytes = 0;
      start = -1;
      return text;
    };
    if (start >= 0) start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) {
          inText = false;
          if (depth === 1) lastText = take(at);
        }
      } else if (byte === quote) {
        inText = true;
        if (depth === 1) start = at + 1;
      } else if (opening.has(byte)) {
        if (depth === 0 && byte !== brace) fail("is no JSON object");
        if (depth === 2 && key !== undefined && wanted.has(key)) start = at;
        depth++;
      } else if (closing.has(byte)) {
        depth--;
        if (depth === 2 && start >= 0) {
          const text = take(at + 1);
          yield { key: key as string, value: parse(text, fail) };
        }
        if (depth <= 0) return depth < 0 ? fail("is no JSON object") : undefined;
      } else if (depth === 1 && byte === colon) key = lastText;
      else if (depth === 1 && byte === comma) key = undefined;
      else if (depth === 0 && byte > 0x20) fail("is no JSON object");
    }
    if (start >= 0) {
      held.push(chunk.subarray(start));
      heldBytes += chunk.length - start;
      if (heldBytes > mostItemBytes) fail(`has an item of more than ${mostItemBytes} bytes`);
    }
  }
  fail("is cut short");
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
