import { bools, table, texts, vectors, writeArtifact } from "@optogram/artifacts";
import sharp from "sharp";

const side = 16;
const gap = 2;
const images = ["scene 1:0", "scene 1:10", "scene 1:20"];

const encoder = (name: string, layer = "last", block = 6, tokens = 64) => ({
  ...{ name, title: `The encoder ${name}`, objective: `objective of ${name}`, layer, block },
  ...{ tokens, width: 4, input: [16, 16] },
});

/** Scores by cosine under small, then PSNR: the order of the first two turns round. */
const entries = [
  { id: "small", kind: "encoder", encoder: encoder("small"), scores: [0.9, 18.2] },
  { id: "small@3", kind: "encoder", encoder: encoder("small", "3", 3), scores: [0.8, 21.4] },
  { id: "blank", kind: "random-weights", encoder: encoder("blank", "last", 6, 16), scores: [0.5, 15] },
  {
    ...{ id: "small, tokens shuffled", kind: "shuffled-tokens", encoder: encoder("small") },
    scores: [0.6, 13],
  },
  { id: "mean image", kind: "mean-image", scores: [0.4, 14] },
  { id: "pixels 16 × 16", kind: "pixels", scores: [1, 58.9] },
] as const;

const measures = [
  { key: "cosine-small", title: "cosine under small", better: "higher", judge: "small" },
  { key: "psnr", title: "PSNR, dB", better: "higher" },
] as const;

type Entry = (typeof entries)[number];

function isRanked({ kind }: Entry): boolean {
  return kind === "encoder" || kind === "random-weights";
}

/** Ranked ones from the best, then the others. */
function ordered(measure: number): { entry: Entry; rank: number }[] {
  const ranked = entries.filter(isRanked).sort((a, b) => b.scores[measure]! - a.scores[measure]!);
  const others = entries.filter((entry) => !isRanked(entry));
  return [
    ...ranked.map((entry, i) => ({ entry, rank: i + 1 })),
    ...others.map((entry) => ({ entry, rank: -1 })),
  ];
}

/** Pictures of one colour each, in rows. */
function sheetOf(rows: number, columns: number, colour: (row: number, column: number) => number[]) {
  const [width, height] = [columns, rows].map((count) => count * (side + gap) - gap) as [number, number];
  const data = new Uint8Array(3 * width * height).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (x % (side + gap) < side && y % (side + gap) < side)
        data.set(colour(Math.floor(y / (side + gap)), Math.floor(x / (side + gap))), 3 * (y * width + x));
  return sharp(data, { raw: { width, height, channels: 3 } })
    .webp()
    .toBuffer();
}

const made = (kind: string, stage: string, parameters: Record<string, unknown>) => ({
  ...{ kind, stage, parameters, inputs: {}, versions: { optogram: "0.1.0" }, device: "cpu" },
});

/** What evaluate-encoders would write of three encoders and their controls. */
export async function writeEvaluation(folder: string): Promise<void> {
  await writeArtifact(folder, made("evaluation", "evaluate-encoders", { seed: 1 }), async (writer) => {
    const rows = measures.flatMap((measure, m) => ordered(m).map((row) => ({ ...row, measure, m })));
    const floats = (more: number) => Float32Array.from(rows, ({ entry, m }) => entry.scores[m]! * (1 + more));
    await writer.table(
      "ranking.parquet",
      table({
        measure: texts(rows.map(({ measure }) => measure.key)),
        own: bools(rows.map(({ entry, m }) => m === 0 && entry.id.startsWith("small"))),
        entry: texts(rows.map(({ entry }) => entry.id)),
        rank: Int32Array.from(rows, ({ rank }) => rank),
        n: Uint32Array.from(rows, () => 40),
        mean: floats(0),
        low: floats(-0.05),
        high: floats(0.05),
        groups: texts(rows.map(({ rank }) => (rank < 0 ? null : "abc"[rank - 1]!))),
      }),
    );
    const pairs = measures.flatMap((measure, m) =>
      [
        [0, 1],
        [0, 2],
        [1, 2],
      ].map(([a, b]) => ({ measure, m, a: entries[a!]!, b: entries[b!]! })),
    );
    await writer.table(
      "comparisons.parquet",
      table({
        measure: texts(pairs.map(({ measure }) => measure.key)),
        a: texts(pairs.map(({ a }) => a.id)),
        b: texts(pairs.map(({ b }) => b.id)),
        n: Uint32Array.from(pairs, () => 40),
        difference: Float32Array.from(pairs, ({ a, b, m }) => a.scores[m]! - b.scores[m]!),
        effect: Float32Array.from(pairs, ({ a, b, m }) => (a.scores[m]! > b.scores[m]! ? 0.75 : -0.75)),
        p_adjusted: Float64Array.from(pairs, ({ b }) => (b.id === "blank" ? 0.00002 : 0.31)),
      }),
    );
    await writer.table(
      "families.parquet",
      table({
        ...{ a: texts(["small", "small@3"]), b: texts(["blank", "blank"]), judge: texts(["small", "small"]) },
        ...{ input_a: Uint32Array.of(16, 32), input_b: Uint32Array.of(16, 16), n: Uint32Array.of(40, 40) },
        judge_compared: bools([true, true]),
        ...{ mean_a: Float32Array.of(0.9, 0.8), mean_b: Float32Array.of(0.5, 0.5) },
        ...{ difference: Float32Array.of(0.4, 0.3), effect: Float32Array.of(0.98, -0.25) },
        ...{ low: Float32Array.of(0.35, -0.01), high: Float32Array.of(0.45, 0.61) },
        ...{ wilcoxon_p_adjusted: Float64Array.of(1e-7, 0.0621), t_p_adjusted: Float64Array.of(2e-9, 0.044) },
      }),
    );
    await writer.bytes(
      "pictures.webp",
      await sheetOf(1 + entries.length, images.length, (row, column) => [40 * column, 30 * row, 120]),
    );
    await writer.json("evaluation.json", {
      grey: false,
      images: images.map((id, i) => ({ position: 10 * i, id })),
      judges: [{ name: "small", title: "The encoder small", compared: true }],
      measures: [...measures],
      entries: entries.map(({ scores: _, ...entry }) => entry) as never,
      pictures: {
        ...{ file: "pictures.webp", side, gap, columns: images.map((_, i) => 10 * i) },
        rows: ["original", ...entries.map(({ id }) => id)],
      },
    });
  });
}

