import { float32, type Tensor } from "@optogram/onnx";
import { adam, DivergedError, fit, History, type SavedState, sgd } from "@optogram/training";
import { describe, expect, it } from "vitest";
import { batch, regression } from "./regression.ts";

/** A checkpoint store in memory that keeps what was saved last. */
function memory() {
  let saved: SavedState | undefined;
  return {
    load: async () => saved,
    save: async (step: number, tensors: Readonly<Record<string, Tensor>>, state: unknown) => {
      saved = { step, tensors, state: structuredClone(state) };
    },
  };
}

const rowLengths = (tensor: Tensor) => {
  const [rows, d] = tensor.shape;
  const data = tensor.data as Float32Array;
  return Array.from({ length: rows }, (_, i) => Math.hypot(...data.subarray(i * d, (i + 1) * d)));
};

describe("a training step", () => {
  it("keeps rows at unit length", async () => {
    const training = await regression(adam(), { unitRows: ["W"] });
    for (let i = 0; i < 5; i++) await training.run(batch, 0.1);
    for (const length of rowLengths(training.variable("W"))) expect(length).toBeCloseTo(1, 6);
  });

  it("averages its parameters", async () => {
    const training = await regression(sgd(), { ema: 0.75 });
    let expected = Number(training.variable("b").data[0]);
    for (let i = 0; i < 4; i++) {
      await training.run(batch, 0.1);
      expected = 0.75 * expected + 0.25 * Number(training.variable("b").data[0]);
    }
    expect(Number(training.variable("ema.b").data[0])).toBeCloseTo(expected, 5);
  });

  it("stops at a loss that is not finite and keeps the weights from before", async () => {
    const training = await regression(sgd());
    await training.run(batch, 0.1);
    const before = training.state();
    const poisoned = { ...batch, y: float32(new Float32Array(10).fill(Number.NaN), [5, 2]) };
    await expect(training.run(poisoned, 0.1)).rejects.toThrow(DivergedError);
    expect(training.state()).toEqual(before);
    expect(training.updates).toBe(1);
  });

  it("takes the same steps where variables go in and out as one tensor, on whatever device there is", async () => {
    const options = { ema: 0.75, clipNorm: 1 };
    const own = await regression(adam(), options);
    const packed = await regression(adam(), { ...options, device: "auto" });
    const losses = async (training: typeof own) => (await training.run(batch, 0.1)).loss;
    for (let i = 0; i < 3; i++) expect(await losses(packed)).toBeCloseTo(await losses(own), 5);
    for (const [name, { shape, data }] of Object.entries(own.state())) {
      const found = packed.variable(name);
      expect(found.shape).toEqual(shape);
      for (const [i, value] of data.entries()) expect(found.data[i]).toBeCloseTo(Number(value), 5);
    }
    const resumed = await regression(adam(), { ...options, device: "auto" });
    resumed.restore(packed.state(), packed.updates);
    expect(await losses(resumed)).toBeCloseTo(await losses(packed), 6);
  });

  it("gives the same bytes in every run", async () => {
    const runs = await Promise.all(
      [1, 2].map(async () => {
        const training = await regression(adam());
        for (let i = 0; i < 6; i++) await training.run(batch, 0.05);
        return training.state();
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
  });
});

describe("fit", () => {
  const settings = { steps: 9, schedule: (step: number) => 0.05 / (1 + step), batch: () => batch };

  it("goes on from a checkpoint to the same numbers", async () => {
    const whole = await regression(adam());
    const record = new History();
    for await (const report of fit(whole, settings)) record.record(report);

    const store = memory();
    const first = await regression(adam());
    const partial = new History();
    // Ends after the sixth step: the checkpoint is from the fourth.
    for await (const report of fit(first, { ...settings, checkpoint: { store, every: 4 }, state: partial })) {
      partial.record(report);
      if (report.step === 5) break;
    }
    const resumed = await regression(adam());
    const rest = new History();
    const steps: number[] = [];
    for await (const report of fit(resumed, { ...settings, checkpoint: { store, every: 4 }, state: rest })) {
      rest.record(report);
      steps.push(report.step);
    }
    expect(steps).toEqual([4, 5, 6, 7, 8]);
    expect(resumed.state()).toEqual(whole.state());
    expect(rest.columns()).toEqual(record.columns());
  });

  it("saves where it is when it is stopped", async () => {
    const store = memory();
    const stop = new AbortController();
    const training = await regression(adam());
    const run = async () => {
      for await (const { step } of fit(training, {
        ...settings,
        checkpoint: { store, every: 100 },
        signal: stop.signal,
      }))
        if (step === 2) stop.abort(new Error("stopped"));
    };
    await expect(run()).rejects.toThrow("stopped");
    expect((await store.load())?.step).toBe(3);
  });

  it("refuses a checkpoint of another network", async () => {
    const training = await regression(adam());
    expect(() => training.restore({ W: float32([1, 2]) }, 3)).toThrow(/does not fit: W is \[2\]/);
  });
});
