import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeTensors, encodeTensors, readTensors, type Tensor, writeTensors } from "@optogram/artifacts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { rejection, temporaryFolder } from "./temporary.ts";

const arrays = {
  bool: fc.uint8Array({ max: 1 }),
  uint8: fc.uint8Array(),
  int8: fc.int8Array(),
  float8e4m3fn: fc.uint8Array(),
  float8e5m2: fc.uint8Array(),
  uint16: fc.uint16Array(),
  int16: fc.int16Array(),
  float16: fc.uint16Array(),
  bfloat16: fc.uint16Array(),
  uint32: fc.uint32Array(),
  int32: fc.int32Array(),
  float32: fc.float32Array(),
  uint64: fc.bigUint64Array(),
  int64: fc.bigInt64Array(),
  float64: fc.float64Array(),
};

const anyTensor = fc.oneof(
  ...Object.entries(arrays).map(([dtype, array]) =>
    (array as fc.Arbitrary<Float32Array>).map((data) => ({ dtype, shape: [data.length, 1], data }) as Tensor),
  ),
);
const name = fc.string().filter((text) => text !== "__metadata__" && text !== "__proto__");
const anyTensors = fc.dictionary(name, anyTensor, { noNullPrototype: true });
const anyMetadata = fc.dictionary(name, fc.string(), { noNullPrototype: true });

test("tensors of every type and any name come back with their metadata", () => {
  fc.assert(
    fc.property(anyTensors, anyMetadata, (tensors, metadata) => {
      const back = decodeTensors(encodeTensors(tensors, metadata));
      expect({ ...back.tensors }).toEqual(tensors);
      expect(back.metadata).toEqual(metadata);
    }),
  );
});

test("the order of tensors does not change the bytes", () => {
  fc.assert(
    fc.property(anyTensors, (tensors) => {
      const turned = Object.fromEntries(Object.entries(tensors).reverse());
      expect(encodeTensors(turned)).toEqual(encodeTensors(tensors));
    }),
  );
});

test("a file is read whole or by name, a Buffer as any array of bytes", async () => {
  const path = join(await temporaryFolder(), "a.safetensors");
  const tensors: Record<string, Tensor> = {
    W_enc: { dtype: "float32", shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
    b_enc: { dtype: "int64", shape: [], data: BigInt64Array.of(-5n) },
  };
  await writeTensors(path, tensors, { stage: "train-sae" });
  expect((await readTensors(path)).metadata).toEqual({ stage: "train-sae" });
  expect({ ...(await readTensors(path)).tensors }).toEqual(tensors);
  expect({ ...(await readTensors(path, (name) => name === "b_enc")).tensors }).toEqual({
    b_enc: tensors.b_enc,
  });
  expect({ ...decodeTensors(await readFile(path)).tensors }).toEqual(tensors);
});

test("a file of the format's own library is read", async () => {
  const path = new URL("../fixtures/text.safetensors", import.meta.url).pathname;
  const { tensors } = await readTensors(path);
  expect(tensors.tokens).toMatchObject({ dtype: "int32", shape: [3, 77] });
  expect(tensors.embedding?.dtype).toBe("float32");
  const again = decodeTensors(encodeTensors(tensors));
  expect(again.tensors).toEqual(tensors);
});

/** A safetensors file with any header. */
function fileOf(header: unknown, bodyBytes: number): Uint8Array {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + bodyBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

const entry = (dtype: string, shape: unknown, begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

test.each<[string, unknown, number, string]>([
  ["no JSON", "{", 0, "header that is not a JSON object"],
  ["a list", [], 0, "header that is not a JSON object"],
  ["a type that there is not", { a: entry("F4", [1], 0, 4) }, 4, 'holds tensor "a" as F4'],
  ["a shape that does not fill its bytes", { a: entry("F32", [2], 0, 4) }, 4, '"a" 4 bytes for F32 [2]'],
  ["a shape beyond all numbers", { a: entry("F32", [2 ** 40, 2 ** 40], 0, 4) }, 4, '"a" 4 bytes for F32'],
  ["a negative size", { a: entry("F32", [-1], 0, 4) }, 4, 'describes tensor "a" wrongly'],
  ["bytes beyond the end", { a: entry("F32", [2], 0, 8) }, 4, 'places tensor "a" at bytes 0 to 8 of 4'],
  ["an end before the start", { a: entry("F32", [1], 8, 4) }, 8, 'places tensor "a" at bytes 8 to 4'],
  ["overlap", { a: entry("F32", [2], 0, 8), b: entry("F32", [1], 4, 8) }, 8, '"b" overlap'],
  ["a gap", { a: entry("F32", [1], 0, 4), b: entry("F32", [1], 8, 12) }, 12, 'gap before tensor "b"'],
  ["bytes of no tensor", { a: entry("F32", [1], 0, 4) }, 5, "1 bytes that belong to no tensor"],
  ["metadata of numbers", { __metadata__: { a: 1 } }, 0, "metadata that is not a record of strings"],
])("a header with %s is refused", (_, header, bodyBytes, message) => {
  expect(() => decodeTensors(fileOf(header, bodyBytes), "m.safetensors")).toThrow(message);
});

test("a file cut short is refused wherever it ends", async () => {
  const path = join(await temporaryFolder(), "cut.safetensors");
  const whole = encodeTensors({ a: { dtype: "float32", shape: [3], data: new Float32Array(3) } });
  for (let length = 0; length < whole.length; length++) {
    expect(() => decodeTensors(whole.subarray(0, length))).toThrow(
      /^safetensors: [^\n]+; write or download it again$/,
    );
    await writeFile(path, whole.subarray(0, length));
    expect((await rejection(readTensors(path))).name).toBe("ArtifactError");
  }
});

test("a header that promises more than there is does not make memory", () => {
  const file = new Uint8Array(64);
  new DataView(file.buffer).setBigUint64(0, 2n ** 60n, true);
  expect(() => decodeTensors(file)).toThrow("cut short or no safetensors file");
});

test("tensors that the format cannot hold are refused", () => {
  const bad = (tensor: Tensor) => () => encodeTensors({ t: tensor });
  expect(bad({ dtype: "string", shape: [1], data: ["a"] })).toThrow("cannot hold string");
  expect(bad({ dtype: "float32", shape: [2], data: new Float32Array(3) })).toThrow(
    "[2] takes 8 bytes, not 12",
  );
});
