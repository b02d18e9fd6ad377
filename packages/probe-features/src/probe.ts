/** What is varied about a thing, as data. */

export const probeNames = ["size", "number", "wholeness"] as const;

export type ProbeName = (typeof probeNames)[number];

/** One image to draw: everything about it but the drawing. */
export interface Shot {
  /** `empty`: what is behind the thing, without it. */
  readonly probe: ProbeName | "empty";
  /** size: share of the frame; number: how many; wholeness: 1 whole, 0 sliced; empty: 0. */
  readonly value: number;
  readonly count: number;
  /** Longest side as a share of the frame. */
  readonly size: number;
  readonly sliced: boolean;
}

const smallest = 0.07;
const steps = 12;

/** From the whole frame down, evenly in the logarithm. */
const sizes = Array.from({ length: steps }, (_, i) => smallest ** (i / (steps - 1)));

const most = 20;

/** Of each thing where the size is not what varies. */
const usual = 0.56;

/** The shots of a thing: the empty one first, then probe by probe, each from its first value to its last. */
export function shotsOf({ sliceable }: { readonly sliceable: boolean }): readonly Shot[] {
  const one = { count: 1, size: usual, sliced: false };
  return [
    { ...one, probe: "empty", value: 0, count: 0 },
    ...sizes.map((size): Shot => ({ ...one, probe: "size", value: size, size })),
    ...Array.from(
      { length: most },
      (_, i): Shot => ({ ...one, probe: "number", value: i + 1, count: i + 1 }),
    ),
    ...[false, true].flatMap((sliced): Shot[] =>
      sliceable ? [{ ...one, probe: "wholeness", value: sliced ? 0 : 1, sliced }] : [],
    ),
  ];
}
