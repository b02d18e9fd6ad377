import { binaries, bools, table, texts, vectors, type writeArtifact } from "@optogram/artifacts";

type Writer = Parameters<Parameters<typeof writeArtifact>[2]>[0];

const parts = ["a", "b", "over", "beside", "a beyond b", "b beyond a"];

/** Pairs (2, 3), fused, and (5, 6), of which the second is alone half way. */
export async function writeCombinations(writer: Writer, picture: Uint8Array): Promise<void> {
  const pairs = [
    [2, 3],
    [5, 6],
  ] as const;
  await writer.table(
    "pairs.parquet",
    table({
      pair: Uint32Array.of(0, 1),
      a: Uint32Array.from(pairs, ([a]) => a),
      b: Uint32Array.from(pairs, ([, b]) => b),
      kind_a: texts(["left", "upper"]),
      kind_b: texts(["right", null]),
      why: texts(["often", "named"]),
      together: Float32Array.of(0.3, 0),
      cosine: Float32Array.of(0.2, -0.1),
    }),
  );
  const rows = pairs.flatMap((_, pair) => parts.map((part) => ({ pair, part })));
  const crops = (of: (pair: number, crop: number) => number) =>
    vectors(
      Float32Array.from(rows.flatMap(({ pair }) => Array.from({ length: 9 }, (_, crop) => of(pair, crop)))),
      9,
    );
  await writer.table(
    "pictures.parquet",
    table({
      pair: Uint32Array.from(rows, ({ pair }) => pair),
      part: texts(rows.map(({ part }) => part)),
      picture: binaries(rows.map(() => picture)),
      cosine: Float32Array.from(rows, (_, i) => 0.6 + i / 100),
      activation_a: Float32Array.from(rows, () => 0.4),
      rank_a: Uint32Array.from(rows, () => 1),
      activation_b: Float32Array.from(rows, () => 0.3),
      rank_b: Uint32Array.from(rows, () => 2),
      crops_a: crops((pair, crop) => (pair === 0 ? crop / 9 : 0)),
      crops_b: crops((_, crop) => (crop % 3) / 3),
      overlap: Float32Array.from(rows, ({ pair }) => (pair === 0 ? 0.75 : Number.NaN)),
      verdict: texts(rows.map(({ pair }) => (pair === 0 ? "fused" : "one alone"))),
      middle: bools(rows.map(({ part }) => part === "beside")),
    }),
  );
}

/** Images 3, 50 and 100 with four generations each. */
export async function writeSpread(writer: Writer, picture: Uint8Array): Promise<void> {
  const images = [3, 50, 100];
  const pictures = (count: number) => ({
    picture: binaries(new Array<Uint8Array>(count).fill(picture)),
    cosine: Float32Array.from({ length: count }, (_, i) => 0.95 - i / 50),
    saturation: Float32Array.from({ length: count }, (_, i) => 0.3 + i / 40),
    contrast: Float32Array.from({ length: count }, (_, i) => 0.15 + i / 100),
    things: Uint32Array.from({ length: count }, (_, i) => i % 5),
  });
  await writer.table("originals.parquet", table({ image: Uint32Array.from(images), ...pictures(3) }));
  const made = images.flatMap((image) => [0, 1, 2, 3].map((generation) => ({ image, generation })));
  await writer.table(
    "generations.parquet",
    table({
      image: Uint32Array.from(made, ({ image }) => image),
      generation: Uint32Array.from(made, ({ generation }) => generation),
      ...pictures(12),
      beginning: Uint32Array.from(made, ({ generation }) => generation),
      beginning_cosine: Float32Array.from(made, () => 0.7),
    }),
  );
  await writer.table(
    "differences.parquet",
    table({
      statistic: texts(["saturation", "contrast", "things"]),
      original: Float32Array.of(0.32, 0.16, 1),
      generated: Float32Array.of(0.44, 0.2, 1.8),
      difference: Float32Array.of(0.12, 0.04, 0.8),
      low: Float32Array.of(0.05, -0.01, 0.2),
      high: Float32Array.of(0.2, 0.1, 1.4),
    }),
  );
}
