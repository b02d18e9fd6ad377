import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openCheckpoint, type Tensor } from "@optogram/artifacts";
import { expect, test } from "vitest";
import { temporaryFolder } from "./temporary.ts";

const key = { parameters: { latents: 64, seed: 1 }, inputs: ["a"] };
const tensors: Record<string, Tensor> = {
  W: { dtype: "float32", shape: [2], data: Float32Array.of(0.1, 1e-45) },
  half: { dtype: "float16", shape: [1], data: Uint16Array.of(0x3c00) },
};

test("the last state comes back bit for bit", async () => {
  const folder = await temporaryFolder();
  const checkpoint = openCheckpoint(join(folder, "scratch"), key);
  expect(await checkpoint.load()).toBeUndefined();
  await checkpoint.save(10, {}, { loss: 1 });
  await checkpoint.save(20, tensors, { loss: 0.1, order: [3, 1, 2] });
  const state = await openCheckpoint(join(folder, "scratch"), key).load();
  expect(state?.step).toBe(20);
  expect({ ...state?.tensors }).toEqual(tensors);
  expect(state?.state).toEqual({ loss: 0.1, order: [3, 1, 2] });
  expect(await readdir(join(folder, "scratch"))).toEqual(["checkpoint.safetensors"]);
});

test("a state saved under another key is not gone on from", async () => {
  const folder = await temporaryFolder();
  await openCheckpoint(folder, key).save(10, tensors);
  const turned = { inputs: ["a"], parameters: { seed: 1, latents: 64 } };
  expect((await openCheckpoint(folder, turned).load())?.step).toBe(10);
  expect(await openCheckpoint(folder, { ...key, inputs: ["b"] }).load()).toBeUndefined();
});

test("a damaged file is as good as none, wherever it is cut", async () => {
  const folder = await temporaryFolder();
  const checkpoint = openCheckpoint(folder, key);
  await checkpoint.save(10, tensors);
  const path = join(folder, "checkpoint.safetensors");
  const whole = await readFile(path);
  for (let length = 0; length < whole.length; length += 7) {
    await writeFile(path, whole.subarray(0, length));
    expect(await checkpoint.load()).toBeUndefined();
  }
});

test("checkpoints of several names keep apart, and go when they are removed", async () => {
  const folder = await temporaryFolder();
  const [a, b] = [openCheckpoint(folder, key, "a"), openCheckpoint(folder, key, "b")];
  await a.save(1, {});
  await b.save(2, {});
  await a.remove();
  expect(await a.load()).toBeUndefined();
  expect((await b.load())?.step).toBe(2);
});
