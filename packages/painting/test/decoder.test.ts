import { type Preprocessing, preprocess } from "@optogram/images";
import {
  float32,
  GraphBuilder,
  matmul,
  openSession,
  reshape,
  type Tensor,
  type TypedModel,
  tanh,
} from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import type { SavedState } from "@optogram/training";
import { describe, expect, it } from "vitest";
import { drawDirection, type Vectors } from "../src/decoder/draw.ts";
import { drawnViews } from "../src/decoder/drawn-views.ts";
import { decoderModel } from "../src/decoder/export.ts";
import { decode, decoderSides } from "../src/decoder/network.ts";
import { openDecoder } from "../src/decoder/paint.ts";
import type { FrozenEncoder, Views } from "../src/decoder/step.ts";
import { type DecoderData, type DecoderSettings, trainDecoder } from "../src/decoder/train.ts";
import { storedWeights } from "../src/decoder/weights.ts";
import { normalise } from "../src/normalise.ts";
import { mildViews, plainViews } from "../src/views.ts";

const size = 16;
const d = 8;
const pixels = 3 * size ** 2;

function normals(n: number, seed: number, deviation = 1): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: n }, () => random.normal(0, deviation));
}

/** tanh(pixels · W): small, curved, and blind to most of what a picture can be. */
async function toyEncoder(batch: number): Promise<TypedModel> {
  const graph = new GraphBuilder();
  const weight = graph.initializer("weight", float32(normals(pixels * d, 5, 0.05), [pixels, d]));
  const flat = reshape(graph.input("pixels", [batch, 3, size, size]), [batch, pixels]);
  graph.output("embedding", tanh(matmul(flat, weight)));
  return graph.model("toy");
}

const encoder: FrozenEncoder = {
  graph: toyEncoder,
  preprocessing: {
    size,
    resize: "cover",
    cropFraction: 1,
    interpolation: "bilinear",
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
    scale: "1/255",
    channels: "rgb",
  },
};

/** A coloured disc on a coloured ground. */
function disc(index: number): Float32Array {
  const random = seededRandom(11, index);
  const [x, y, radius] = [random.uniform(4, 12), random.uniform(4, 12), random.uniform(2, 6)];
  const colours = Array.from({ length: 6 }, () => random.uniform());
  return Float32Array.from({ length: pixels }, (_, i) => {
    const [channel, place] = [Math.floor(i / size ** 2), i % size ** 2];
    const inside = Math.hypot((place % size) - x, Math.floor(place / size) - y) < radius;
    return colours[inside ? channel : 3 + channel];
  });
}

async function embed(pictures: readonly Float32Array[]): Promise<Float32Array> {
  const session = await openSession(await toyEncoder(pictures.length));
  const normalised = Float32Array.from(pictures.flatMap((picture) => Array.from(picture, (v) => 2 * v - 1)));
  const { embedding } = await session.run({
    pixels: float32(normalised, [pictures.length, 3, size, size]),
  });
  await session.close();
  return embedding.data as Float32Array;
}

const images = Array.from({ length: 12 }, (_, i) => disc(i));

const settings: DecoderSettings = {
  size,
  hidden: 24,
  width: 16,
  steps: 60,
  batch: 8,
  rate: 4e-3,
  seed: 1,
  imagesOnly: 0.5,
  drawn: 0.5,
  weights: { edges: 0.5, cosine: 0.3, variation: 0.02 },
};

const data: DecoderData = {
  embeddings: { values: await embed(images), width: d },
  image: (index) => images[index],
  directions: { values: normals(5 * d, 6), width: d },
  encoder,
};

const quiet = { report: () => {} };
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

