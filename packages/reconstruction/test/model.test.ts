import { float32, type Model, openSession, type Tensor } from "@optogram/onnx";
import {
  openPainter,
  type ReconstructorShape,
  reconstructorModel,
  reconstructorStep,
} from "@optogram/reconstruction";
import { seededRandom } from "@optogram/statistics";
import { describe, expect, it } from "vitest";

const colours = { mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4] } as const;
const shape: ReconstructorShape = {
  tokenWidth: 12,
  grid: [3, 5],
  width: 16,
  depth: 2,
  heads: 2,
  doublings: 2,
};
const [count, pixels] = [15, 3 * 12 * 20];

function drawn(axes: readonly number[], seed: number): Tensor {
  const random = seededRandom(seed);
  const length = axes.reduce((a, b) => a * b, 1);
  return float32(
    Float32Array.from({ length }, () => random.normal()),
    axes,
  );
}

/** A step that was run a few times on one batch, which it begins to know; then so often without learning. */
async function trained(steps: number, idle = 0) {
  const random = seededRandom(1);
  const { training } = await reconstructorStep({ shape, batch: 4, random: () => random.normal() });
  const feeds = { tokens: drawn([4, count, 12], 2), pictures: drawn([4, 3, 12, 20], 3) };
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push((await training.run(feeds, 3e-3)).loss);
  for (let i = 0; i < idle; i++) losses.push((await training.run(feeds, 0)).loss);
  const state = training.state();
  await training.close();
  return { state, losses, feeds };
}

async function run(model: Model, tokens: Tensor): Promise<Float32Array> {
  const session = await openSession(model);
  const { pictures } = await session.run({ tokens });
  await session.close();
  return pictures.data as Float32Array;
}

describe("the training step", { timeout: 60_000 }, () => {
  it("fits a batch on a grid that is no square", async () => {
    const { losses } = await trained(60);
    expect(losses[59]).toBeLessThan(0.5 * losses[0]);
  });

  it("refuses a width that cannot be halved, or not be split into heads", async () => {
    const step = (change: Partial<ReconstructorShape>) =>
      reconstructorStep({ shape: { ...shape, ...change }, batch: 1, random: () => 0 });
    await expect(step({ doublings: 5 })).rejects.toThrow("cannot be halved 5 times");
    await expect(step({ heads: 3 })).rejects.toThrow("does not go into 3 heads");
  });
});

describe("the exported model", { timeout: 60_000 }, () => {
  it("is what the step trained, with the running statistics in the batch's place", async () => {
    // On one and the same batch these come to be the batch's own, but for n / (n − 1).
    const { state, feeds, losses } = await trained(20, 100);
    const narrow = { mean: [0.5, 0.5, 0.5], std: [0.01, 0.01, 0.01] } as const;
    const pictures = await run(reconstructorModel(state, shape, narrow), feeds.tokens);
    const wanted = feeds.pictures.data as Float32Array;
    const error = wanted.reduce((sum, value, i) => sum + (100 * (pictures[i] - 0.5) - value) ** 2, 0);
    expect(error / wanted.length / losses[119]).toBeCloseTo(1, 2);
    expect(losses[119]).toBeLessThan(losses[0]);
  });

  it("turns normalised pixels into colours, clipped to 0..1", async () => {
    const { state, feeds } = await trained(3);
    const plain = await run(
      reconstructorModel(state, shape, { mean: [0, 0, 0], std: [1, 1, 1] }),
      feeds.tokens,
    );
    const coloured = await run(reconstructorModel(state, shape, colours), feeds.tokens);
    let compared = 0;
    for (const [i, value] of plain.entries()) {
      const channel = Math.floor(i / (12 * 20)) % 3;
      if (value <= 0 || value >= 1) continue;
      const expected = value * colours.std[channel] + colours.mean[channel];
      expect(coloured[i]).toBeCloseTo(Math.min(1, expected), 5);
      compared++;
    }
    expect(compared).toBeGreaterThan(100);
    expect(coloured.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it("paints a picture from its own tokens alone, whatever their length and however many there are", async () => {
    const { state } = await trained(3);
    const painter = await openPainter(reconstructorModel(state, shape, colours));
    const tokens = drawn([19, count, 12], 5).data as Float32Array;
    const all = await painter.paint(tokens);
    expect(all).toHaveLength(19 * pixels);
    const last = await painter.paint(tokens.slice(18 * count * 12).map((value) => 7 * value));
    for (const [i, value] of last.entries()) expect(value).toBeCloseTo(all[18 * pixels + i], 4);
    await expect(painter.paint(new Float32Array(7))).rejects.toThrow("no tokens of [15, 12]");
    await painter.close();
  });

  it("is of ONNX's own operators", async () => {
    const { state } = await trained(1);
    const model = reconstructorModel(state, shape, colours);
    expect(model.graph.nodes.filter(({ domain }) => domain !== "")).toEqual([]);
    expect(Object.keys(model.opsets)).toEqual([""]);
  });
});
