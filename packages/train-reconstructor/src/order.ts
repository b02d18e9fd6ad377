/** Which images are held out, and which ones a step sees. */

import { seededRandom } from "@optogram/statistics";

/** `count` of `total` positions, evenly spaced: sets are often sorted by class. */
export function heldOutOf(total: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * total) / count));
}

/** Of each step, `batch` numbers below `count`: all in a new order in each epoch, a function of seed and step alone. */
export function orderOf(count: number, batch: number, seed: number): (step: number) => number[] {
  let known: { readonly epoch: number; readonly order: Uint32Array } | undefined;
  const orderIn = (epoch: number): Uint32Array => {
    if (known?.epoch === epoch) return known.order;
    // Stream 0 of the seed made the weights.
    const order = seededRandom(seed, 1 + epoch).shuffle(Uint32Array.from({ length: count }, (_, i) => i));
    known = { epoch, order };
    return order;
  };
  return (step) =>
    Array.from({ length: batch }, (_, i) => {
      const at = step * batch + i;
      return orderIn(Math.floor(at / count))[at % count];
    });
}
