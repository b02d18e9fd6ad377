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
