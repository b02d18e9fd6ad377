import { adam, adamW, nadam, type Optimizer, sgd, type TrainingStepOptions } from "@optogram/training";
import { describe, expect, it } from "vitest";
import { batch, fixture, regression } from "./regression.ts";

const cases: Record<string, { optimizer: Optimizer; rate: number; options?: Partial<TrainingStepOptions> }> =
  {
    adam: { optimizer: adam(), rate: 0.05 },
    adamW: { optimizer: adamW({ weightDecay: 0.1, beta2: 0.98 }), rate: 0.05 },
    nadam: { optimizer: nadam(), rate: 0.05 },
    sgd: { optimizer: sgd({ momentum: 0.9, weightDecay: 0.01 }), rate: 0.05 },
    clipped: { optimizer: sgd(), rate: 0.1, options: { clipNorm: 0.5 } },
  };

describe("optimisers follow PyTorch's trajectories", () => {
  it.each(Object.entries(cases))("%s", async (name, { optimizer, rate, options }) => {
    const training = await regression(optimizer, options);
    const expected = fixture.runs[name];
    for (const loss of expected.losses) {
      const report = await training.run(batch, rate);
      // float32 against float64: twelve updates drift by some units in the last place.
      expect(Math.abs(report.loss - loss)).toBeLessThan(2e-6 * (1 + loss));
    }
    for (const [parameter, values] of [["W", expected.W.flat()] as const, ["b", expected.b] as const]) {
      const { data } = training.variable(parameter);
      values.forEach((value, i) => {
        expect(Math.abs(Number(data[i]) - value)).toBeLessThan(5e-6);
      });
    }
    await training.close();
  });
});
