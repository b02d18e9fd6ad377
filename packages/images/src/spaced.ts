/** `limit` whole numbers below `length`, evenly spaced from 0; all of them without a limit or with a larger one. */
export function evenlySpaced(length: number, limit = length): number[] {
  const count = Math.min(length, limit);
  return Array.from({ length: count }, (_, i) => Math.floor((i * length) / count));
}
