import { gzipSync } from "node:zlib";
import { decodeIdx } from "@optogram/images";
import { expect, test } from "vitest";
import { idx } from "./files.ts";

test("IDX files that are broken say how", () => {
  const whole = idx([2, 3], Uint8Array.from([1, 2, 3, 4, 5, 6]));
  expect(decodeIdx(whole, 2)).toEqual({ sizes: [2, 3], data: expect.any(Uint8Array) });
  expect(() => decodeIdx(whole.subarray(0, 3), 2)).toThrow("is no IDX file: it has 3 bytes");
  expect(() => decodeIdx(whole.subarray(0, 9), 2)).toThrow("ends within its header");
  expect(() => decodeIdx(whole.subarray(0, -1), 2)).toThrow("has 5 bytes after its header, not 2 × 3");
  expect(() => decodeIdx(Buffer.concat([whole, whole]), 2)).toThrow("not 2 × 3");
  expect(() => decodeIdx(whole, 3)).toThrow("begins with 2050, not with 2051");
  expect(() => decodeIdx(idx([2, 3], new Uint8Array(6), 0x0d02), 2)).toThrow("begins with 3330");
  expect(() => decodeIdx(gzipSync(whole).subarray(0, 20), 2)).toThrow("cannot be unpacked");
});
