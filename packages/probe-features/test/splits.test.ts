import { curvesOf, findSplits, type ProbedThing, shotsOf } from "@optogram/probe-features";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const shots = shotsOf({ sliceable: true });

/** A thing whose features follow functions of the shots. */
function thing(
  name: string,
  curves: Readonly<Record<number, (shot: (typeof shots)[number]) => number>>,
): ProbedThing {
  const mean = new Map(
    Object.entries(curves).map(([feature, curve]) => [Number(feature), Float32Array.from(shots, curve)]),
  );
  return { name, shots, curves: { mean, deviation: new Map() } };
}

describe("shots", () => {
  it("go from the frame to 0.07 of it, from 1 to 20 things at 0.56, and from whole to sliced", () => {
    const of = (probe: string) => shots.filter((shot) => shot.probe === probe);
    const sizes = of("size").map(({ size }) => size);
    expect(sizes[0]).toBe(1);
    expect(sizes.at(-1)).toBeCloseTo(0.07, 10);
    const ratios = sizes.slice(1).map((size, i) => size / sizes[i]!);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0]!, 10);
    expect(of("number").map(({ count, size }) => [count, size])).toEqual(
      Array.from({ length: 20 }, (_, i) => [i + 1, 0.56]),
    );
    expect(of("wholeness").map(({ sliced }) => sliced)).toEqual([false, true]);
    expect(of("empty").map(({ count }) => count)).toEqual([0]);
    expect(shotsOf({ sliceable: false }).some(({ sliced }) => sliced)).toBe(false);
  });
});

describe("curves", () => {
  const identity = (latents: number) => ({
    dimensions: latents,
    latents,
    active: 2,
    encoderWeight: Float32Array.from({ length: latents ** 2 }, (_, i) => (i % (latents + 1) === 0 ? 1 : 0)),
    encoderBias: new Float32Array(latents),
    decoderWeight: new Float32Array(latents ** 2),
    decoderBias: new Float32Array(latents),
  });

  it("are the mean and the deviation over drawings of what a code keeps", () => {
    // Two shots of two drawings; of three features a code keeps two.
    const embeddings = Float32Array.of(3, 1, 2, 5, 1, 2, 0, 0, 0, 0, 4, 0);
    const { mean, deviation } = curvesOf(identity(3), embeddings, 2);
    expect(mean).toEqual(
      new Map([
        [0, Float32Array.of(4, 0)],
        [1, Float32Array.of(0, 2)],
        [2, Float32Array.of(2, 0)],
      ]),
    );
    expect(deviation.get(0)).toEqual(Float32Array.of(Math.SQRT2, 0));
    expect(deviation.get(2)).toEqual(Float32Array.of(0, 0));
  });
});

describe("splits", () => {
  const large = ({ probe, value }: (typeof shots)[number]) => (probe === "size" ? value : 0);
  const small = ({ probe, value }: (typeof shots)[number]) => (probe === "size" && value < 0.3 ? 0.5 : 0);

  it("pair the feature that is strong at one end with the one that is strong at the other", () => {
    const found = findSplits([thing("cup", { 4: large, 9: small, 5: () => 0.4 })]);
    expect(found.map(({ probe, a, b }) => [probe, a.feature, b.feature])).toEqual([["size", 4, 9]]);
    const [{ a, b, score }] = found as [(typeof found)[number]];
    expect(a.value).toBe(1);
    expect(b.value).toBeLessThan(0.3);
    expect(score).toBeCloseTo(Math.min(a.here - 2 * a.there, b.here - 2 * b.there), 6);
    expect(score).toBeCloseTo(0.5, 6);
  });

  it("leave out what is there without the thing, and weigh by how much of an answer is to it", () => {
    const behind = (shot: (typeof shots)[number]) => (shot.probe === "empty" ? 0.5 : small(shot));
    expect(findSplits([thing("cup", { 4: large, 9: behind })])).toEqual([]);
    const both = { 4: large, 9: small };
    const scores = (things: ProbedThing[]) => findSplits(things).map(({ score }) => score);
    const [alone] = scores([thing("cup", both)]) as [number];
    expect(scores([thing("cup", both), thing("bowl", both)])).toEqual([alone / 2, alone / 2]);
    const half = scores([thing("cup", both), thing("bowl", { 9: (shot) => small(shot) / 2 })]);
    expect(half[0]).toBeCloseTo(alone / 1.5, 6);
  });

  it("have the score of the best pair there is, best first", () => {
    const curve = fc.array(fc.integer({ min: 0, max: 9 }), {
      minLength: shots.length,
      maxLength: shots.length,
    });
    fc.assert(
      fc.property(fc.array(curve, { minLength: 2, maxLength: 4 }), (curves) => {
        const at = new Map(shots.map((shot, i) => [shot, i]));
        const functions = Object.fromEntries(
          curves.map((values, f) => [f, (shot: (typeof shots)[number]) => values[at.get(shot)!]!]),
        );
        const found = findSplits([thing("cup", functions)]);
        const scores = found.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((x, y) => y - x));
        for (const probe of ["size", "number", "wholeness"]) {
          const places = shots.flatMap((shot, i) => (shot.probe === probe ? [i] : []));
          const empty = shots.findIndex((shot) => shot.probe === "empty");
          let best = 0;
          for (const [i, v] of places.entries())
            for (const w of places.slice(i + 1))
              for (const a of curves)
                for (const b of curves) {
                  const answers = [a, b].every((values) => Math.max(...values) - values[empty]! > 0);
                  const score = Math.min(a[v]! - a[empty]! - 2 * a[w]!, b[w]! - b[empty]! - 2 * b[v]!);
                  if (answers) best = Math.max(best, score);
                }
          expect(found.find((split) => split.probe === probe)?.score ?? 0).toBe(best);
        }
      }),
      { numRuns: 20 },
    );
  });
});
