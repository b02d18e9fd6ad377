import { Random, seededRandom } from "@optogram/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("seededRandom", () => {
  it("gives the sequence of the authors' C code", () => {
    // Figures of that code as the xoshiro-6502 project publishes them.
    const random = new Random([0x964d4a0c, 0xd40ab895, 0xad7fdecb, 0x3006f0f0]);
    expect(Array.from({ length: 4 }, () => random.bits())).toEqual([
      0xf1391922, 0x6fe53806, 0xa5be2840, 0xf510ee70,
    ]);
  });

  it("repeats for a seed and differs between seeds and streams", () => {
    const draw = (seed: number, stream?: number) => {
      const random = seededRandom(seed, stream);
      return Array.from({ length: 4 }, () => random.bits()).join();
    };
    expect(draw(5)).toBe(draw(5, 0));
    const all = new Set<string>();
    for (let seed = -20; seed < 20; seed++)
      for (let stream = 0; stream < 20; stream++) all.add(draw(seed, stream));
    all.add(draw(2 ** 40));
    expect(all.size).toBe(801);
  });

  it("continues from its state", () => {
    const random = seededRandom(3);
    random.normal();
    const copy = new Random(random.state());
    expect([copy.uniform(), copy.normal()]).toEqual([random.uniform(), random.normal()]);
  });

  it("has the moments of the uniform and the normal distribution", () => {
    const random = seededRandom(11);
    const n = 100_000;
    for (const [draw, mean, variance, fourth] of [
      [() => random.uniform(), 0.5, 1 / 12, 1 / 80],
      [() => random.normal(2, 3), 2, 9, 243],
    ] as const) {
      const x = Float64Array.from({ length: n }, draw);
      const moment = (p: number, about: number) => x.reduce((sum, v) => sum + (v - about) ** p, 0) / n;
      expect(Math.abs(moment(1, mean))).toBeLessThan(4 * Math.sqrt(variance / n));
      expect(moment(2, mean) / variance).toBeCloseTo(1, 1);
      expect(moment(4, mean) / fourth).toBeCloseTo(1, 1);
    }
  });

  it("draws integers evenly, also where n does not divide 2^32", () => {
    const random = seededRandom(8);
    const counts = new Float64Array(7);
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]++;
    const chi = counts.reduce((sum, c) => sum + (c - 10_000) ** 2 / 10_000, 0);
    expect(chi).toBeLessThan(22.5); // 99.9 % of chi squared with 6 degrees of freedom
    const high = Array.from({ length: 2000 }, () => random.integer(3 * 2 ** 30));
    expect(high.filter((x) => x < 2 ** 30).length / 2000).toBeCloseTo(1 / 3, 1);
  });

  it("streams of one seed are uncorrelated", () => {
    const firsts = Array.from({ length: 20_000 }, (_, stream) => seededRandom(1, stream).uniform());
    let product = 0;
    for (let i = 1; i < firsts.length; i++) product += (firsts[i] - 0.5) * (firsts[i - 1] - 0.5);
    expect(Math.abs((12 * product) / firsts.length)).toBeLessThan(0.03);
  });

  it("shuffles and samples without loss", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 60 }), fc.nat(60), (seed, n, k) => {
        const random = seededRandom(seed);
        const shuffled = random.shuffle(Uint32Array.from({ length: n }, (_, i) => i));
        expect([...shuffled].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        if (k > n) expect(() => random.sample(n, k)).toThrow(/different/);
        else {
          const drawn = random.sample(n, k);
          expect(new Set(drawn).size).toBe(k);
          expect(drawn.every((x) => x < n)).toBe(true);
        }
      }),
    );
    const random = seededRandom(2);
    const places = new Float64Array(4);
    for (let i = 0; i < 8000; i++) places[random.shuffle([0, 1, 2, 3]).indexOf(0)]++;
    for (const count of places) expect(Math.abs(count - 2000)).toBeLessThan(160);
  });

  it("refuses what it cannot use", () => {
    expect(() => seededRandom(0.5)).toThrow(/seed 0.5/);
    expect(() => new Random([0, 0, 0, 0])).toThrow(/zeros/);
    expect(() => seededRandom(1).integer(0)).toThrow(/integer\(0\)/);
  });
});
