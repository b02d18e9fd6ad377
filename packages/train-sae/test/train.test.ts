import { seededRandom } from "@optogram/statistics";
import { codeCorpus, type Rows, type SaeSettings, trainSae } from "@optogram/train-sae";
import { describe, expect, it } from "vitest";

const d = 24;
const planted = 32;

/** Rows that are sums of two of 32 random directions, with some noise. */
function sparseWorld(n: number, seed: number): { rows: Rows; directions: Float32Array } {
  const random = seededRandom(7);
  const directions = new Float32Array(planted * d);
  for (let i = 0; i < planted; i++) {
    const row = Float32Array.from({ length: d }, () => random.normal());
    const length = Math.hypot(...row);
    directions.set(
      row.map((x) => x / length),
      i * d,
    );
  }
  const draws = seededRandom(seed);
  const data = new Float32Array(n * d);
  for (let i = 0; i < n; i++)
    for (const feature of draws.sample(planted, 2)) {
      const strength = draws.uniform(0.5, 1.5);
      for (let j = 0; j < d; j++)
        data[i * d + j] += strength * directions[feature * d + j] + 0.01 * draws.normal();
    }
  return { rows: { data, d }, directions };
}

const settings: Omit<SaeSettings, "variant"> = {
  latents: 48,
  steps: 700,
  batch: 256,
  rate: 4e-3,
  seed: 3,
  deadAfter: 4,
};

const variants: readonly SaeSettings["variant"][] = [
  { kind: "relu", l1: 0.3 },
  { kind: "topk", k: 3 },
];

describe("trainSae", () => {
  it.each(variants)("finds planted directions ($kind)", async (variant) => {
    const { rows, directions } = sparseWorld(4000, 1);
    const { tensors, history } = await trainSae(rows, { ...settings, variant }, { report: () => {} });
    const decoder = tensors.W_dec.data as Float32Array;
    let recovered = 0;
    for (let i = 0; i < planted; i++) {
      let best = 0;
      for (let m = 0; m < settings.latents; m++) {
        let cosine = 0;
        for (let j = 0; j < d; j++) cosine += directions[i * d + j] * decoder[m * d + j];
        best = Math.max(best, cosine);
      }
      if (best > 0.9) recovered++;
    }
    expect(recovered).toBeGreaterThanOrEqual(0.9 * planted);
    const held = await codeCorpus(sparseWorld(1000, 2).rows, tensors);
    expect(held.metrics.fvu).toBeLessThan(0.1);
    expect(held.metrics.fvu + held.metrics.r2).toBeCloseTo(1, 12);
    expect(history.columns().fvu).toHaveLength(settings.steps);
  });

  it("gives the same bytes for the same seed and others for another", async () => {
    const { rows } = sparseWorld(600, 1);
    const short = { ...settings, steps: 40, variant: variants[0] };
    const run = async (seed: number) =>
      (await trainSae(rows, { ...short, seed }, { report: () => {} })).tensors;
    expect(await run(3)).toEqual(await run(3));
    expect((await run(4)).W_dec.data).not.toEqual((await run(3)).W_dec.data);
  });
});
