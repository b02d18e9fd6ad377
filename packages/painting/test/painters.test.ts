import { GraphBuilder, openSession } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import { Variables } from "@optogram/training";
import { describe, expect, it } from "vitest";
import { channelsOf } from "../src/painters/colours.ts";
import {
  convolutionPainter,
  fourierPainter,
  measureColours,
  measureSpectrum,
  type Painter,
  type PainterTensors,
  phasePainter,
  pixelPainter,
  transformerPainter,
} from "../src/painters/index.ts";
import { freshTensors, stackTensors } from "../src/painters/painter.ts";
import { halfOf, halfTransform } from "../src/painters/spectrum.ts";
import { pictures } from "./encoder.ts";

const size = 16;
const each = 3 * size * size;

/** What a painter makes of variables. */
async function painted(
  painter: Painter,
  tensors: PainterTensors,
  count = 1,
  side = size,
): Promise<Float32Array> {
  const graph = new GraphBuilder();
  graph.output("pictures", painter.paint(new Variables(graph), { count, size: side, random: () => 0 }));
  const session = await openSession(graph.model(), { threads: 1 });
  const result = (await session.run(tensors)).pictures;
  await session.close();
  expect(result.shape).toEqual([count, 3, side, side]);
  return result.data as Float32Array;
}

const normal = (seed: number) => {
  const random = seededRandom(seed);
  return () => random.normal();
};

const spectrum = measureSpectrum(pictures(12), size);
const painters: readonly Painter[] = [
  pixelPainter(),
  fourierPainter(),
  phasePainter(spectrum),
  convolutionPainter({ width: 8 }),
  transformerPainter({ grid: 4, width: 16, depth: 1, heads: 2 }),
];
const named = painters.map((painter) => [painter.name, painter] as const);

const closeTo = (values: Float32Array, digits = 3) =>
  Array.from(values, (value) => expect.closeTo(value, digits));

describe("painters", () => {
  it.each(named)("%s: pictures of a batch share nothing", async (_, painter) => {
    const [a, b] = [1, 2].map((seed) => freshTensors(painter, size, normal(seed)));
    const both = await painted(painter, stackTensors([a, b]), 2);
    const alone = await painted(painter, b);
    expect([...both.subarray(each)]).toEqual(closeTo(alone, 4));
    expect(Math.max(...alone.map((value, i) => Math.abs(value - both[i])))).toBeGreaterThan(0.01);
  });

  it.each([pixelPainter(), fourierPainter(), fourierPainter({ colours: measureColours(pictures(8), size) })])(
    "$name: a traced picture comes back",
    async (painter) => {
      const picture = pictures(1, 4);
      const back = await painted(painter, painter.trace!(picture, size));
      expect([...back]).toEqual(closeTo(picture));
    },
  );

  it("paint pictures of odd sizes", async () => {
    for (const painter of painters.filter(({ name }) => name !== "phase")) {
      const odd = await painted(painter, freshTensors(painter, 13, normal(1)), 1, 13);
      expect(odd.every((value) => value > 0 && value < 1)).toBe(true);
    }
    const odd = 13;
    const picture = Float32Array.from({ length: 3 * odd * odd }, (_, i) => 0.5 + 0.3 * Math.sin(i * i));
    const painter = fourierPainter();
    expect([...(await painted(painter, painter.trace!(picture, odd), 1, odd))]).toEqual(closeTo(picture));
  });
});

describe("the Fourier painter", () => {
  it("begins with smoother pictures than the pixels do", async () => {
    const roughness = async (painter: Painter) => {
      const picture = await painted(painter, freshTensors(painter, size, normal(1)));
      const mean = picture.reduce((sum, v) => sum + v, 0) / picture.length;
      const variance = picture.reduce((sum, v) => sum + (v - mean) ** 2, 0);
      let steps = 0;
      for (let i = 1; i < picture.length; i++) if (i % size) steps += (picture[i] - picture[i - 1]) ** 2;
      return steps / variance;
    };
    expect(await roughness(fourierPainter())).toBeLessThan(0.5 * (await roughness(pixelPainter())));
  });
});

describe("the phase painter", () => {
  it("paints a picture that has the spectrum itself", async () => {
    const picture = pictures(1, 4);
    const painter = phasePainter(measureSpectrum(picture, size));
    expect([...(await painted(painter, painter.trace!(picture, size)))]).toEqual(closeTo(picture));
  });

  it("keeps the magnitudes whatever the phases are", async () => {
    const painter = phasePainter(spectrum);
    const picture = await painted(painter, freshTensors(painter, size, normal(3)));
    expect(picture.every((value) => value > 0.03 && value < 0.97)).toBe(true);
    const channels = channelsOf(picture, spectrum.colours);
    const half = halfOf(size);
    for (let channel = 0; channel < 3; channel++) {
      const part = channels.subarray(channel * size * size, (channel + 1) * size * size);
      const { real, imaginary } = halfTransform(part, size);
      for (let u = 0; u < size; u++)
        for (let v = 1; v < half - 1; v++) {
          const expected = spectrum.magnitudes[(channel * size + u) * half + v];
          expect(Math.hypot(real[u * half + v], imaginary[u * half + v])).toBeCloseTo(expected, 2);
        }
    }
  });

  it("refuses another size", () => {
    expect(() => freshTensors(phasePainter(spectrum), 32, normal(1))).toThrow("of 16 pixels, not 32");
  });
});

describe("the spectrum of pictures", () => {
  it("is the magnitude of a wave at its frequency", () => {
    const plane = Float32Array.from({ length: size * size }, (_, i) =>
      Math.cos((2 * Math.PI * (3 * Math.floor(i / size) + 2 * (i % size))) / size),
    );
    const { real, imaginary } = halfTransform(plane, size);
    const magnitudes = real.map((value, i) => Math.hypot(value, imaginary[i]));
    const expected = new Float32Array(size * halfOf(size));
    expected[3 * halfOf(size) + 2] = size / 2;
    expect([...magnitudes]).toEqual(closeTo(expected));
  });

  it("has colours that do not correlate", () => {
    const given = pictures(6, 3);
    const colours = measureColours(given, size);
    const all = [0, 1, 2, 3, 4, 5].map((i) => channelsOf(given.subarray(i * each, (i + 1) * each), colours));
    const plane = size * size;
    const covariance = (a: number, b: number) =>
      all.reduce((sum, channels) => {
        for (let i = 0; i < plane; i++) sum += channels[a * plane + i] * channels[b * plane + i];
        return sum;
      }, 0) /
      (6 * plane);
    for (const a of [0, 1, 2])
      for (const b of [0, 1, 2]) expect(covariance(a, b)).toBeCloseTo(a === b ? 1 : 0, 2);
  });
});

describe("the transformer", () => {
  it("paints without borders between its patches", async () => {
    const painter = transformerPainter({ grid: 4, width: 16, depth: 1, heads: 2 });
    let [across, within] = [0, 0];
    for (const seed of [1, 2, 3, 4]) {
      const picture = await painted(painter, freshTensors(painter, size, normal(seed)));
      for (let i = 0; i < picture.length; i++) {
        const x = i % size;
        if (x === 0) continue;
        const step = (picture[i] - picture[i - 1]) ** 2;
        if (x % 4 === 0) across += step / 3;
        else within += step / 12;
      }
    }
    expect(across).toBeLessThan(1.5 * within);
  });
});
