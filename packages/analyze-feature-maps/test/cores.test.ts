import {
  background,
  borderDistances,
  chooseLayers,
  isAtBorder,
  KindSums,
  openScatter,
  overlap,
  ownComponents,
  patchMeans,
  steps,
  subjectSide,
  ThresholdCurve,
  truthAt,
  weightsOf,
} from "@optogram/analyze-feature-maps";
import type { Card } from "@optogram/encoders";
import { pca, principalComponents, project, seededRandom } from "@optogram/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

function normals(n: number, d: number, shift: number): Float32Array {
  const random = seededRandom(4);
  return Float32Array.from({ length: n * d }, (_, i) => shift + (1 + (i % d)) * random.normal());
}

describe("sums of squares", () => {
  it.each([
    { shift: 0, piece: 600 },
    { shift: 1000, piece: 600 },
    { shift: 10, piece: 4_000 },
    { shift: 10, piece: 9_001 },
  ])("give the components of all rows, $piece at a time and $shift from zero", async ({ shift, piece }) => {
    const [n, d] = [9_001, 7];
    const rows = normals(n, d, shift);
    const sum = await openScatter(d);
    for (let at = 0; at < rows.length; at += piece * d) await sum.add(rows.subarray(at, at + piece * d));
    const found = principalComponents(await sum.scatter(), 3);
    await sum.close();
    const whole = pca(rows, d, 3);
    for (let j = 0; j < d; j++) expect(found.mean[j]).toBeCloseTo(whole.mean[j], 3);
    for (let c = 0; c < 3; c++) expect(found.variance[c] / whole.variance[c]).toBeCloseTo(1, 5);
    for (let i = 0; i < 3 * d; i++) expect(found.components[i]).toBeCloseTo(whole.components[i], 4);
  });

  it.each([1, 5, 40, 70])("are those of every pair of %d channels", async (d) => {
    const rows = normals(50, d, 3);
    const sum = await openScatter(d);
    await sum.add(rows);
    const { n, anchor, products } = await sum.scatter();
    await sum.close();
    expect(n).toBe(50);
    for (let a = 0; a < d; a++)
      for (let b = 0; b < d; b++) {
        let expected = 0;
        for (let at = 0; at < rows.length; at += d)
          expected += (rows[at + a] - anchor[a]) * (rows[at + b] - anchor[b]);
        const scale = 50 * (1 + a) * (1 + b);
        expect(products[a * d + b] / scale).toBeCloseTo(expected / scale, 6);
      }
  });

  it("refuse what is no whole token", async () => {
    const sum = await openScatter(4);
    await expect(sum.add(new Float32Array(6))).rejects.toThrow(/no tokens of 4/);
    await sum.close();
  });
});

describe("an image's own components", () => {
  it("are the same from the products of tokens as from those of channels", () => {
    const [n, d] = [9, 14];
    const tokens = normals(n, d, 2);
    const { along, ratio } = ownComponents(tokens, d);
    const whole = pca(tokens, d, 3);
    const expected = project(tokens, whole);
    for (const [i, value] of expected.entries()) expect(along[i]).toBeCloseTo(value, 3);
    for (let c = 0; c < 3; c++) expect(ratio[c]).toBeCloseTo(whole.ratio[c], 5);
  });

  it("are nothing of a single token, and fewer of few channels", () => {
    expect(Array.from(ownComponents(new Float32Array(8), 8).along)).toEqual([0, 0, 0]);
    const { along, ratio } = ownComponents(normals(12, 2, 0), 2);
    expect(ratio[0] + ratio[1]).toBeCloseTo(1, 6);
    expect(along.filter((_, i) => i % 3 === 2).every((value) => value === 0)).toBe(true);
  });
});

describe("the subject's side", () => {
  it("is where the border is not", () => {
    const found = pca(normals(200, 4, 0), 4, 2);
    const along = (scale: number) => found.mean.map((x, j) => x + scale * found.components[j]);
    expect(subjectSide(found, along(-1))).toMatchObject({ turned: false, principal: found });
    const { turned, principal } = subjectSide(found, along(0.5));
    expect(turned).toBe(true);
    expect(principal.components[0]).toBe(-found.components[0]);
    expect(principal.components[4]).toBe(found.components[4]);
  });

  it("knows the border of a grid", () => {
    const inner = Array.from({ length: 12 }, (_, patch) => patch).filter(
      (patch) => !isAtBorder(patch, [3, 4]),
    );
    expect(inner).toEqual([5, 6]);
  });
});

