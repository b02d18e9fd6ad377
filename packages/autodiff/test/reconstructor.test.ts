import { expect, test } from "vitest";
import {
  Adam,
  distance,
  fixture,
  numbers,
  openGradients,
  part,
  readTensors,
  shared,
  type Tensors,
  under,
} from "./goldens.ts";
import { reconstructor } from "./reconstructor.ts";

const isStatistic = (name: string) => name.includes(".running_");
/** The mean that a BatchNormalization takes away: its gradient is rounding and nothing else, and so Adam's step. */
const isTakenAway = (name: string) => /\.c[12]\.bias$/.test(name);

function begin(golden: Tensors) {
  const parameters = under(golden, "start.");
  const trained = Object.keys(parameters).filter((name) => !isStatistic(name));
  const feed = (step: number) => ({
    ...parameters,
    features: part(golden.features, step),
    targets: part(golden.targets, step),
  });
  return { parameters, trained, feed };
}

// The fixture holds everything in float16, which is all that the tolerances allow for.
test("PyTorch's first gradients of the reconstructor", async () => {
  const golden = readTensors(fixture("reconstructor.first-step.safetensors"));
  const { trained, feed } = begin(golden);
  const session = await openGradients(feed(0), trained, reconstructor);
  const results = await session.run(feed(0));
  await session.close();
  expect(numbers(results.loss)[0]).toBeCloseTo(numbers(golden.losses)[0], 3);
  const expected = Object.entries(under(golden, "grad0."));
  expect(expected.length).toBeGreaterThan(20);
  for (const [name, gradient] of expected)
    expect(distance(results[`grad.${name}`], gradient), name).toBeLessThan(0.01);
});

const whole = shared("goldens/gradients/reconstructor.safetensors");

test.skipIf(!whole)("PyTorch's six Adam steps of the reconstructor", async () => {
  const golden = readTensors(whole as string);
  const { parameters, trained, feed } = begin(golden);
  const session = await openGradients(feed(0), trained, reconstructor);
  const adam = new Adam(3e-4);
  for (const [step, loss] of numbers(golden.losses).entries()) {
    const results = await session.run(feed(step));
    expect(Math.abs(numbers(results.loss)[0] / loss - 1), `loss of step ${step}`).toBeLessThan(1e-5);
    const gradientOf = under(results, "grad.");
    if (step === 0)
      for (const name of trained.filter((candidate) => !isTakenAway(candidate)))
        expect(distance(gradientOf[name], golden[`grad0.${name}`]), name).toBeLessThan(5e-5);
    adam.update(parameters, gradientOf);
    for (const [name, next] of Object.entries(under(results, "next.")))
      numbers(parameters[name]).set(numbers(next));
  }
  await session.close();
  for (const name of Object.keys(parameters).filter((candidate) => !isTakenAway(candidate))) {
    // A running mean holds the bias that was taken away.
    const tolerance = name.endsWith(".running_mean") ? 0.05 : 2e-3;
    expect(distance(parameters[name], golden[`end.${name}`]), name).toBeLessThan(tolerance);
  }
});
