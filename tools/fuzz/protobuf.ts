/** Damage to a Protocol Buffers message (ONNX is one) with every length around it right. */

import type { Random } from "@optogram/statistics";
import { type Damage, varint } from "./damage.ts";
import { extremes, mutate } from "./mutate.ts";

interface Field {
  tag: bigint;
  /** A number, bytes, or the fields of a message. Of the fixed sizes, bytes. */
  value: bigint | Uint8Array | Field[];
}

/** One to three fields somewhere in the message get another value or number, go, or come twice. */
export const damageMessage: Damage = (sound, random) => {
  const message = fieldsOf(sound);
  if (!message) return mutate(sound, random);
  for (let i = random.integer(3); i >= 0; i--) damageOne(message, random);
  return encode(message);
};

function damageOne(message: Field[], random: Random): void {
  if (message.length === 0) return;
  const at = random.integer(message.length);
  const field = message[at];
  // Mostly deeper: there are more leaves than branches.
  if (Array.isArray(field.value) && random.integer(6) > 0) {
    damageOne(field.value, random);
    return;
  }
  switch (random.integer(6)) {
    case 0:
      message.splice(at, 1);
      return;
    case 1:
      message.splice(random.integer(message.length), 0, field);
      return;
    case 2:
      field.tag = BigInt((random.integer(20) << 3) | Number(field.tag & 7n));
      return;
    default:
      if (typeof field.value === "bigint") field.value = extremes[random.integer(extremes.length)];
      else if ((field.tag & 7n) === 2n) {
        field.value = mutate(Array.isArray(field.value) ? encode(field.value) : field.value, random);
      } else
        field.value = field.value instanceof Uint8Array ? field.value.map(() => random.integer(256)) : [];
  }
}

/** Nothing where the bytes are no message. Texts that look like one are taken for one, which is as good. */
function fieldsOf(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  const number = (): bigint | undefined => {
    let value = 0n;
    for (let shift = 0n; shift < 70n && at < bytes.length; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  while (at < bytes.length) {
    const tag = number();
    if (tag === undefined || tag >> 3n === 0n) return undefined;
    const kind = tag & 7n;
    if (kind === 0n) {
      const value = number();
      if (value === undefined) return undefined;
      fields.push({ tag, value });
      continue;
    }
    const length = kind === 1n ? 8n : kind === 5n ? 4n : kind === 2n ? number() : undefined;
    if (length === undefined || BigInt(at) + length > BigInt(bytes.length)) return undefined;
    const value = bytes.slice(at, at + Number(length));
    at += Number(length);
    fields.push({ tag, value: kind === 2n && value.length > 1 ? (fieldsOf(value) ?? value) : value });
  }
  return fields;
}

function encode(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(({ tag, value }) => {
      if (typeof value === "bigint") return [varint(tag), varint(value)];
      const bytes = Array.isArray(value) ? encode(value) : value;
      return (tag & 7n) === 2n ? [varint(tag), varint(BigInt(bytes.length)), bytes] : [varint(tag), bytes];
    }),
  );
}