describe("masks", () => {
  const scores = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 1, maxLength: 30 });

  it("overlap by pixels, whole patches against the share that things cover", () => {
    const coverage = Float32Array.of(1, 0.5, 0, 0.25);
    expect(overlap((patch) => patch < 2, coverage)).toBeCloseTo(1.5 / 2.25, 6);
    expect(overlap(() => false, new Float32Array(4))).toBe(1);
    expect(overlap(() => true, new Float32Array(4))).toBe(0);
  });

  it("are judged at every threshold as one by one", () => {
    fc.assert(
      fc.property(scores, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (list, shares) => {
        // Between thresholds, so that no rounding decides.
        const values = Float32Array.from(list, (score) => score / 10 + 0.05);
        const coverage = Float32Array.from(list, () => shares.next().value);
        const curve = new ThresholdCurve(steps(-3, 3, 61));
        curve.addTruth(values, coverage, weightsOf(1, 1));
        for (const { threshold, mean } of curve.points())
          expect(mean).toBeCloseTo(
            overlap((patch) => values[patch] > threshold, coverage),
            4,
          );
      }),
    );
  });

  it("part two heaps of scores between them", () => {
    const random = seededRandom(2);
    const curve = new ThresholdCurve(steps(-3, 3, 121));
    curve.addScores(Float32Array.from({ length: 600 }, () => random.normal(-0.8, 0.2)));
    curve.addScores(Float32Array.from({ length: 200 }, () => random.normal(1.4, 0.2)));
    expect(curve.otsu()).toBeGreaterThan(-0.3);
    expect(curve.otsu()).toBeLessThan(0.9);
    expect(curve.points()).toEqual([]);
  });

  it("have wider intervals over few images than over many", () => {
    const width = (images: number) => {
      const curve = new ThresholdCurve(steps(-3, 3, 61));
      for (let image = 0; image < images; image++)
        curve.addTruth(
          Float32Array.of(1.05, -1.05),
          Float32Array.of(image % 2, 1 - (image % 2)),
          weightsOf(1, image),
        );
      const { low, high } = curve.points()[30];
      return high - low;
    };
    expect(width(200)).toBeGreaterThan(0.08);
    expect(width(200)).toBeLessThan(0.2);
    expect(width(20)).toBeGreaterThan(1.5 * width(200));
  });
});

describe("what is truly seen", () => {
  const mask = {
    ...{ width: 8, height: 4, kinds: ["cup", "sun"] },
    labels: Uint8Array.from([
      ...[1, 1, 1, 1, 0, 0, 2, 2],
      ...[1, 1, 1, 1, 0, 0, 2, 2],
      ...[1, 0, 0, 0, 0, 0, 0, 0],
      ...[1, 1, 0, 0, 0, 0, 0, 0],
    ]),
  };
  const whole = { left: 0, top: 0, width: 1, height: 1 };

  it("is shared out to patches with the kind that covers most", () => {
    const { coverage, kind } = truthAt(mask, whole, [2, 4]);
    expect(Array.from(coverage)).toEqual([1, 1, 0, 1, 0.75, 0, 0, 0]);
    expect(Array.from(kind)).toEqual([0, 0, -1, 1, 0, -1, -1, -1]);
  });

  it("is that of the part which the encoder sees", () => {
    const right = { left: 0.5, top: 0, width: 0.5, height: 1 };
    expect(Array.from(truthAt(mask, right, [1, 2]).coverage)).toEqual([0, 0.5]);
  });

  it("differs in colour from the border where a thing does", () => {
    const [width, height] = [8, 8];
    const data = new Uint8Array(3 * width * height).fill(90);
    for (const [x, y] of [
      [4, 4],
      [5, 4],
      [4, 5],
      [5, 5],
    ])
      data.set([250, 20, 20], 3 * (y * width + x));
    const means = patchMeans(borderDistances({ width, height, data }), { width, height }, [4, 4]);
    const most = means.indexOf(Math.max(...means));
    expect(most).toBe(2 * 4 + 2);
    expect(means[most]).toBeGreaterThan(50);
    expect(means[0]).toBeLessThan(0.01);
  });
});

describe("what components answer to", () => {
  it("is the share between kinds and the kind that correlates most", () => {
    const sums = new KindSums(2);
    for (let i = 0; i < 60; i++) {
      const kind = ["cup", "sun", background][i % 3]!;
      sums.add(kind, Float32Array.of(kind === "sun" ? -4 : 1, (i % 2) * 2 - 1));
    }
    // On too few patches to say anything.
    sums.add("moon", Float32Array.of(900, 900));
    const [first, second] = sums.answers();
    expect(first).toMatchObject({ component: 0, kind: "sun", n: 60 });
    expect(first!.etaSquared).toBeCloseTo(1, 6);
    expect(first!.correlation).toBeCloseTo(-1, 6);
    expect(second!.etaSquared).toBeLessThan(0.01);
  });

  it("is nothing where one kind is all there is", () => {
    const sums = new KindSums(1);
    for (let i = 0; i < 20; i++) sums.add(background, Float32Array.of(i));
    expect(sums.answers()).toEqual([]);
  });
});

describe("layers", () => {
  const card = {
    name: "toy",
    outputs: { embedding: {}, tokens: {}, layers: { "block.0": {}, "block.1": {} } },
  } as unknown as Card;

  it("are all of the card's, or those named in its order", () => {
    expect(chooseLayers(card).map(({ output }) => output)).toEqual([
      ...["layers.block.0", "layers.block.1", "tokens"],
    ]);
    expect(chooseLayers(card, ["last", "block.0"]).map(({ name }) => name)).toEqual(["block.0", "last"]);
    expect(() => chooseLayers(card, ["block.9"])).toThrow(/no layer "block.9".*block.0, block.1, last/);
    const bare = { ...card, outputs: { layers: {} } } as unknown as Card;
    expect(() => chooseLayers(bare)).toThrow(/names no feature maps/);
  });
});