const changes = ["swap", "dim"];
const operators = ["identity", "orthogonal", "self-adjoint-nearest", "self-adjoint", "least-squares"];

/** What fit-operators would write of two changes of the encoder small. */
export async function writeOperators(folder: string): Promise<void> {
  const description = made("operators", "fit-operators", { columns: 8 });
  await writeArtifact(folder, description, async (writer) => {
    const rows = changes.flatMap((change) => operators.map((operator, i) => ({ change, operator, i })));
    const floats = (value: (i: number) => number) => Float32Array.from(rows, ({ i }) => value(i));
    const named = <T extends { change: string }>(list: readonly T[]) => ({
      change: texts(list.map(({ change }) => change)),
    });
    await writer.table(
      "operators.parquet",
      table({
        ...named(rows),
        operator: texts(rows.map(({ operator }) => operator)),
        error: floats((i) => 0.5 - i / 10),
        unseen_error: floats((i) => 0.6 - i / 10),
        orthogonality: floats(() => 0),
        self_adjointness: floats(() => 0),
        near_one: floats(() => 0.5),
        near_minus_one: floats(() => 0.5),
        inside: floats(() => 1),
        theory: texts(rows.map(({ change }) => (change === "swap" ? "signs" : null))),
        as_predicted: Float32Array.from(rows, ({ change }) => (change === "swap" ? 0.75 : Number.NaN)),
        map: vectors(new Float32Array(4 * rows.length), 4),
      }),
    );
    const values = rows.flatMap((row) =>
      [0, 1, 2, 3].map((k) => ({ ...row, re: Math.cos((k * Math.PI) / 3), im: Math.sin((k * Math.PI) / 3) })),
    );
    await writer.table(
      "eigenvalues.parquet",
      table({
        ...named(values),
        operator: texts(values.map(({ operator }) => operator)),
        real: Float32Array.from(values, ({ re }) => re),
        imaginary: Float32Array.from(values, ({ im }) => im),
      }),
    );
    const scores = rows.flatMap((row) =>
      ["changed", "changed-repainted"].flatMap((against) =>
        [0, 1, 2].map((image) => ({ ...row, against, value: 12 - 2 * row.i + image })),
      ),
    );
    await writer.table(
      "scores.parquet",
      table({
        ...named(scores),
        operator: texts(scores.map(({ operator }) => operator)),
        against: texts(scores.map(({ against }) => against)),
        delta_e: Float32Array.from(scores, ({ value, against }) => (against === "changed" ? value : 99)),
      }),
    );
    const distances = changes.flatMap((change) =>
      ["repainted", "changed-repainted", "change"].flatMap((distance, d) =>
        [0, 1, 2].map((image) => ({ change, distance, value: 3 + 4 * d + image / 10 })),
      ),
    );
    await writer.table(
      "distances.parquet",
      table({
        ...named(distances),
        distance: texts(distances.map(({ distance }) => distance)),
        delta_e: Float32Array.from(distances, ({ value }) => value),
      }),
    );
    for (const [i, change] of changes.entries())
      await writer.bytes(
        `sheet-${change}.webp`,
        await sheetOf(4 + operators.length, 3, (row, column) => [200 * i, 25 * row, 80 * column]),
      );
    await writer.bytes(
      "channels.webp",
      await sheetOf(2 * changes.length, 5, (row, column) => new Array(3).fill(50 * column + 10 * row)),
    );
    await writer.json("operators.json", {
      ...{ encoder: "small", layer: "last", images: 3, changes, operators, size: [side, side], gap },
      sheets: { columns: 3, rows: ["image", "changed", "repainted", "changed-repainted", ...operators] },
      channels: { columns: 5, rows: changes.flatMap((name) => [`${name} before`, `${name} after`]) },
    });
  });
}
