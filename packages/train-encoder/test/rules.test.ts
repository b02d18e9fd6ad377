import { averagedWeights, sharedWeights, storedWeights, trainedWeights } from "@optogram/networks";
import {
  add,
  float32,
  GraphBuilder,
  openSession,
  reduceSum,
  square,
  type Tensor,
  type Value,
} from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import {
  averagePrecision,
  blockMask,
  infonceLoss,
  keptPlaces,
  meanIntersectionOverUnion,
  retrieval,
  selection,
  visionTower,
} from "@optogram/train-encoder";
import { compileTrainingStep, sgd, Variables } from "@optogram/training";
import { describe, expect, it } from "vitest";
import { prefixMask } from "../src/captioning.ts";
import { hueRotation } from "../src/crops.ts";
import { balanced, distance, meanOverHidden, teacherMomentum } from "../src/distillation.ts";
import { hiddenPatches } from "../src/masks.ts";

const normals = (seed: number, shape: readonly number[]) => {
  const random = seededRandom(seed);
  return float32(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
    shape,
  );
};

/** What a graph makes of tensors. */
async function computed(
  feeds: Readonly<Record<string, Tensor>>,
  build: (inputs: Record<string, Value>) => Value,
) {
  const graph = new GraphBuilder();
  const inputs = Object.entries(feeds).map(([name, { shape }]) => [name, graph.input(name, shape)] as const);
  graph.output("y", build(Object.fromEntries(inputs)));
  const session = await openSession(graph.model());
  const { y } = await session.run(feeds);
  await session.close();
  return Array.from(y.data as Float32Array);
}

describe("masks", () => {
  it("keep as many places as asked, in order, each once", () => {
    for (let seed = 0; seed < 20; seed++) {
      const kept = keptPlaces(seededRandom(seed), 16, 4);
      expect(new Set(kept).size).toBe(4);
      expect(kept).toEqual(kept.toSorted());
      expect(kept[3]).toBeLessThan(16);
    }
    const { data, shape } = selection([Uint32Array.of(0, 2), Uint32Array.of(1, 2)], 3);
    expect(shape).toEqual([2, 2, 3]);
    expect(Array.from(data, Number)).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1]);
  });

  it("hide exactly as many places as asked, the same for the same seed", () => {
    for (let count = 0; count <= 16; count++) {
      const mask = blockMask(seededRandom(count), 4, count);
      expect(mask.reduce((sum, one) => sum + one, 0)).toBe(count);
      expect(blockMask(seededRandom(count), 4, count)).toEqual(mask);
    }
    const { data, shape } = hiddenPatches(seededRandom(1), 50, 8);
    expect(shape).toEqual([50, 64, 1]);
    const shares = Array.from({ length: 50 }, (_, i) =>
      (data as Float32Array).subarray(64 * i, 64 * i + 64).reduce((sum, one) => sum + one / 64, 0),
    );
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.5);
    expect(shares.filter((share) => share === 0).length).toBeGreaterThan(10);
  });

  it("let words see the image and the words before, and the image itself", () => {
    const open = Array.from(prefixMask(1, 2).data as Float32Array, (value) => (value === 0 ? 1 : 0));
    expect(open).toEqual([1, 0, 0, 1, 1, 0, 1, 1, 1]);
  });
});

