/** Damage to a file's bytes, drawn from a seed: what transfers, disks and people who mean harm do to files. */

import type { Random } from "@optogram/statistics";

type Change = (bytes: Uint8Array, random: Random) => Uint8Array;

/** Lengths and offsets that overflow, wrap around or point far outside. */
export const extremes: readonly bigint[] = [
  0n,
  1n,
  0x7fn,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
];

/** Texts that mean something to a reader of names, numbers or structure. */
const texts = [
  "../../../../escaped",
  "/escaped",
  "C:\\escaped",
  "\0",
  "77777777777",
  "99999999999999999999",
  "-1",
  "1e999",
  "NaN",
  "__proto__",
  "}]}",
  "[[[[[[[[",
  '"',
  "\n\r\n",
];

const changes: readonly Change[] = [
  // Cut short.
  (bytes, random) => bytes.slice(0, random.integer(bytes.length + 1)),
  // Single bits, one to eight of them.
  (bytes, random) => {
    for (let i = random.integer(8); i >= 0; i--) {
      bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
    }
    return bytes;
  },
  // A number of 1, 2, 4 or 8 bytes in either order.
  (bytes, random) => {
    const width = 2 ** random.integer(4);
    const value = extremes[random.integer(extremes.length)];
    const at = random.integer(bytes.length);
    const littleEndian = random.integer(2) === 0;
    for (let i = 0; i < width && at + i < bytes.length; i++) {
      bytes[at + i] = Number((value >> BigInt(8 * (littleEndian ? i : width - 1 - i))) & 0xffn);
    }
    return bytes;
  },
  // Text over what is there, or between it.
  (bytes, random) => {
    const text = Buffer.from(texts[random.integer(texts.length)]);
    const at = random.integer(bytes.length);
    const skipped = random.integer(2) === 0 ? text.length : 0;
    return Buffer.concat([bytes.subarray(0, at), text, bytes.subarray(at + skipped)]);
  },
  // A piece taken out, repeated or put elsewhere.
  (bytes, random) => {
    const [from, length] = [random.integer(bytes.length), 1 + random.integer(Math.min(600, bytes.length))];
    const piece = bytes.slice(from, from + length);
    const kept = random.integer(2) === 0 ? bytes : cut(bytes, from, length);
    const at = random.integer(kept.length + 1);
    const put = random.integer(3) === 0 ? new Uint8Array() : piece;
    return Buffer.concat([kept.subarray(0, at), put, kept.subarray(at)]);
  },
  // A stretch of one byte.
  (bytes, random) => {
    const at = random.integer(bytes.length);
    bytes.fill(
      [0, 0xff, 0x20, 0x41][random.integer(4)],
      at,
      Math.min(bytes.length, at + 1 + random.integer(64)),
    );
    return bytes;
  },
];

/** A damaged copy of `bytes`: one to three changes. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let changed: Uint8Array = Uint8Array.from(bytes);
  for (let i = random.integer(3); i >= 0; i--) {
    if (changed.length === 0) break;
    changed = changes[random.integer(changes.length)](changed, random);
  }
  return changed;
}

function cut(bytes: Uint8Array, from: number, length: number): Uint8Array {
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
}
