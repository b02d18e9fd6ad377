import { binaries, lists, table, texts, vectors, writeArtifact } from "@optogram/artifacts";
import sharp from "sharp";

const [rows, columns] = [4, 4];
const tokens = rows * columns;
const layers = ["block.0", "last"];
const images = ["first", "second", "third"];
const rank = 3;
const scale = { low: -3, step: 6 / 255 };

/** The thing in each image: the four tokens in the middle. */
function isThing(token: number): boolean {
  const [row, column] = [Math.floor(token / columns), token % columns];
  return row > 0 && row < rows - 1 && column > 0 && column < columns - 1;
}

/**
 * Things are 2 along the first component and all else −1; along the second, the first and the third image's things are
 * alike and the second's is not. An encoder without `skill` sees the things nowhere.
 */
function projection(image: number, token: number, c: number, skill: boolean): number {
  if (c === 0) return skill && isThing(token) ? 2 : -1;
  if (c === 1) return isThing(token) ? (image === 1 ? -2 : 2) : 0;
  return token / tokens;
}

const toByte = (value: number) => Math.round((value - scale.low) / scale.step);

/** What analyze-feature-maps would write of an encoder over three images and two layers of 4 × 4 tokens. */
export async function writeFeatureMaps(folder: string, name: string, skill: boolean): Promise<void> {
  const description = {
    ...{ kind: "feature-maps", stage: "analyze-feature-maps", parameters: { seed: 1 }, inputs: {} },
    ...{ versions: { optogram: "0.1.0" }, device: "cpu" },
  };
  await writeArtifact(folder, description, async (writer) => {
    const cells = layers.flatMap((_, layer) => images.map((_, image) => ({ layer, image })));
    const each = <T>(count: number, value: (i: number) => T) =>
      Array.from({ length: count }, (_, i) => value(i));
    await writer.table(
      "maps.parquet",
      table({
        layer: Uint16Array.from(cells, ({ layer }) => layer),
        image: Uint16Array.from(cells, ({ image }) => image),
        projections: binaries(
          cells.map(({ image }) =>
            Uint8Array.from(
              each(rank * tokens, (at) => {
                return toByte(projection(image, at % tokens, Math.floor(at / tokens), skill));
              }),
            ),
          ),
        ),
        channels: binaries(cells.map(() => Uint8Array.from(each(2 * tokens, (at) => 8 * at)))),
        own: binaries(cells.map(() => Uint8Array.from(each(3 * tokens, (at) => 5 * at)))),
        own_ratio: vectors(Float32Array.from(cells.flatMap(() => [0.5, 0.2, 0.1])), 3),
        coverage: binaries(
          cells.map(() => Uint8Array.from(each(tokens, (token) => (isThing(token) ? 255 : 0)))),
        ),
      }),
    );
    const thresholds = [-3, 0, 3];
    const points = layers.flatMap((_, layer) => thresholds.map((threshold) => ({ layer, threshold })));
    await writer.table(
      "curves.parquet",
      table({
        layer: Uint16Array.from(points, ({ layer }) => layer),
        method: texts(points.map(() => "component")),
        threshold: Float32Array.from(points, ({ threshold }) => threshold),
        iou: Float32Array.from(points, ({ threshold }) => (threshold === 0 ? 0.9 : 0.25)),
        low: Float32Array.from(points, () => 0.2),
        high: Float32Array.from(points, () => 0.95),
      }),
    );
    const described = layers.flatMap((_, layer) => [-1, 4, 7].map((channel) => ({ layer, channel })));
    const floats = (value: (row: { layer: number; channel: number }) => number) =>
      Float32Array.from(described, value);
    const moment = (moment: string, value: (row: { layer: number; channel: number }) => number) => ({
      [moment]: floats(value),
      [`${moment}_low`]: floats((row) => value(row) - 0.1),
      [`${moment}_high`]: floats((row) => value(row) + 0.1),
    });
    await writer.table(
      "statistics.parquet",
      table({
        layer: Uint16Array.from(described, ({ layer }) => layer),
        channel: Int32Array.from(described, ({ channel }) => channel),
        count: Float64Array.from(described, () => 4800),
        ...moment("mean", ({ channel }) => channel),
        ...moment("deviation", ({ layer }) => 1 + layer),
        ...moment("skewness", () => 0.5),
        ...moment("kurtosis", ({ layer }) => 3 - layer),
        ...Object.fromEntries(
          ["p1", "p50", "p99", "outliers", "normal_distance", "laplace_distance", "laplace_location"].map(
            (column, i) => [column, floats(() => (i - 1) / 10)],
          ),
        ),
        laplace_scale: floats(() => 1),
      }),
    );
    const bars = described.flatMap((row) => ["all", "middle"].map((range) => ({ ...row, range })));
    const binned = [5, 90, 20, 1];
    await writer.table(
      "histograms.parquet",
      table({
        layer: Uint16Array.from(bars, ({ layer }) => layer),
        channel: Int32Array.from(bars, ({ channel }) => channel),
        range: texts(bars.map(({ range }) => range)),
        low: Float32Array.from(bars, () => -4),
        high: Float32Array.from(bars, () => 4),
        counts: lists(
          each(bars.length + 1, (i) => i * binned.length),
          Float32Array.from(bars.flatMap(() => binned)),
        ),
      }),
    );
    const shown = images.map((id, i) => ({ id, caption: `the ${id}`, picture: `pictures/${i}.webp` }));
    for (const [i, { picture }] of shown.entries())
      await writer.bytes(
        picture,
        await sharp({
          create: { width: 32, height: 32, channels: 3, background: { r: 60 * i, g: 90, b: 160 } },
        })
          .webp()
          .toBuffer(),
      );
    const interval = (mean: number) => ({ mean, low: mean - 0.05, high: mean + 0.05 });
    await writer.json("feature-maps.json", {
      encoder: { name, title: `The encoder ${name}`, isRandom: !skill },
      ...{ input: [32, 32], images: 3, shown, thresholdRule: "otsu", outlierDeviations: 4 },
      layers: layers.map((layer) => ({
        ...{ name: layer, grid: [rows, columns], width: 8, channels: [4, 7], tokens: 3 * tokens },
        ...{ ratio: [0.5, 0.3, 0.1], deviation: 1, threshold: 0 },
        ...{ low: each(rank, () => scale.low), step: each(rank, () => scale.step) },
        masked: { share: 0.25, ratio: [0.6, 0.3, 0.1] },
        iou: {
          ...{ component: interval(skill ? 0.9 : 0.1), colour: interval(0.4), grid: interval(0.95) },
          ...{ frame: interval(0.25), n: 3 },
          best: { component: { threshold: 0, mean: 0.9 }, colour: { threshold: 12, mean: 0.45 } },
        },
        roughness: interval(0.2),
        answers: [{ component: 0, etaSquared: 0.5, kind: "apple", correlation: 0.7, n: 12 }],
      })),
    });
  });
}