describe("the decoder's training", () => {
  it("learns pictures like the images, in which the encoder sees their directions and drawn ones", async () => {
    const { history, tensors, shape } = await trainDecoder(
      data,
      { ...settings, steps: 80, rate: 8e-3 },
      quiet,
    );
    const { image, cosine, cosineUnseen } = history.columns();
    expect(mean(image.slice(-10))).toBeLessThan(0.75 * mean(image.slice(0, 5)));
    expect(mean(cosine.slice(-10))).toBeGreaterThan(0.9);
    expect(new Set(cosineUnseen.slice(0, 40))).toEqual(new Set([0]));
    expect(mean(cosineUnseen.slice(-10))).toBeGreaterThan(mean(cosineUnseen.slice(40, 44)));
    expect(mean(cosineUnseen.slice(-10))).toBeGreaterThan(0.9);
    const decoder = await openDecoder(decoderModel(tensors, shape));
    const painted = await decoder.paint(data.embeddings.values);
    await decoder.close();
    const own = images.filter((image, i) => {
      const distance = (other: Float32Array) =>
        other.reduce((sum, value, k) => sum + (value - painted[i * pixels + k]) ** 2, 0);
      return images.every((other) => distance(image) <= distance(other));
    });
    expect(own.length).toBeGreaterThanOrEqual(9);
  });

  it("gives the same bytes for the same seed, and others for another", async () => {
    const train = async (seed: number) =>
      (await trainDecoder(data, { ...settings, steps: 6, seed }, quiet)).tensors;
    const first = await train(1);
    expect(await train(1)).toEqual(first);
    expect(await train(2)).not.toEqual(first);
  });

  it("goes on from a checkpoint to the same weights and record", async () => {
    const short = { ...settings, steps: 8 };
    const whole = await trainDecoder(data, short, quiet);
    let saved: SavedState | undefined;
    const store = {
      load: async () => saved,
      save: async (step: number, tensors: Readonly<Record<string, Tensor>>, state: unknown) => {
        saved = structuredClone({ step, tensors, state });
      },
    };
    const stop = new AbortController();
    const stopped = trainDecoder(data, short, {
      checkpoint: { store, every: 100 },
      signal: stop.signal,
      report: ({ step }) => {
        if (step === 4) stop.abort(new Error("stopped"));
      },
    });
    await expect(stopped).rejects.toThrow("stopped");
    expect(saved?.step).toBe(5);
    const steps: number[] = [];
    const resumed = await trainDecoder(data, short, {
      checkpoint: { store, every: 100 },
      report: ({ step }) => steps.push(step),
    });
    expect(steps).toEqual([5, 6, 7]);
    expect(resumed.tensors).toEqual(whole.tensors);
    expect(resumed.history.columns()).toEqual(whole.history.columns());
  });

  it("shows the encoder every view of a picture beside that picture's direction", async () => {
    const shape = { count: settings.batch, views: 2, size, out: [size, size] } as const;
    const short = { ...settings, steps: 3 };
    const cosines = async (views?: Views) =>
      (await trainDecoder({ ...data, ...(views && { views }) }, short, quiet)).history.columns().cosine;
    const [plain, same, random, again] = [
      await cosines(),
      await cosines(drawnViews(shape, plainViews, 1)),
      await cosines(drawnViews(shape, mildViews, 1)),
      await cosines(drawnViews(shape, mildViews, 1)),
    ];
    // Two equal views of a picture are worth one.
    same.forEach((value, step) => {
      expect(value).toBeCloseTo(plain[step], 4);
    });
    expect(Math.abs(random[0] - plain[0])).toBeGreaterThan(1e-3);
    expect(again).toEqual(random);
  });

  it("refuses what does not fit", async () => {
    const train = (change: Partial<DecoderData>, size = settings.size) =>
      trainDecoder({ ...data, ...change }, { ...settings, size, steps: 1 }, quiet);
    await expect(train({}, 15)).rejects.toThrow("15 × 15");
    await expect(train({ directions: { values: normals(6, 1), width: 6 } })).rejects.toThrow("6 dimensions");
    await expect(train({ embeddings: { values: normals(0, 1), width: d } })).rejects.toThrow("without");
    await expect(train({ image: () => new Float32Array(5) })).rejects.toThrow("has 5 numbers");
  });
});

describe("a stored decoder", () => {
  it("paints the same picture alone, among others, and in more than one batch", async () => {
    const { tensors, shape } = await trainDecoder(data, { ...settings, steps: 20 }, quiet);
    const decoder = await openDecoder(decoderModel(tensors, shape));
    expect([decoder.dimension, decoder.size]).toEqual([d, size]);
    const directions = normals(70 * d, 9);
    const all = await decoder.paint(directions);
    expect(all).toHaveLength(70 * pixels);
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...all)).toBeLessThanOrEqual(1);
    const few = await decoder.paint(directions.subarray(0, 5 * d));
    const one = await decoder.paint(directions.subarray(4 * d, 5 * d).map((value) => 3 * value));
    one.forEach((value, i) => {
      expect(value).toBeCloseTo(few[4 * pixels + i], 4);
      expect(value).toBeCloseTo(all[4 * pixels + i], 4);
    });
    expect(all.subarray(0, pixels)).not.toEqual(all.subarray(pixels, 2 * pixels));
    await expect(decoder.paint(directions.subarray(1))).rejects.toThrow("rows of 8 numbers");
    await decoder.close();
  });

  it("is the trained network but for its weights' rounding to float16", async () => {
    const { tensors, shape } = await trainDecoder(data, { ...settings, steps: 20 }, quiet);
    const graph = new GraphBuilder();
    const input = graph.input("directions", [5, d]);
    graph.output("pictures", decode(storedWeights(graph, tensors), input, shape));
    const session = await openSession(graph.model());
    const directions = normals(5 * d, 9);
    const { pictures } = await session.run({ directions: float32(directions, [5, d]) });
    await session.close();
    const decoder = await openDecoder(decoderModel(tensors, shape));
    const painted = await decoder.paint(directions);
    await decoder.close();
    const exact = pictures.data as Float32Array;
    const errors = painted.map((value, i) => Math.abs(value - exact[i]));
    expect(Math.max(...errors)).toBeLessThan(1e-2);
    expect(Math.max(...errors)).toBeGreaterThan(0);
  });

  it("refuses another model", async () => {
    await expect(openDecoder(await toyEncoder(1))).rejects.toThrow("no decoder");
  });
});

