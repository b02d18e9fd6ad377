/**
 * A small seeded generator (sfc32 by Chris Doty-Humphrey, public domain) with
 * substreams: `Random.of(seed, index)` gives every scene its own stream, so that
 * scene 7 is the same whether or not scene 6 was drawn.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  private constructor(a: number, b: number, c: number) {
    this.a = a;
    this.b = b;
    this.c = c;
    for (let i = 0; i < 12; i++) this.bits();
  }

  /** A stream of its own for each list of integers. */
  static of(...keys: readonly number[]): Random {
    let a = 0x9e3779b9;
    let b = 0x243f6a88;
    let c = 0xb7e15162;
    for (const key of keys) {
      a = scramble(a ^ (key >>> 0));
      b = scramble((b + a) ^ Math.floor(key / 2 ** 32));
      c = scramble((c ^ b) + 0x6d2b79f5);
    }
    return new Random(a, b, c);
  }

  /** 32 random bits. */
  bits(): number {
    const sum = (this.a + this.b + this.counter++) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.bits() / 2 ** 32;
  }

  /** Uniform in [from, to). */
  range(from: number, to: number): number {
    return from + (to - from) * this.unit();
  }

  /** Uniform over the integers from..to, both included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.unit() * (to - from + 1));
  }

  /** Symmetric around zero with most mass near it (triangular), in (-spread, spread). */
  around(spread: number): number {
    return (this.unit() - this.unit()) * spread;
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.unit() * items.length)] as T;
  }

  /** An index with probability proportional to its weight. */
  weighted(weights: readonly number[]): number {
    let left = this.unit() * weights.reduce((sum, weight) => sum + weight, 0);
    for (let i = 0; i < weights.length; i++) {
      left -= weights[i] as number;
      if (left < 0) return i;
    }
    return weights.length - 1;
  }
}

/** The finaliser of MurmurHash3: every input bit reaches every output bit. */
function scramble(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
