import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeTensors } from "@optogram/artifacts";
import { EncoderError, readWeights } from "@optogram/encoders";
import { float32, floatToHalf } from "@optogram/onnx";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// PyTorch 2.13 wrote the checkpoints (deflated.pth and big-endian.pth were packed anew by Python's zipfile).
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/weights/${name}`, import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weights-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("checkpoints of PyTorch", () => {
  for (const name of ["nested.pth", "deflated.pth"])
    test(`${name}: views, every type, parameters, as PyTorch reads them`, async () => {
      const read = await readWeights(fixture(name));
      const expected = await readWeights(fixture("nested.safetensors"));
      expect(Object.keys(read)).toHaveLength(12);
      expect(new Set(Object.keys(read))).toEqual(new Set(Object.keys(expected)));
      for (const [tensor, value] of Object.entries(expected)) expect(read[tensor], tensor).toEqual(value);
    });

  test("a state dict with attributes, of pickle's protocol 4", async () => {
    const read = await readWeights(fixture("protocol4.bin"));
    expect(Object.entries(read).map(([name, { shape }]) => [name, shape])).toEqual([
      ["0.weight", [3, 2]],
      ["0.bias", [3]],
    ]);
  });

  test("big-endian elements are turned round", async () => {
    expect((await readWeights(fixture("big-endian.pth"))).one).toEqual(float32([0.5]));
  });

  const refused = {
    "hostile.pth": /calls posix\.system, which no tensor needs, so it is refused/,
    "legacy.pth": /PyTorch before 1\.6/,
    "outside.pth": /places tensor "weight" \[9,9\] outside its storage of 1/,
    "absent.pth": /cannot be read/,
  };
  for (const [name, message] of Object.entries(refused))
    test(`${name} is refused in one line that names it`, async () => {
      const error = await readWeights(fixture(name)).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(EncoderError);
      expect((error as Error).message).toMatch(message);
      expect((error as Error).message).toContain(name);
      expect((error as Error).message).not.toContain("\n");
    });

  test("a damaged file is refused, or gives the tensors that it still holds", async () => {
    const whole = await readFile(fixture("deflated.pth"));
    const path = join(folder, "damaged.pth");
    let refusals = 0;
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        damage,
        fc.integer({ min: 1, max: whole.length }),
        fc.boolean(),
        async (bytes, length, cut) => {
          const file = Buffer.from(whole);
          for (const [at, value] of bytes) file[at] = value;
          await writeFile(path, cut ? file.subarray(0, length) : file);
          const result = await readWeights(path).catch((error: unknown) => error);
          if (result instanceof EncoderError) refusals++;
          else expect(result).not.toBeInstanceOf(Error);
        },
      ),
      { numRuns: 300, seed: 1 },
    );
    expect(refusals).toBeGreaterThan(100);
  });
});

test("safetensors: halves are widened, integers stay", async () => {
  const path = join(folder, "halves.safetensors");
  const values = Float32Array.of(0.5, -2, 3);
  await writeTensors(path, {
    half: { dtype: "float16", shape: [3], data: floatToHalf(values) },
    brain: { dtype: "bfloat16", shape: [3], data: Uint16Array.of(0x3f00, 0xc000, 0x4040) },
    double: { dtype: "float64", shape: [3], data: Float64Array.from(values) },
    steps: { dtype: "int64", shape: [1], data: BigInt64Array.of(7n) },
  });
  const { steps, ...floats } = await readWeights(path);
  expect(steps).toEqual({ dtype: "int64", shape: [1], data: BigInt64Array.of(7n) });
  expect(floats).toEqual({ half: float32(values), brain: float32(values), double: float32(values) });
});

test("other files are refused by their ending", async () => {
  await expect(readWeights("weights.npz")).rejects.toThrow(/\.safetensors, \.pth, \.pt and \.bin/);
});
