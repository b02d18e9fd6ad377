import { freeBatch, storedWeights } from "@optogram/networks";
import { float32, GraphBuilder, openSession } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import { objectiveStep, sigmoidLoss, tokenize, unitLength } from "@optogram/train-encoder";
import { describe, expect, it } from "vitest";
import { imageTowerModel } from "../src/joint-space.ts";
import { contrastiveLoss } from "../src/objectives/contrastive.ts";
import { drawScenes, matchesOf, scenesOf, textsOf } from "../src/samples.ts";
import { presenceOf } from "../src/text.ts";
import { transformerTower } from "../src/vision.ts";

const vocabulary = ["a", "red", "fish", "two", "boats"];
const shape = {
  tower: transformerTower({ size: 16, patch: 8, width: 24, depth: 2, heads: 3, expansion: 4 }),
  text: { width: 16, depth: 1, heads: 2, expansion: 4, context: 6, vocabulary },
  embedding: 12,
};

const normal = (seed: number) => {
  const random = seededRandom(seed);
  return () => random.normal();
};

const contrastiveStep = (batch: number, texts: number) =>
  objectiveStep(
    { loss: ({ weights }) => contrastiveLoss(weights, sigmoidLoss, shape, { batch, texts }) },
    0,
    normal(1),
  );

function images(n: number, seed: number) {
  const next = normal(seed);
  return float32(
    Float32Array.from({ length: n * 3 * 16 * 16 }, () => next()),
    [n, 3, 16, 16],
  );
}

describe("tokens", () => {
  it("number words from 1, cut and pad with 0", () => {
    const { data, shape: size } = tokenize(["a red fish", "two boats a a a a a"], shape.text);
    expect(size).toEqual([2, 6]);
    expect(Array.from(data as BigInt64Array, Number)).toEqual([1, 2, 3, 0, 0, 0, 4, 5, 1, 1, 1, 1]);
  });

  it("refuse a word that is not in the vocabulary", () => {
    expect(() => tokenize(["a blue fish"], shape.text)).toThrow('"blue" (in "a blue fish")');
  });
});

describe("sigmoidLoss", () => {
  it("is the formula of the paper, computed pair by pair", async () => {
    const graph = new GraphBuilder();
    const weights = storedWeights(graph, {
      "logit.temperature": float32([Math.log(10)], []),
      "logit.bias": float32([-10], []),
    });
    const next = normal(2);
    const rows = () =>
      float32(
        Float32Array.from({ length: 12 }, () => next()),
        [3, 4],
      );
    const [x, y, matches] = [rows(), rows(), float32([1, -1, 1, -1, 1, -1, 1, -1, 1], [3, 3])];
    const value = sigmoidLoss(
      weights,
      unitLength(graph.input("x", [3, 4])),
      unitLength(graph.input("y", [3, 4])),
      graph.input("matches", [3, 3]),
    );
    graph.output("loss", value);
    const session = await openSession(graph.model());
    const { loss } = await session.run({ x, y, matches });
    const unit = (t: typeof x, i: number) => {
      const row = Array.from((t.data as Float32Array).subarray(4 * i, 4 * i + 4));
      return row.map((v) => v / Math.hypot(...row));
    };
    let expected = 0;
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        const cosine = unit(x, i).reduce((sum, v, k) => sum + v * unit(y, j)[k], 0);
        const sign = i === j || i + j === 2 ? 1 : -1;
        expected += Math.log1p(Math.exp(-sign * (10 * cosine - 10))) / 3;
      }
    expect(Number(loss.data[0])).toBeCloseTo(expected, 4);
    await session.close();
  });
});

describe("the image tower", () => {
  it("gives unit embeddings that do not depend on the batch", async () => {
    const step = await contrastiveStep(4, 4);
    const session = await openSession(freeBatch(imageTowerModel(shape, step.state(), 7), 7));
    const five = images(5, 3);
    const { embedding, tokens } = await session.run({ images: five });
    expect(embedding.shape).toEqual([5, 12]);
    expect(tokens.shape).toEqual([5, 4, 24]);
    const row = (embedding.data as Float32Array).subarray(24, 36);
    expect(Math.hypot(...row)).toBeCloseTo(1, 4);
    const third = float32((five.data as Float32Array).slice(2 * 768, 3 * 768), [1, 3, 16, 16]);
    const alone = await session.run({ images: third }, ["embedding"]);
    (alone.embedding.data as Float32Array).forEach((value, i) => {
      expect(value).toBeCloseTo(row[i], 5);
    });
    await session.close();
  });
});

describe("contrastive training", () => {
  it("learns which texts describe which image", async () => {
    const training = await contrastiveStep(4, 5);
    const texts = ["a red fish", "two boats", "a fish", "two red boats", "boats"];
    const tokens = tokenize(texts, shape.text);
    const batch = {
      images: images(4, 6),
      tokens,
      present: presenceOf(tokens),
      matches: float32(
        texts.slice(0, 4).flatMap((caption) => texts.map((text) => (caption.includes(text) ? 1 : -1))),
        [4, 5],
      ),
    };
    const losses: number[] = [];
    for (let i = 0; i < 60; i++) losses.push((await training.run(batch, 3e-3)).loss);
    // Not knowing which of four is right costs at least log 4 an image.
    expect(losses[0]).toBeGreaterThan(Math.log(4));
    expect(losses[59]).toBeLessThan(0.5);
    await training.close();
  });

  it("matches a scene with its caption, with the same words elsewhere, and with the names of what it shows", () => {
    const scenes = [...scenesOf(1, 0, 3), scenesOf(1, 0, 1)[0]];
    const texts = textsOf(scenes);
    const { data, shape: size } = matchesOf(scenes);
    expect(size).toEqual([4, texts.length]);
    scenes.forEach((scene, i) => {
      const described = texts.filter((_, j) => data[i * texts.length + j] === 1);
      const names = new Set(scene.objects.map(({ kind }) => `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`));
      const captions = scenes
        .filter(({ caption }) => caption === scene.caption)
        .map(({ caption }) => caption);
      expect(described.toSorted()).toEqual([...captions, ...names].toSorted());
      expect(new Set(Array.from(data, Number))).toEqual(new Set([1, -1]));
    });
  });

  it("draws the same scenes for the same numbers", async () => {
    const [a, b, c] = await Promise.all(
      [scenesOf(1, 4, 2), scenesOf(1, 5, 1), scenesOf(2, 4, 2)].map((scenes) => drawScenes(scenes, 16)),
    );
    expect((a.images.data as Float32Array).subarray(768)).toEqual(b.images.data);
    expect(a.images.data).not.toEqual(c.images.data);
  });
});
