/** What an operator does to reconstructions: how like they are to what the change should have made of them. */

import { meanDeltaE, psnr, ssim } from "@optogram/images";
import { rowsOf } from "@optogram/statistics";
import type { TokenMap } from "./apply.ts";
import { asIs, type Change } from "./changes.ts";
import type { Operator, OperatorName } from "./operators.ts";
import { pairReader, placed, type Reader } from "./pairs.ts";

/** A reader that paints too. */
export interface Painter extends Reader {
  /** [height, width] of the pictures that it paints. */
  readonly size: readonly [number, number];
  /** Tokens [n, rows · columns, width] → pictures [n, 3, ...size] in 0..1. */
  paint(tokens: Float32Array): Promise<Float32Array>;
}

/** An image to judge on. */
export interface Shown {
  /** [3, ...input] in 0..1, as the encoder sees it. */
  readonly seen: Float32Array;
  /** [3, ...size] in 0..1, as it is to be painted. */
  readonly target: Float32Array;
}

export interface Score {
  /** dB */
  readonly psnr: number;
  readonly ssim: number;
  /** Mean ΔE 2000. */
  readonly deltaE: number;
}

/**
 * What R(Q f(x)) is held against, f reading and R painting: the changed image T(x); its own reconstruction R(f(T(x)));
 * the reconstruction, changed, T(R(f(x))), where the change is one of the picture alone.
 */
export const standards = ["changed", "changed-repainted", "repainted-changed"] as const;
export type Standard = (typeof standards)[number];

/** How far things are apart without any operator: R(f(x)) from x, R(f(T(x))) from T(x), and T(x) from x. */
export const distances = ["repainted", "changed-repainted", "change"] as const;
export type Distance = (typeof distances)[number];

export interface Judged {
  readonly change: Change;
  readonly operators: readonly {
    readonly name: OperatorName;
    /** ‖X Q − Y‖ / ‖Y‖ over the tokens of these images, at unit norm again. */
    readonly error: number;
    /** An entry an image. */
    readonly scores: Readonly<Partial<Record<Standard, readonly Score[]>>>;
    /** R(Q f(x)) of each image. */
    readonly pictures: readonly Float32Array[];
  }[];
  /** An entry an image. */
  readonly distances: Readonly<Record<Distance, readonly Score[]>>;
  /** x, T(x), R(f(x)) and R(f(T(x))) of each image. */
  readonly pictures: Readonly<
    Record<"before" | "after" | "beforeRepainted" | "afterRepainted", readonly Float32Array[]>
  >;
  /** Tokens before and after of all images. */
  readonly tokens: { readonly x: Float32Array; readonly y: Float32Array };
}

export async function judgeOperators(
  painter: Painter,
  map: TokenMap,
  images: readonly Shown[],
  change: Change,
  operators: readonly Operator[],
): Promise<Judged> {
  const { grid, width, size } = painter;
  const paint = async (tokens: Float32Array) => rowsOf(await painter.paint(tokens), images.length);
  const inPlace = (tokens: Float32Array) => placed(change, tokens, grid[1], width);
  const { x, y } = await pairReader(
    painter,
    images.map(({ seen }) => seen),
  )(change);
  const before = images.map(({ target }) => change.from(target, size[1]));
  const after = images.map(({ target }) => change.to(target, size[1]));
  const beforeRepainted = await paint(x);
  const afterRepainted = await paint(inPlace(y));
  const held: Partial<Record<Standard, readonly Float32Array[]>> = {
    changed: after,
    "changed-repainted": afterRepainted,
    ...(change.from === asIs && {
      "repainted-changed": beforeRepainted.map((picture) => change.to(picture, size[1])),
    }),
  };
  const compare = (a: readonly Float32Array[], b: readonly Float32Array[]) =>
    a.map((picture, i) => scoreOf(picture, b[i], size[1]));
  const judged: Judged["operators"][number][] = [];
  for (const operator of operators) {
    const mapped = await map.apply(x, operator);
    const pictures = await paint(inPlace(mapped));
    const scores = Object.fromEntries(
      Object.entries(held).map(([standard, wanted]) => [standard, compare(pictures, wanted)]),
    );
    judged.push({ name: operator.name, error: distance(mapped, y), scores, pictures });
  }
  return {
    change,
    operators: judged,
    distances: {
      repainted: compare(beforeRepainted, before),
      "changed-repainted": compare(afterRepainted, after),
      change: compare(before, after),
    },
    pictures: { before, after, beforeRepainted, afterRepainted },
    tokens: { x, y: inPlace(y) },
  };
}

export function scoreOf(a: Float32Array, b: Float32Array, width: number): Score {
  return { psnr: psnr(a, b), ssim: ssim(a, b, width), deltaE: meanDeltaE(a, b) };
}

/** ‖a − b‖ / ‖b‖ */
function distance(a: Float32Array, b: Float32Array): number {
  let apart = 0;
  let whole = 0;
  for (let i = 0; i < a.length; i++) {
    apart += (a[i] - b[i]) ** 2;
    whole += b[i] ** 2;
  }
  return Math.sqrt(apart / whole);
}