describe("sides", () => {
  it("double from 6 to 11 up to the picture's", () => {
    expect(decoderSides(64)).toEqual([8, 16, 32, 64]);
    expect(decoderSides(224)).toEqual([7, 14, 28, 56, 112, 224]);
    expect(() => decoderSides(11)).toThrow("11 × 11");
    expect(() => decoderSides(518)).toThrow("518 × 518");
  });
});

describe("drawn directions", () => {
  const axes = (from: number, to: number): Vectors => ({
    width: 6,
    values: Float32Array.from({ length: (to - from) * 6 }, (_, i) =>
      i % 6 === from + Math.floor(i / 6) ? 2 : 0,
    ),
  });
  const embeddings = axes(0, 3);
  const dictionary = axes(3, 6);
  const draw = (table: Vectors) => {
    const random = seededRandom(4);
    return Array.from({ length: 400 }, () => drawDirection(embeddings, table, random));
  };
  const places = (row: Float32Array) => [...row.keys()].filter((i) => row[i] > 1e-6);

  it("are unit vectors: features, between two features, or between a feature and an image", () => {
    const drawn = draw(dictionary);
    for (const row of drawn) {
      expect(Math.hypot(...row)).toBeCloseTo(1, 5);
      const used = places(row);
      expect(used.length).toBeLessThanOrEqual(2);
      expect(used.some((i) => i >= 3)).toBe(true);
    }
    const withImage = drawn.filter((row) => places(row).some((i) => i < 3)).length;
    expect(withImage).toBeGreaterThan(60);
    expect(withImage).toBeLessThan(140);
    expect(drawn.filter((row) => places(row).length === 1).length).toBeGreaterThan(160);
  });

  it("lie between images where there is no dictionary", () => {
    const rows = draw({ width: 6, values: new Float32Array(0) });
    for (const row of rows) expect(places(row).every((i) => i < 3)).toBe(true);
    expect(new Set(rows.flatMap(places))).toEqual(new Set([0, 1, 2]));
  });
});

describe("normalise", () => {
  const side = 4;
  const triple = { mean: [0.2, 0.3, 0.4], std: [0.5, 0.6, 0.7] } as const;
  const plain = { size: side, resize: "squash", cropFraction: 1, interpolation: "bilinear" } as const;
  it.each([
    { ...plain, mean: [...triple.mean], std: [...triple.std], scale: "1/255", channels: "rgb" },
    { ...plain, mean: [120, 110, 100], std: [60, 50, 40], scale: 1, channels: "bgr" },
  ] satisfies Preprocessing[])(
    "does what preprocessing does to a picture ($channels)",
    async (preprocessing) => {
      const random = seededRandom(3);
      const picture = Uint8Array.from({ length: 3 * side ** 2 }, () => random.integer(256));
      const planes = Float32Array.from(
        picture,
        (_, i) => picture[3 * (i % side ** 2) + Math.floor(i / side ** 2)],
      );
      const graph = new GraphBuilder();
      const input = graph.input("pictures", [1, 3, side, side]);
      graph.output("pixels", normalise(input, preprocessing));
      const session = await openSession(graph.model());
      const pictures = float32(
        planes.map((value) => value / 255),
        [1, 3, side, side],
      );
      const out = (await session.run({ pictures })).pixels.data as Float32Array;
      await session.close();
      preprocess({ width: side, height: side, data: picture }, preprocessing).forEach((value, i) => {
        expect(out[i]).toBeCloseTo(value, 4);
      });
    },
  );
});
