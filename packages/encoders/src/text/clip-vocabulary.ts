/**
 * CLIP's own vocabulary file, `bpe_simple_vocab_16e6.txt.gz`, as a tokenizer.json: byte pairs (Sennrich et al. 2016) over
 * bytes written as characters, `</w>` at the end of a word, and two tokens for begin and end.
 */

import { gunzipSync } from "node:zlib";
import { EncoderError } from "../error.ts";

/** Pairs that CLIP's vocabulary of 49,408 uses; the file has more. */
const pairs = 48_894;
const begin = "<|startoftext|>";
const end = "<|endoftext|>";
const largestFile = 64 * 1024 * 1024;

/**
 * @param file its bytes, compressed or not; a shorter list of pairs makes a smaller vocabulary
 * @throws EncoderError where it is no list of pairs
 */
export function clipTokenizerJson(file: Uint8Array, path: string): object {
  const [header, ...lines] = unzipped(file, path).split("\n");
  if (!header.includes("#version"))
    throw new EncoderError(`${path}: not CLIP's vocabulary, whose first line names a version`);
  const merges = lines.slice(0, pairs).filter((line) => line !== "");
  const wrong = merges.findIndex((line) => line.split(" ").length !== 2);
  if (wrong >= 0) throw new EncoderError(`${path}: line ${wrong + 2} is not two parts of a word`);
  const bytes = byteCharacters();
  const tokens = [
    ...bytes,
    ...bytes.map((character) => `${character}</w>`),
    ...merges.map((line) => line.replace(" ", "")),
    begin,
    end,
  ];
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const special = [begin, end].map((content) => ({
    id: vocab[content],
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  }));
  return {
    version: "1.0",
    added_tokens: special,
    normalizer: { type: "Lowercase" },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        {
          type: "Split",
          pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
          behavior: "Removed",
          invert: true,
        },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: {
      type: "RobertaProcessing",
      cls: [begin, vocab[begin]],
      sep: [end, vocab[end]],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: "BPE", unk_token: end, end_of_word_suffix: "</w>", vocab, merges },
  };
}

function unzipped(file: Uint8Array, path: string): string {
  const zipped = file[0] === 0x1f && file[1] === 0x8b;
  try {
    const bytes = zipped ? gunzipSync(file, { maxOutputLength: largestFile }) : file;
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new EncoderError(`${path}: not a vocabulary (${(error as Error).message})`, { cause: error });
  }
}

/** A visible character for each byte, in the order of their ids: printable ones stand for themselves and come first. */
function byteCharacters(): string[] {
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte < 256 && byte !== 173);
  const all = Array.from({ length: 256 }, (_, byte) => byte);
  return [...all.filter(printable), ...all.filter((byte) => !printable(byte)).map((_, i) => 256 + i)].map(
    (point) => String.fromCodePoint(point),
  );
}
