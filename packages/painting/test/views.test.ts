import { gradients } from "@optogram/autodiff";
import { float32, GraphBuilder, mul, openSession, reduceSum, type Tensor } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyViews,
  drawView,
  interpolationMatrix,
  mildViews,
  plainViews,
  type View,
  viewFeeder,
  viewInputs,
} from "../src/views.ts";
import { pictures } from "./encoder.ts";

describe("interpolation matrices", () => {
  it("have rows of weights that sum to 1 and fall outside no picture", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (out, size, share, place, flipped) => {
          const length = share * size;
          const matrix = interpolationMatrix(out, size, place * (size - length), length, flipped);
          for (let o = 0; o < out; o++) {
            const row = matrix.subarray(o * size, (o + 1) * size);
            const sum = row.reduce((total, weight) => total + weight, 0);
            if (Math.abs(sum - 1) > 1e-5 || row.some((weight) => weight < 0)) return false;
          }
          return true;
        },
      ),
    );
  });

  it("take every pixel as it is where nothing is cropped, and in reverse where flipped", () => {
    expect([...interpolationMatrix(3, 3, 0, 3)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect([...interpolationMatrix(3, 3, 0, 3, true)]).toEqual([0, 0, 1, 0, 1, 0, 1, 0, 0]);
  });

  it("average where they shrink", () => {
    // Triangles of two pixels' reach around the middles of pairs.
    const weights = interpolationMatrix(2, 4, 0, 4).subarray(0, 4);
    const whole = 0.75 + 0.75 + 0.25;
    expect([...weights].map((w) => w * whole)).toEqual(
      [0.75, 0.75, 0.25, 0].map((w) => expect.closeTo(w, 5)),
    );
  });

  it("keep the places of a ramp inside the picture", () => {
    const matrix = interpolationMatrix(5, 10, 2.5, 5);
    for (let o = 0; o < 5; o++) {
      const seen = matrix.subarray(o * 10, (o + 1) * 10).reduce((sum, w, i) => sum + w * (i + 0.5), 0);
      expect(seen).toBeCloseTo(2.5 + o + 0.5, 4);
    }
  });
});

const size = 16;
const shape = { count: 2, views: 2, size, out: [size, size] as const };
const plain = drawView(plainViews, seededRandom(0));

async function seen(drawn: readonly View[]): Promise<Float32Array> {
  const graph = new GraphBuilder();
  const input = graph.input("pictures", [2, 3, size, size]);
  graph.output("seen", applyViews(input, viewInputs(graph, shape)));
  const session = await openSession(graph.model(), { threads: 1 });
  const fed = { pictures: float32(given, [2, 3, size, size]), ...viewFeeder(shape)(drawn) };
  const result = (await session.run(fed)).seen as Tensor & { data: Float32Array };
  await session.close();
  expect(result.shape).toEqual([4, 3, size, size]);
  return result.data;
}

const given = pictures(2);
const view = (data: Float32Array, i: number) => data.subarray(i * 3 * size * size, (i + 1) * 3 * size * size);
const close = (values: ArrayLike<number>) => Array.from(values, (value) => expect.closeTo(value, 4));

