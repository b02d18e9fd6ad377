/** Damage that knows its format: lengths and checksums around it are right, so that it is the reader that meets it. */

import { crc32, gunzipSync, gzipSync } from "node:zlib";
import type { Random } from "@optogram/statistics";
import { extremes, mutate } from "./mutate.ts";

export type Damage = (sound: Uint8Array, random: Random) => Uint8Array;

/** Mutated, and its chunks with the CRC of what they now hold. */
export const damagePng: Damage = (sound, random) => repairPng(mutate(sound, random));

export function repairPng(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes);
  for (let at = 8; at + 12 <= file.length; ) {
    const end = at + 8 + file.readUInt32BE(at);
    if (end + 4 > file.length) break;
    file.writeUInt32BE(crc32(file.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return file;
}

/** Mutated, and blocks that look like headers with the sum of what they now hold. */
export const damageTar: Damage = (sound, random) => {
  const file = Buffer.from(mutate(sound, random));
  for (let at = 0; at + 512 <= file.length; at += 512) {
    const header = file.subarray(at, at + 512);
    if (header.toString("latin1", 257, 262) !== "ustar") continue;
    header.fill(" ", 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  }
  return file;
};

/** The JSON header mutated, its length before it right. */
export const damageSafetensors: Damage = (sound, random) => {
  const length = Number(Buffer.from(sound).readBigUInt64LE());
  const header = mutate(sound.subarray(8, 8 + length), random);
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([prefix, header, sound.subarray(8 + length)]);
};

/** What is packed mutated, and packed again. */
export const damageGzip: Damage = (sound, random) =>
  sound[0] === 0x1f ? gzipSync(mutate(gunzipSync(sound), random)) : mutate(sound, random);

/**
 * One to three small numbers of the footer become others: counts, sizes, offsets and types are Thrift's zigzag varints,
 * which need no length around them but that of the footer.
 */
export const damageParquet: Damage = (sound, random) => {
  const file = Buffer.from(sound);
  const tail = file.length - 8;
  let footer = file.subarray(tail - file.readUInt32LE(tail), tail);
  const data = file.subarray(0, tail - footer.length);
  for (let i = random.integer(3); i >= 0; i--) {
    const at = smallNumberOf(footer, random);
    const value = extremes[random.integer(extremes.length)];
    footer = Buffer.concat([footer.subarray(0, at), varint(value), footer.subarray(at + 1)]);
  }
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([data, footer, length, file.subarray(-4)]);
};

/** The place of a byte that may be a small count, which zigzag doubles. */
function smallNumberOf(footer: Uint8Array, random: Random): number {
  const places = [...footer.keys()].filter((at) => footer[at] % 2 === 0 && footer[at] > 0 && footer[at] < 32);
  return places.length === 0 ? random.integer(footer.length) : places[random.integer(places.length)];
}

/** Base 128, the lowest digits first. */
export function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    if (rest <= 0x7fn) return Uint8Array.from(bytes);
  }
}
