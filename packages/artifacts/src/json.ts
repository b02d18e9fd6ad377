import type { z } from "zod";

export type Json = z.infer<ReturnType<typeof z.json>>;

/** A value as JSON holds it: no undefined, no class; numbers that are not finite become null. */
export function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value) ?? "null") as Json;
}

/** JSON with sorted keys and no white space: the same text for the same value. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] as Json)}`).join(",")}}`;
}
