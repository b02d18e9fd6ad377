/** The operators of a change: d × d matrices Q, tokens being rows, with X Q ≈ Y over pairs of tokens. */

import { leastSquaresFromProducts, nearestSelfAdjoint, orthogonalFromProduct } from "@optogram/statistics";
import { multiply } from "./matrices.ts";
import type { TokenProducts } from "./products.ts";

export const operatorNames = [
  "identity",
  "orthogonal",
  "self-adjoint-nearest",
  "self-adjoint",
  "least-squares",
] as const;

export type OperatorName = (typeof operatorNames)[number];

export interface Operator {
  readonly name: OperatorName;
  /** Row-major, d × d. */
  readonly map: Float64Array;
  /** Whether it keeps lengths, so that tokens of unit norm stay such. */
  readonly isometry: boolean;
  /** ‖X Q − Y‖ / ‖Y‖ over the pairs that it was fitted on. */
  readonly error: number;
}

/**
 * Every operator of a change, `identity` as the baseline first: the best orthogonal one; the orthogonal and self-adjoint
 * one nearest to that, and the one that is best itself; and the best of all linear ones, with a `ridge` in shares of the
 * mean of XᵀX's diagonal.
 */
export function fitOperators(products: TokenProducts, d: number, ridge = 0): Operator[] {
  const orthogonal = orthogonalFromProduct(products.xy, d).map;
  const maps: Record<OperatorName, Float64Array> = {
    identity: Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0)),
    orthogonal,
    "self-adjoint-nearest": nearestSelfAdjoint(orthogonal, d),
    "self-adjoint": nearestSelfAdjoint(products.xy, d),
    "least-squares": leastSquaresFromProducts(products, d, ridge),
  };
  return operatorNames.map((name) => ({
    name,
    map: maps[name],
    isometry: name !== "least-squares",
    error: relativeError(products, maps[name], d),
  }));
}

/** ‖X Q − Y‖ / ‖Y‖, from ‖X Q − Y‖² = ⟨Q, XᵀX Q − 2 XᵀY⟩ + ‖Y‖². */
export function relativeError({ xx, xy, yy }: TokenProducts, map: Float64Array, d: number): number {
  const mapped = multiply(xx, map, d);
  let inner = 0;
  for (let i = 0; i < map.length; i++) inner += map[i] * (mapped[i] - 2 * xy[i]);
  return Math.sqrt(Math.max(0, inner + yy) / yy);
}