describe("the tower", () => {
  const shape = { size: 16, patch: 8, width: 16, depth: 1, heads: 2, expansion: 2 };
  const known = new Variables(new GraphBuilder());
  const fresh = trainedWeights(known, () => 0.3);
  visionTower(fresh, known.graph.input("images", [1, 3, 16, 16]), shape, {
    hidden: known.graph.input("hidden", [1, 4, 1]),
  });
  const weights = Object.fromEntries(
    known.all.map(({ name, initial }, i) => [name, normals(i, initial.shape)]),
  );
  const pooled = (feeds: Readonly<Record<string, Tensor>>) =>
    computed(feeds, ({ images, ...masking }) => {
      const stored = storedWeights(images.graph, weights);
      return visionTower(stored, images, shape, masking).pooled;
    });
  const images = normals(3, [1, 3, 16, 16]);
  /** The same but in the last patch. */
  const other = float32(
    (images.data as Float32Array).map((x, i) => (i % 16 >= 8 && Math.floor(i / 16) % 16 >= 8 ? x + 1 : x)),
    [1, 3, 16, 16],
  );

  it("does not see patches that are hidden or left out", async () => {
    const hidden = float32([0, 0, 0, 1], [1, 4, 1]);
    const kept = selection([Uint32Array.of(0, 1, 2)], 4);
    expect(await pooled({ images })).not.toEqual(await pooled({ images: other }));
    expect(await pooled({ images, hidden })).toEqual(await pooled({ images: other, hidden }));
    expect(await pooled({ images, kept })).toEqual(await pooled({ images: other, kept }));
  });

  it("is the whole one where nothing is hidden and all is kept, in any order", async () => {
    const whole = await pooled({ images });
    const hidden = float32([0, 0, 0, 0], [1, 4, 1]);
    const kept = selection([Uint32Array.of(2, 0, 3, 1)], 4);
    for (const same of [await pooled({ images, hidden }), await pooled({ images, kept })])
      same.forEach((value, i) => {
        expect(value).toBeCloseTo(whole[i], 4);
      });
  });

  it("sees a smaller picture as part of the same world: without places, a small blank is a large blank", async () => {
    const anywhere = { ...weights, "vision.positions": float32(new Float32Array(64).fill(0.2), [1, 4, 16]) };
    const blank = (side: number) =>
      computed(
        { images: float32(new Float32Array(3 * side ** 2), [1, 3, side, side]) },
        ({ images }) => visionTower(storedWeights(images.graph, anywhere), images, shape).pooled,
      );
    const [small, large] = [await blank(8), await blank(16)];
    small.forEach((value, i) => {
      expect(value).toBeCloseTo(large[i], 4);
    });
  });
});

describe("a teacher", () => {
  it("decides for each sample, and names all prototypes about equally often", async () => {
    const cosines = normals(1, [32, 4]);
    const scaled = float32(
      (cosines.data as Float32Array).map((x) => Math.tanh(x) / 2 + 0.4),
      [32, 4],
    );
    const shares = await computed({ scaled }, (x) => balanced(x.scaled, 0.2));
    const column = [0, 0, 0, 0];
    for (let i = 0; i < 32; i++) {
      const row = shares.slice(4 * i, 4 * i + 4);
      expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
      row.forEach((share, k) => {
        column[k] += share / 32;
      });
    }
    for (const share of column) expect(Math.abs(share - 0.25)).toBeLessThan(0.02);
  });

  it("is undecided where samples are all alike", async () => {
    const alike = float32([0.9, 0.1, -0.5, 0.9, 0.1, -0.5], [2, 3]);
    for (const share of await computed({ alike }, (x) => balanced(x.alike)))
      expect(share).toBeCloseTo(1 / 3, 4);
  });

  it("is best followed by naming what it names", async () => {
    const shares = float32([1, 0, 0, 1], [2, 2]);
    const [right, wrong] = [float32([1, -1, -1, 1], [2, 2]), float32([-1, 1, 1, -1], [2, 2])];
    const near = await computed({ shares, right }, (x) => distance(x.shares, x.right));
    const far = await computed({ shares, wrong }, (x) => distance(x.shares, x.wrong));
    for (const value of near) expect(value).toBeCloseTo(0, 4);
    for (const value of far) expect(value).toBeCloseTo(20, 4);
  });

  it("speaks of hidden patches alone", async () => {
    const x = float32([1, 2, 3, 4], [2, 2]);
    const hidden = float32([0, 1, 0, 1], [2, 2, 1]);
    const [mean] = await computed({ x, hidden }, (v) => meanOverHidden(v.x, v.hidden));
    expect(mean).toBeCloseTo(3, 4);
    const nothing = float32([0, 0, 0, 0], [2, 2, 1]);
    expect(await computed({ x, nothing }, (v) => meanOverHidden(v.x, v.nothing))).toEqual([0]);
  });

  it("keeps ever more of itself, and follows what its student was", async () => {
    expect(teacherMomentum(0, 100)).toBeCloseTo(0.99);
    expect(teacherMomentum(100, 100)).toBe(1);
    const variables = new Variables(new GraphBuilder());
    const student = sharedWeights(trainedWeights(variables, () => 1));
    const momentum = variables.graph.input("momentum", []);
    const teacher = averagedWeights(variables, student, momentum);
    const [w, t] = [student.vector("w", 2, 1), teacher.vector("w", 2, 1)];
    expect(student.vector("w", 2, 1)).toBe(w);
    const loss = reduceSum(square(add(w, 0)));
    const step = await compileTrainingStep({ loss, variables, optimizer: sgd() });
    const [first] = step.variable("w").data as Float32Array;
    await step.run({ momentum: float32([0.9], []) }, 0.25);
    const [second] = (step.variable("w").data as Float32Array).slice();
    expect([first, second, step.variable(t.name).data[0]]).toEqual([1, 0.5, 1]);
    await step.run({ momentum: float32([0.75], []) }, 0.25);
    expect(step.variable(t.name).data[0]).toBeCloseTo(0.75 * 1 + 0.25 * 0.5);
    await step.close();
  });
});

