import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ArtifactWriter, digestOf, writeArtifact } from "@optogram/artifacts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readWords } from "./words.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "words-"));
});
afterAll(() => rm(root, { recursive: true }));

async function write(
  name: string,
  kind: string,
  inputs: Record<string, { kind: string; digest: string }>,
  fill: (writer: ArtifactWriter) => Promise<void>,
) {
  const described = { ...{ kind, stage: "made", parameters: {}, inputs }, versions: {}, device: "cpu" };
  const manifest = await writeArtifact(join(root, name), described, fill);
  return { folder: join(root, name), input: { kind, digest: digestOf(manifest) } };
}

const alignment = {
  encoder: { name: "reader", title: "Reader" },
  text: { temperature: 20 },
  confidence: { threshold: 0.08, temperature: 25, slope: 6.25, fitted: false },
};

test("says what to do about an encoder whose texts the page cannot read", async () => {
  const { folder } = await write("tokens", "alignment", {}, (writer) =>
    writer.json("alignment.json", alignment),
  );
  await expect(readWords(folder, [])).rejects.toThrow(
    /tokens: reader reads texts with a tokenizer that the page does not have.*leave "alignment" out of the atlas/,
  );
});

test("wants the features that the alignment was made of", async () => {
  const own = await write("own", "features", {}, (writer) => writer.json("a.json", 1));
  const other = await write("other", "features", {}, (writer) => writer.json("a.json", 2));
  const { folder } = await write("words", "alignment", { features: own.input }, async (writer) => {
    await writer.json("alignment.json", alignment);
    await writer.json("page.json", {
      ...{ images: 1, dimension: 2, encoder: { height: 8, width: 8, resize: "cover" } },
      text: { texts: 1, context: 4, vocabulary: ["a"] },
    });
    for (const name of [
      "text.onnx",
      "encoder.onnx",
      "images.safetensors",
      "texts.parquet",
      "cosines.parquet",
    ])
      await writer.bytes(name, Uint8Array.of(1));
  });
  await expect(readWords(folder, [other.folder])).rejects.toThrow(
    /words: was made of other features than those given; run align-text again/,
  );
});
