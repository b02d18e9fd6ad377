/** Where in a picture two features answer, and whether that is one place. */

/** Crops along an edge, and their sides as a share of the picture's. */
const across = 3;
export const cropSide = 0.5;

/** Left and top edges of the crops, row by row, as shares of the picture's side. */
export const crops: readonly { readonly left: number; readonly top: number }[] = Array.from(
  { length: across ** 2 },
  (_, i) => ({
    left: ((i % across) * (1 - cropSide)) / (across - 1),
    top: (Math.floor(i / across) * (1 - cropSide)) / (across - 1),
  }),
);

/** The shares p of a feature's activations f on the crops: p = f / Σ f; undefined where none of them excites it. */
export function places(activations: readonly number[]): number[] | undefined {
  const sum = activations.reduce((total, value) => total + value, 0);
  return sum > 0 ? activations.map((value) => value / sum) : undefined;
}

/** Σ min(p, q), the intersection of two histograms (Swain & Ballard 1991): 1 for the same places, 0 for none in common. */
export function overlap(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, value, i) => sum + Math.min(value, q[i]), 0);
}

export type Verdict = "fused" | "side by side" | "one alone";

/** From this overlap on two things are one: it tells best what the two beginnings of a search lead to (README). */
const sameFrom = 0.55;

/** Of the activations of two features on the crops of one picture. */
export function verdictOf(
  onA: readonly number[],
  onB: readonly number[],
): { readonly verdict: Verdict; readonly overlap: number } {
  const [p, q] = [places(onA), places(onB)];
  if (!p || !q) return { verdict: "one alone", overlap: Number.NaN };
  const common = overlap(p, q);
  return { verdict: common >= sameFrom ? "fused" : "side by side", overlap: common };
}