describe("colours", () => {
  it("turn about grey, back again, and a third of the circle swaps channels", () => {
    const times = (a: readonly number[], b: readonly number[]) =>
      a.map((_, at) =>
        [0, 1, 2].reduce((sum, k) => sum + a[3 * Math.floor(at / 3) + k] * b[3 * k + (at % 3)], 0),
      );
    const close = (a: readonly number[], b: readonly number[]) =>
      a.forEach((value, i) => {
        expect(value).toBeCloseTo(b[i], 6);
      });
    const turn = hueRotation(0.1);
    for (const row of [0, 3, 6]) expect(turn[row] + turn[row + 1] + turn[row + 2]).toBeCloseTo(1, 6);
    close(times(turn, hueRotation(-0.1)), hueRotation(0));
    close(hueRotation(1 / 3), [0, 0, 1, 1, 0, 0, 0, 1, 0]);
  });
});

describe("infonceLoss", () => {
  it("is CLIP's cross-entropy where each image has one text", async () => {
    const unit = (t: Tensor, width: number) =>
      float32(
        (t.data as Float32Array).map((x, i, all) => {
          const row = all.subarray(i - (i % width), i - (i % width) + width);
          return x / Math.hypot(...row);
        }),
        t.shape,
      );
    const [images, texts] = [unit(normals(1, [3, 4]), 4), unit(normals(2, [3, 4]), 4)];
    const matches = float32([1, -1, -1, -1, 1, -1, -1, -1, 1], [3, 3]);
    const [loss] = await computed({ images, texts, matches }, (x) =>
      infonceLoss(
        storedWeights(x.images.graph, { "logit.temperature": float32([Math.log(5)], []) }),
        x.images,
        x.texts,
        x.matches,
      ),
    );
    const cosine = (i: number, j: number) =>
      [0, 1, 2, 3].reduce(
        (sum, k) => sum + Number(images.data[4 * i + k]) * Number(texts.data[4 * j + k]),
        0,
      );
    const entropy = (logits: number[], at: number) =>
      Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0)) - logits[at];
    const all = [0, 1, 2];
    const expected = all.reduce(
      (sum, i) =>
        sum +
        entropy(
          all.map((j) => 5 * cosine(i, j)),
          i,
        ) /
          6 +
        entropy(
          all.map((j) => 5 * cosine(j, i)),
          i,
        ) /
          6,
      0,
    );
    expect(loss).toBeCloseTo(expected, 4);
  });
});

describe("scores", () => {
  it("average precision: the mean precision at each positive", () => {
    const scores = Float32Array.of(0.1, 0.9, 0.8, 0.3);
    expect(averagePrecision(scores, [1, 1, 0, 0])).toBeCloseTo((1 + 2 / 4) / 2);
    expect(averagePrecision(scores, [0, 1, 1, 0])).toBe(1);
  });

  it("intersection over union: the mean over classes that occur", () => {
    expect(meanIntersectionOverUnion([0, 0, 1, 1], [0, 1, 1, 1], 5)).toBeCloseTo((1 / 2 + 2 / 3) / 2);
    expect(meanIntersectionOverUnion([2, 0], [2, 0], 5)).toBe(1);
  });

  it("retrieval: the share whose nearest is right, and the share of right pairs", () => {
    const keys = Float32Array.of(1, 0, 0, 1);
    const queries = Float32Array.of(2, 0.1, 3, 0.1);
    expect(retrieval(queries, keys, 2, (i, j) => i === j)).toEqual({ found: 0.5, chance: 0.5 });
  });
});
