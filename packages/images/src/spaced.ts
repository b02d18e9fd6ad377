/** Positions in a collection, none of them held: a file may claim any number of images. */
export interface Spaced {
  readonly length: number;
  at(index: number): number;
}

/** `limit` whole numbers below `length`, evenly spaced from 0; all of them without a limit or with a larger one. */
export function evenlySpaced(length: number, limit = length): Spaced {
  const count = Math.min(length, limit);
  return { length: count, at: (index) => Math.floor((index * length) / count) };
}

/** The same as a list: `count` positions, evenly spaced over a set of `length`; all where it has fewer. */
export function spacedPositions(length: number, count: number): number[] {
  const spaced = evenlySpaced(length, count);
  return Array.from({ length: spaced.length }, (_, i) => spaced.at(i));
}
