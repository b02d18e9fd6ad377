import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMixture, parseMixture } from "../data/mixture.ts";
import { readDictionary } from "./dictionary.ts";
import { fromPlanes, seenPart, toPlanes } from "./pixels.ts";
import { parseTensors } from "./safetensors.ts";

const floats = (...values: number[]) => Float32Array.from(values);

/** A safetensors file with a header that need not be true. */
function file(header: unknown, body: Float32Array = floats()): ArrayBuffer {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + body.byteLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(new Uint8Array(body.buffer), 8 + text.length);
  return bytes.buffer;
}

describe("a safetensors file", () => {
  const entry = { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] };
  const values = floats(1, 2, 3, 4);

  test("gives its tensors, wherever the header ends", () => {
    const tensors = parseTensors(
      file({ __metadata__: { by: "test" }, W: entry, x: { ...entry, shape: [4] } }, values),
      "f",
    );
    expect([...tensors.keys()]).toEqual(["W", "x"]);
    expect(tensors.get("W")).toEqual({ shape: [2, 2], data: values });
  });

  test.each([
    ["nothing", new ArrayBuffer(3), /no safetensors file/],
    ["a header longer than the file", file({ W: entry }).slice(0, 20), /cut short/],
    ["a header that is not JSON", file("{"), /not JSON/],
    ["a header without tables", file({ W: 3 }), /not JSON/],
    ["elements that are missing", file({ W: entry }, floats(1, 2)), /cut short: W/],
    ["a shape that does not fit", file({ W: { ...entry, shape: [3] } }, values), /gives W \[3\] 16 bytes/],
    ["a negative offset", file({ W: { ...entry, data_offsets: [-16, 0] } }, values), /where W lies/],
    ["a fractional shape", file({ W: { ...entry, shape: [0.5] } }, values), /where W lies/],
    ["no offsets", file({ W: { dtype: "F32", shape: [1] } }, values), /where W lies/],
    ["halves", file({ W: { ...entry, dtype: "F16" } }, values), /W as F16/],
  ])("is refused with %s", (_, bytes, message) => {
    expect(() => parseTensors(bytes, "f.safetensors")).toThrow(message);
    expect(() => parseTensors(bytes, "f.safetensors")).toThrow(/^f\.safetensors .*render it again\.$/);
  });
});

describe("a dictionary's file", () => {
  test("is refused where a tensor is missing or has another shape", () => {
    const tensor = (shape: number[], begin: number) => {
      const end = begin + 4 * shape.reduce((a, b) => a * b, 1);
      return { dtype: "F32", shape, data_offsets: [begin, end] };
    };
    const tensors = {
      W_enc: tensor([2, 3], 0),
      b_enc: tensor([3], 0),
      W_dec: tensor([3, 2], 0),
      b_dec: tensor([2], 0),
    };
    const body = floats(1, 2, 3, 4, 5, 6);
    expect(readDictionary(file(tensors, body), "f", 2)).toMatchObject({
      dimensions: 2,
      latents: 3,
      active: 2,
    });
    const { W_dec: _, ...without } = tensors;
    expect(() => readDictionary(file(without, body), "f", 2)).toThrow(/no W_dec/);
    expect(() => readDictionary(file({ ...tensors, W_enc: tensor([3, 2], 0) }, body), "f", 2)).toThrow(
      /W_enc \[3,2\]; \[2,3\] is wanted/,
    );
  });
});

describe("a mixture in the address", () => {
  test("comes back as it went", () => {
    const part = fc.record({
      feature: fc.integer({ min: 0, max: 99 }),
      weight: fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100),
    });
    fc.assert(
      fc.property(fc.uniqueArray(part, { maxLength: 12, selector: ({ feature }) => feature }), (parts) => {
        expect(parseMixture(formatMixture(parts), 100)).toEqual(parts);
      }),
    );
  });

  test("leaves out what is no feature, and doubles, and cuts weights", () => {
    expect(parseMixture("3,x,4:7,3:0.5,,100,-1,5:-2,6:.25", 100)).toEqual([
      { feature: 3, weight: 1 },
      { feature: 4, weight: 1 },
      { feature: 6, weight: 0.25 },
    ]);
  });
});

describe("pixels", () => {
  test("go to planes and back", () => {
    const planes = toPlanes(Uint8ClampedArray.of(255, 0, 51, 255, 0, 102, 255, 255));
    expect([...planes].map((value) => Math.round(value * 255))).toEqual([255, 0, 0, 102, 51, 255]);
    expect([...fromPlanes(planes)]).toEqual([255, 0, 51, 255, 0, 102, 255, 255]);
    expect([...fromPlanes(floats(2, -1, 0.5))]).toEqual([255, 0, 128, 255]);
  });

  test("cover takes the largest middle, squash all", () => {
    const encoder = { width: 64, height: 64 };
    expect(seenPart({ width: 300, height: 100 }, encoder, "cover")).toEqual({
      x: 100,
      y: 0,
      width: 100,
      height: 100,
    });
    expect(seenPart({ width: 300, height: 100 }, encoder, "squash")).toEqual({
      x: 0,
      y: 0,
      width: 300,
      height: 100,
    });
  });
});
