import {
  captionWords,
  computeMap,
  featureTags,
  findRegions,
  imageTags,
  type MapInput,
  spectralStart,
  umapLayout,
} from "@optogram/compute-coactivation";
import { seededRandom } from "@optogram/statistics";
import { describe, expect, it } from "vitest";

function finish<P, R>(work: Generator<P, R>): { steps: P[]; result: R } {
  const steps: P[] = [];
  for (;;) {
    const next = work.next();
    if (next.done) return { steps, result: next.value };
    steps.push(next.value);
  }
}

/** Images of `topics` topics; each topic has its own features, of which an image shows a few. */
function world(topics: number, perTopic: number, images: number, d = 8): MapInput {
  const random = seededRandom(12);
  const m = topics * perTopic;
  const axes = Float64Array.from({ length: topics * d }, () => random.normal());
  const dictionary = Float32Array.from(
    { length: m * d },
    (_, p) => axes[Math.floor(p / d / perTopic) * d + (p % d)] + 0.3 * random.normal(),
  );
  const offsets = [0];
  const indices: number[] = [];
  for (let i = 0; i < images; i++) {
    const topic = i % topics;
    for (const f of random.sample(perTopic - 1, Math.min(4, perTopic - 1)))
      indices.push(topic * perTopic + f);
    offsets.push(indices.length);
  }
  return {
    codes: {
      columns: m,
      offsets: Uint32Array.from(offsets),
      indices: Uint16Array.from(indices),
      values: Float32Array.from(indices, () => random.uniform(0.1, 1)),
    },
    dictionary,
    d,
    tags: [imageTags(Array.from({ length: images }, (_, i) => [`topic ${i % topics}`, "everywhere"]))],
  };
}

describe("computeMap", () => {
  const parameters = { seed: 3, minimumCount: 2 };
  const input = world(6, 11, 600);
  const { steps, result: map } = finish(computeMap(input, parameters));
  const strengthOf = (feature: number) => map.summaries.strength[map.living.indexOf(feature)];
  const topicOf = (i: number) => Math.floor(map.living[i] / 11);

  it("holds the living features only, each in a cell of its own", () => {
    // The last feature of each topic is never active.
    expect([...map.living]).toEqual([...Array(66).keys()].filter((f) => f % 11 !== 10));
    expect(map.metrics.living).toBe(60);
    expect(new Set(map.cells).size).toBe(60);
    expect(Math.max(...map.cells)).toBeLessThan(map.side ** 2);
    expect(map.layout.every((v) => v >= 0 && v <= 1)).toBe(true);
    expect([Math.min(...map.layout), Math.max(...map.layout)]).toEqual([0, 1]);
  });

  it("holds the strongest alone on a wide grid, where that is asked for", () => {
    const { result: few } = finish(computeMap(input, { ...parameters, strongest: 25, grid: 12 }));
    const ranked = [...map.living].sort((a, b) => strengthOf(b) - strengthOf(a));
    expect([...few.living]).toEqual(ranked.slice(0, 25).sort((a, b) => a - b));
    expect(few.side).toBe(12);
    expect(new Set(few.cells).size).toBe(25);
    expect(few.metrics.living).toBe(60);
    few.living.forEach((feature, i) => {
      expect(few.summaries.strength[i]).toBeCloseTo(strengthOf(feature), 6);
    });
    const { result: narrow } = finish(computeMap(input, { ...parameters, grid: 2 }));
    expect(narrow.side).toBe(8);
  });

  it("puts together what fires together", () => {
    const { offsets, others } = map.coactivation;
    map.living.forEach((_, i) => {
      expect(offsets[i + 1]).toBeGreaterThan(offsets[i]);
      for (const other of others.subarray(offsets[i], offsets[i + 1]))
        expect(topicOf(other)).toBe(topicOf(i));
    });
    expect(map.metrics.trustworthiness).toBeGreaterThan(0.8);
    expect(map.metrics.gridKept).toBeGreaterThan(0.5);
  });

  it("names features and regions by what their images show", () => {
    map.tags.forEach((tag, i) => {
      expect(tag).toBe(`topic ${topicOf(i)}`);
    });
    const { regions, of } = map.regions;
    expect(regions.length).toBeGreaterThanOrEqual(6);
    expect(regions.reduce((sum, region) => sum + region.features, 0)).toBe(60);
    regions.forEach((region, r) => {
      const members = [...of.keys()].filter((i) => of[i] === r);
      expect(members.length).toBe(region.features);
      const own = members.filter((i) => `topic ${topicOf(i)}` === region.label).length;
      expect(own).toBeGreaterThan(members.length / 3);
    });
  });

  it("is the same on every run, and another for another seed", () => {
    const again = finish(computeMap(input, parameters)).result;
    expect(again).toEqual(map);
    const other = finish(computeMap(input, { ...parameters, seed: 4 })).result;
    expect(other.layout).not.toEqual(map.layout);
    expect(other.coactivation).toEqual(map.coactivation);
  });

  it("reports its progress in order", () => {
    expect([...new Set(steps.map((step) => step.phase))]).toEqual(["pairs", "layout", "grid"]);
    const layout = steps.filter((step) => step.phase === "layout");
    expect(layout.map((step) => step.done)).toEqual(layout.map((_, i) => i + 1));
    expect(layout.at(-1)?.done).toBe(layout.at(-1)?.total);
  });

  it("works with any number of living features from none", () => {
    for (const [topics, perTopic] of [
      [1, 1],
      [1, 2],
      [1, 3],
      [1, 4],
      [2, 3],
      [5, 2],
      [3, 8],
    ]) {
      const { result } = finish(computeMap(world(topics, perTopic, 40), parameters));
      const n = topics * (perTopic - 1);
      expect(result.living.length).toBe(n);
      expect(result.layout.length).toBe(2 * n);
      expect(result.layout.every((v) => v >= 0 && v <= 1)).toBe(true);
      expect(new Set(result.cells).size).toBe(n);
      expect(result.metrics.gridKept === null).toBe(n <= 20);
    }
  });

  it("refuses a dictionary of another size", () => {
    const wrong = { ...input, dictionary: input.dictionary.subarray(8) };
    expect(() => computeMap(wrong, parameters).next()).toThrow(/66 features, the dictionary has 65/);
  });
});

