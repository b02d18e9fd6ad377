/** The network against PyTorch's own training of it (the fixture is autodiff's). */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readTensors } from "@optogram/artifacts";
import { float32, halfToFloat, type Tensor } from "@optogram/onnx";
import { reconstructorStep } from "@optogram/reconstruction";
import { describe, expect, it } from "vitest";

type Tensors = Readonly<Record<string, Tensor>>;

const shape = { tokenWidth: 64, grid: [4, 4], width: 64, depth: 4, heads: 2, doublings: 4 } as const;
const batch = 4;
const rate = 3e-4;

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const firstStep = file("../../autodiff/fixtures/reconstructor.first-step.safetensors");
const whole = file("../../../../shared/goldens/gradients/reconstructor.safetensors");

/** PyTorch's names by ours; matrices stand transposed. */
const renamed: readonly (readonly [RegExp, string])[] = [
  [/^transformer\./, ""],
  [/\.attention\.(qkv|proj)\./, ".$1."],
  [/^blocks\.(\d+)\.norm([12])\./, "blocks.$1.ln$2."],
  [/^norm\./, "ln."],
  [/^residual\.(\S+)\.norm([12])\./, "res.$1.b$2."],
  [/^residual\.(\S+)\.conv([12])\./, "res.$1.c$2."],
  [/\.scale$/, ".weight"],
  [/\.mean$/, ".running_mean"],
  [/\.variance$/, ".running_var"],
];
const theirs = (name: string) =>
  renamed.reduce((said, [pattern, instead]) => said.replace(pattern, instead), name);
const isMatrix = (name: string) => /^transformer\..*\.weight$/.test(name);

async function readGolden(path: string): Promise<Tensors> {
  const { tensors } = await readTensors(path);
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape: axes, data }]) => [
      name,
      float32(dtype === "float16" ? halfToFloat(data as Uint16Array) : (data as Float32Array), axes),
    ]),
  );
}

function transposed({ shape: [rows, columns], data }: Tensor): Tensor {
  const turned = new Float32Array(data.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) turned[j * rows + i] = Number(data[i * columns + j]);
  return float32(turned, [columns, rows]);
}

function part({ shape: axes, data }: Tensor, i: number): Tensor {
  const each = data.length / axes[0];
  return float32((data as Float32Array).slice(i * each, (i + 1) * each), axes.slice(1));
}

/** The largest difference, as a share of the expected tensor's largest element. */
function distance(found: Tensor, expected: Tensor): number {
  const numbers = Array.from(expected.data as Float32Array);
  const largest = Math.max(...numbers.map(Math.abs));
  return Math.max(...numbers.map((value, i) => Math.abs(value - Number(found.data[i])))) / largest;
}

/** A step that begins where PyTorch began, and what PyTorch has under one of our names. */
async function begin(golden: Tensors) {
  const { training } = await reconstructorStep({ shape, batch, random: () => 0, threads: 1 });
  const state = training.state();
  const names = Object.keys(state).filter((name) => !/^[mv]\./.test(name));
  const find = (stem: string, name: string) => {
    const tensor = golden[`${stem}.${theirs(name)}`];
    return isMatrix(name) ? transposed(tensor) : tensor;
  };
  training.restore({ ...state, ...Object.fromEntries(names.map((name) => [name, find("start", name)])) }, 0);
  const run = (step: number) =>
    training.run({ tokens: part(golden.features, step), pictures: part(golden.targets, step) }, rate);
  return { training, names, find, run };
}

describe("the reconstructor's training step", { timeout: 120_000 }, () => {
  // The fixture holds everything in float16, which is all that the tolerances allow for.
  it("has PyTorch's first loss and gradients", async () => {
    const golden = await readGolden(firstStep);
    const { training, names, find, run } = await begin(golden);
    expect((await run(0)).loss).toBeCloseTo(Number(golden.losses.data[0]), 3);
    const state = training.state();
    const known = names.filter((name) => golden[`grad0.${theirs(name)}`]);
    expect(known.length).toBeGreaterThan(20);
    for (const name of known) {
      // After one step the first moment is a tenth of the gradient.
      const moment = state[`m.${name}`];
      const gradient = { ...moment, data: (moment.data as Float32Array).map((value) => 10 * value) };
      expect(distance(gradient, find("grad0", name)), name).toBeLessThan(0.01);
    }
    await training.close();
  });

  it.skipIf(!existsSync(whole))("has PyTorch's losses and weights over six steps of Adam", async () => {
    const golden = await readGolden(whole);
    const { training, names, find, run } = await begin(golden);
    for (const [step, loss] of Array.from(golden.losses.data, Number).entries())
      expect(Math.abs((await run(step)).loss / loss - 1), `loss of step ${step}`).toBeLessThan(1e-5);
    const state = training.state();
    const kept = 0.9 ** golden.losses.data.length;
    for (const name of names) {
      const expected = find("end", name);
      if (name.endsWith(".mean")) {
        // Theirs holds the bias before the normalisation, which ours does without.
        const bias = golden[`start.${theirs(name).replace(/b([12])\.running_mean$/, "c$1.bias")}`];
        const theirMean = Float32Array.from(
          expected.data as Float32Array,
          (value, i) => value - (1 - kept) * Number(bias.data[i]),
        );
        expect(distance(state[name], { ...expected, data: theirMean }), name).toBeLessThan(0.1);
      } else expect(distance(state[name], expected), name).toBeLessThan(2e-3);
    }
    await training.close();
  });
});
