import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openTokenizer, type TextTokenizer, tokenizerSchema } from "@optogram/encoders";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokenizer-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The rows of ids, without the padding after the last other token. */
function rows(tokenizer: TextTokenizer, texts: readonly string[], pad = 0): number[][] {
  const ids = Array.from(tokenizer.encode(texts).data as BigInt64Array, Number);
  return texts.map((_, i) => {
    const row = ids.slice(i * tokenizer.context, (i + 1) * tokenizer.context);
    return row.slice(0, row.findLastIndex((id) => id !== pad) + 1);
  });
}

const open = async (name: string, content: string | Uint8Array, context: number, more: object = {}) => {
  const path = join(folder, name);
  await writeFile(path, content);
  return openTokenizer(tokenizerSchema.parse({ file: name, ...more }), context, path);
};

describe("CLIP's vocabulary file", () => {
  const pairs = '"bpe_simple_vocab_16e6.txt#version: 0.2\nc a\nca t</w>\nt h\nth e</w>\n';
  // 256 bytes, 256 that end a word, the pairs, begin and end.
  const [ca, cat, begin, end] = [512, 513, 516, 517];
  const byte = (character: string) => character.charCodeAt(0) - 33;
  const ending = (character: string) => 256 + byte(character);

  it("joins pairs within words, in the order of the file", async () => {
    const tokenizer = await open("a.txt.gz", gzipSync(pairs), 10, { clean: "clip" });
    expect(rows(tokenizer, ["The  cat\tcan", "", "cat&amp;#33;"])).toEqual([
      [begin, 515, cat, ca, ending("n"), end],
      [begin, end],
      [begin, cat, ending("!"), end],
    ]);
  });

  it("cuts a long text and keeps its end", async () => {
    const tokenizer = await open("b.txt", pairs, 4, { clean: "clip" });
    expect(rows(tokenizer, ["cat cat cat cat"])).toEqual([[begin, cat, cat, end]]);
  });

  it("reads any text: emoji, right to left, 10,000 letters", async () => {
    const tokenizer = await open("c.txt", pairs, 77, { clean: "clip" });
    for (const text of ["😀", "שלום עולם", "x".repeat(10_000), "\u0000\ud800"]) {
      const [row] = rows(tokenizer, [text]);
      expect([row[0], row[row.length - 1]]).toEqual([begin, end]);
      expect(row.length).toBeGreaterThan(2);
    }
  });

  it("is refused where it is something else", async () => {
    await expect(open("d.txt", "hello", 8)).rejects.toThrow(/d\.txt: not CLIP's vocabulary/);
    await expect(open("e.txt.gz", gzipSync(pairs).subarray(0, 30), 8)).rejects.toThrow(
      /e\.txt\.gz: not a voc/,
    );
    await expect(open("f.txt", "#version\na b c\n", 8)).rejects.toThrow(/f\.txt: line 2 is not two parts/);
  });

  const whole = process.env.OPTOGRAM_CLIP_VOCABULARY;
  it.runIf(whole !== undefined && existsSync(whole))("agrees with CLIP on expected_tokens.json", async () => {
    const path = whole as string;
    const expected: { text: string; tokens: number[] }[] = JSON.parse(
      await readFile(join(path, "..", "expected_tokens.json"), "utf8"),
    );
    const card = tokenizerSchema.parse({ file: "bpe_simple_vocab_16e6.txt.gz", clean: "clip" });
    const tokenizer = await openTokenizer(card, 77, path);
    const found = rows(
      tokenizer,
      expected.map(({ text }) => text),
    );
    expect(found).toEqual(expected.map(({ tokens }) => tokens));
  });
});

/** As SigLIP's: pieces with scores, an end token, a space before the first word. */
const pieces = {
  version: "1.0",
  added_tokens: [
    {
      id: 0,
      content: "<unk>",
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    },
    {
      id: 1,
      content: "</s>",
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    },
  ],
  normalizer: null,
  pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
  post_processor: {
    type: "TemplateProcessing",
    single: [{ Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "</s>", type_id: 0 } }],
    pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 0 } }],
    special_tokens: { "</s>": { id: "</s>", ids: [1], tokens: ["</s>"] } },
  },
  decoder: null,
  model: {
    type: "Unigram",
    unk_id: 0,
    vocab: [
      ["<unk>", 0],
      ["</s>", 0],
      ["▁a", -1],
      ["▁cat", -2],
      ["▁c", -3],
      ["at", -3],
      ["s", -2],
    ],
  },
};

describe("tokenizer.json", () => {
  it("finds the likeliest pieces, after cleaning as SigLIP does it, and pads with what the card says", async () => {
    const tokenizer = await open("tokenizer.json", JSON.stringify(pieces), 8, {
      clean: "canonicalize",
      pad: 1,
    });
    const ids = Array.from(tokenizer.encode(["A  cat&amp;#33;", "Cats_a"]).data as BigInt64Array, Number);
    expect(ids).toEqual([2, 3, 1, 1, 1, 1, 1, 1, 3, 6, 2, 1, 1, 1, 1, 1]);
  });

  it("is refused where it is damaged, in one line", async () => {
    await expect(open("g.json", "{", 8)).rejects.toThrow(/g\.json: not a tokenizer\.json/);
    await expect(open("h.json", '{"model":{"type":"X","vocab":{}}}', 8)).rejects.toThrow(
      /h\.json: the tokenizer cannot be used/,
    );
    const card = tokenizerSchema.parse({ file: "none.json" });
    await expect(openTokenizer(card, 8, join(folder, "none.json"))).rejects.toThrow(/cannot be read/);
  });
});

describe("a closed vocabulary", () => {
  const card = { vocabulary: ["a", "red", "fish"] };

  it("numbers words from 1, cuts and pads with 0", async () => {
    const tokenizer = await openTokenizer(card, 3);
    expect(rows(tokenizer, ["a red fish", "Fish", "red red a a"])).toEqual([[1, 2, 3], [3], [2, 2, 1]]);
    expect(tokenizer.length("red red a a")).toBe(4);
    expect(() => tokenizer.encode([" "])).toThrow("a text without words has no embedding");
  });

  it("names a word that it lacks", async () => {
    const tokenizer = await openTokenizer(card, 3);
    expect(() => tokenizer.encode(["a blue fish"])).toThrow(
      '"blue" in "a blue fish" is none of the 3 words that this encoder reads (a, red, fish, …)',
    );
  });
});