describe("views", () => {
  it("come in the order of the pictures; plain ones are the pictures, flipped ones their mirror images", async () => {
    const all = await seen([plain, { ...plain, flipped: true }, { ...plain, flipped: true }, plain]);
    const mirrored = (picture: Float32Array) =>
      picture.map((_, i) => picture[i - (i % size) + size - 1 - (i % size)]);
    expect([...view(all, 0)]).toEqual(close(view(given, 0)));
    expect([...view(all, 1)]).toEqual(close(mirrored(view(given, 0))));
    expect([...view(all, 2)]).toEqual(close(mirrored(view(given, 1))));
    expect([...view(all, 3)]).toEqual(close(view(given, 1)));
  });

  it("change colours as they say", async () => {
    const only = (change: object) => drawView({ ...plainViews, ...change }, seededRandom(3));
    const greyed: View = {
      ...plain,
      colour: [0, 1, 2].flatMap(() => [0.299, 0.587, 0.114]),
    };
    const all = await seen([only({ contrast: 0.5 }), only({ brightness: 0.5 }), greyed, plain]);
    const contrast = 1 - 2 * only({ contrast: 0.5 }).offset;
    expect(Math.abs(contrast - 1)).toBeGreaterThan(0.01);
    expect([...view(all, 0)]).toEqual(close(view(given, 0).map((v) => 0.5 + contrast * (v - 0.5))));
    const brightness = view(all, 1)[0] / view(given, 0)[0];
    expect(Math.abs(brightness - 1)).toBeGreaterThan(0.01);
    expect([...view(all, 1)]).toEqual(close(view(given, 0).map((v) => v * brightness)));
    const plane = size * size;
    const grey = view(all, 2).subarray(0, plane);
    for (const channel of [1, 2])
      expect([...view(all, 2).subarray(channel * plane, (channel + 1) * plane)]).toEqual(close(grey));
    const [r, g, b] = [0, 1, 2].map((channel) => view(given, 1)[channel * plane]);
    expect(grey[0]).toBeCloseTo(0.299 * r + 0.587 * g + 0.114 * b, 4);
  });

  it("of full saturation jitter keep a grey picture grey", () => {
    const { colour } = drawView({ ...plainViews, saturation: 0.9 }, seededRandom(2));
    for (const row of [0, 1, 2])
      expect(colour.slice(3 * row, 3 * row + 3).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  });

  it("add noise of the given deviation, another to each view", async () => {
    const random = seededRandom(1);
    const noisy = [0, 1, 2, 3].map(() => drawView({ ...plainViews, noise: 0.1 }, random));
    const all = await seen(noisy);
    const noise = [0, 1].map((i) => view(all, i).map((value, k) => value - given[k]));
    for (const one of noise)
      expect(Math.sqrt(one.reduce((sum, v) => sum + v * v, 0) / one.length)).toBeCloseTo(0.1, 1);
    const product = noise[0].reduce((sum, v, k) => sum + v * noise[1][k], 0) / noise[0].length;
    expect(Math.abs(product)).toBeLessThan(0.002);
  });

  it("stay inside the picture and are the same for the same random numbers", () => {
    const [a, b] = [seededRandom(8), seededRandom(8)];
    for (let i = 0; i < 50; i++) {
      const drawn = drawView(mildViews, a);
      expect(drawView(mildViews, b)).toEqual(drawn);
      expect(drawn.side ** 2).toBeGreaterThanOrEqual(0.5);
      for (const edge of [drawn.left, drawn.top]) {
        expect(edge).toBeGreaterThanOrEqual(0);
        expect(edge + drawn.side).toBeLessThanOrEqual(1 + 1e-12);
      }
    }
  });

  it("pass gradients to pixels", async () => {
    const graph = new GraphBuilder();
    const input = graph.input("pictures", [2, 3, size, size]);
    const all = applyViews(input, viewInputs(graph, shape));
    const probe = graph.input("probe", all.shape);
    const sum = reduceSum(mul(all, probe));
    graph.output("sum", sum);
    graph.output("gradient", gradients(sum, [input])[0]);
    const session = await openSession(graph.model(), { threads: 1 });
    const random = seededRandom(6);
    const drawn = [0, 1, 2, 3].map(() => drawView(mildViews, random));
    const fed = {
      ...viewFeeder(shape)(drawn),
      probe: float32(
        Float32Array.from({ length: 4 * 3 * size * size }, () => random.normal()),
        [4, 3, size, size],
      ),
    };
    const run = async (data: Float32Array) =>
      session.run({ ...fed, pictures: float32(data, [2, 3, size, size]) });
    const start = await run(given);
    for (const pixel of [0, 100, 800, 1500]) {
      const moved = given.slice();
      moved[pixel] += 1;
      const difference = Number((await run(moved)).sum.data[0]) - Number(start.sum.data[0]);
      // Views are linear, so any step will do.
      expect(difference).toBeCloseTo(Number(start.gradient.data[pixel]), 3);
    }
    await session.close();
  });
});
