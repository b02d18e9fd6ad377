/** What components answer to: kinds of things at the patches. */

export interface Answer {
  readonly component: number;
  /** Share of the component's variance over patches that lies between kinds, background among them. */
  readonly etaSquared: number;
  /** The kind whose presence at a patch correlates most with the component, by size. */
  readonly kind: string;
  /** Pearson's, over patches, of the component and whether the patch shows that kind. */
  readonly correlation: number;
  /** Patches. */
  readonly n: number;
}

/** The name of patches that no thing covers by half. */
export const background = "background";

/** Kinds on fewer patches are left out: alone, each would explain itself. */
const fewest = 10;

interface KindSum {
  n: number;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

/** Sums by kind of `k` values a patch, any number of patches. */
export class KindSums {
  readonly #k: number;
  readonly #kinds = new Map<string, KindSum>();

  constructor(k: number) {
    this.#k = k;
  }

  /** @param values [k] */
  add(kind: string, values: Float32Array): void {
    const held = this.#kinds.get(kind) ?? {
      n: 0,
      sums: new Float64Array(this.#k),
      squares: new Float64Array(this.#k),
    };
    this.#kinds.set(kind, held);
    held.n++;
    for (let c = 0; c < this.#k; c++) {
      held.sums[c] += values[c];
      held.squares[c] += values[c] ** 2;
    }
  }

  /** One a component; none where fewer than two kinds are on enough patches. */
  answers(): Answer[] {
    const kinds = [...this.#kinds].filter(([, { n }]) => n >= fewest).sort(([a], [b]) => (a < b ? -1 : 1));
    if (kinds.length < 2) return [];
    const total = (value: (one: KindSum) => number) => kinds.reduce((sum, [, one]) => sum + value(one), 0);
    const n = total((one) => one.n);
    return Array.from({ length: this.#k }, (_, component) => {
      const mean = total(({ sums }) => sums[component]) / n;
      const variance = total(({ squares }) => squares[component]) / n - mean ** 2;
      const between = total((one) => one.n * (one.sums[component] / one.n - mean) ** 2) / n;
      const correlations = kinds.map(([kind, one]) => {
        const share = one.n / n;
        // The point-biserial r = (mean of the kind − mean) · √(p / (1 − p)) / σ.
        const apart = one.sums[component] / one.n - mean;
        return {
          kind,
          correlation: variance > 0 ? apart * Math.sqrt(share / (1 - share) / variance) : 0,
        };
      });
      const strongest = correlations.reduce((best, one) =>
        Math.abs(one.correlation) > Math.abs(best.correlation) ? one : best,
      );
      return { component, n, etaSquared: variance > 0 ? between / variance : 0, ...strongest };
    });
  }
}