describe("umapLayout", () => {
  it("starts from the slow directions of the neighbour graph: a ring stays a ring", () => {
    const n = 40;
    const k = 4;
    const indices = Uint32Array.from({ length: n * k }, (_, p) => {
      const step = [1, n - 1, 2, n - 2][p % k];
      return (Math.floor(p / k) + step) % n;
    });
    const distances = Float32Array.from({ length: n * k }, (_, p) => [0.1, 0.1, 0.2, 0.2][p % k]);
    const start = spectralStart({ n, k, indices, distances }, seededRandom(5));
    const gap = (i: number, j: number) =>
      Math.hypot(start[2 * i] - start[2 * j], start[2 * i + 1] - start[2 * j + 1]);
    for (let i = 0; i < n; i++) expect(gap(i, (i + 1) % n)).toBeLessThan(gap(i, (i + n / 2) % n) / 2);
    const { result } = finish(umapLayout({ n, k, indices, distances }, seededRandom(5)));
    expect(result.length).toBe(2 * n);
  });
});

describe("featureTags", () => {
  const tops = (images: number[]) => ({
    offsets: Uint32Array.of(0, images.length),
    images: Uint32Array.from(images),
    values: new Float32Array(images.length),
  });
  // Ten images: all outdoors, three with a cat of which two are black.
  const tags = imageTags(
    Array.from({ length: 10 }, (_, i) => [
      "outdoors",
      ...(i < 3 ? ["cat"] : []),
      ...(i < 2 ? ["black"] : []),
    ]),
  );

  it("prefers the tag that says most, never one that is everywhere", () => {
    expect(featureTags(tops([0, 1, 2]), tags)).toEqual(["cat"]);
    expect(featureTags(tops([0, 1, 5]), tags)).toEqual(["black"]);
    expect(featureTags(tops([5, 6, 7, 8]), tags)).toEqual([undefined]);
  });

  it("says nothing of a feature with fewer than three images", () => {
    expect(featureTags(tops([0, 1]), tags)).toEqual([undefined]);
  });

  it("reads words from captions", () => {
    expect(captionWords("Two red-hot chairs, on a Straße.")).toEqual([
      "two",
      "red",
      "hot",
      "chairs",
      "straße",
    ]);
  });
});

describe("findRegions", () => {
  const random = seededRandom(9);
  const blob = (x: number, y: number, n: number) =>
    Array.from({ length: n }, () => [x + 0.02 * random.normal(), y + 0.02 * random.normal()]).flat();

  it("joins neighbouring clusters of one name and keeps distant ones apart", () => {
    const points = Float32Array.from([...blob(0.1, 0.1, 30), ...blob(0.9, 0.9, 30), ...blob(0.5, 0.5, 40)]);
    const tags = Array.from({ length: 100 }, (_, i) => (i < 60 ? "tree" : "fish"));
    const { regions, of } = findRegions(points, tags, seededRandom(1));
    expect(regions.map(({ label, features }) => [label, features])).toEqual([
      ["fish", 40],
      ["tree", 30],
      ["tree", 30],
    ]);
    expect(Math.abs(regions[0].x - 0.5)).toBeLessThan(0.02);
    expect(new Set(of.subarray(0, 30)).size).toBe(1);
  });

  it("leaves a region without a common tag unnamed", () => {
    const points = Float32Array.from(blob(0.5, 0.5, 9));
    const { regions } = findRegions(points, Array(9).fill(undefined), seededRandom(1));
    expect(regions.every(({ label }) => label === "")).toBe(true);
    expect(findRegions(new Float32Array(0), [], seededRandom(1)).regions).toEqual([]);
  });
});
