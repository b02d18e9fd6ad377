/**
 * Seeded pseudo-random numbers: xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number
 * generators", 2021; period 2^128 − 1, passes BigCrush), its 128 bits of state filled by splitmix32.
 * Not for secrets.
 */

/** A stream of pseudo-random numbers; equal seeds give equal streams on every machine. */
export class Random {
  readonly #s: Uint32Array;

  /** `state`: four 32-bit words, not all zero, as `state()` gives them. */
  constructor(state: ArrayLike<number>) {
    if (state.length !== 4) throw new RangeError(`random: the state has ${state.length} words, not 4`);
    this.#s = Uint32Array.from(state);
    if (this.#s.every((word) => word === 0)) throw new RangeError("random: a state of zeros never changes");
  }

  /** The four words of state, to continue the stream from here with `new Random(state)`. */
  state(): number[] {
    return Array.from(this.#s);
  }

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    const s = this.#s;
    const x = Math.imul(s[1], 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** Uniform in [low, high), with 53 bits. */
  uniform(low = 0, high = 1): number {
    const unit = ((this.bits() >>> 5) * 0x4000000 + (this.bits() >>> 6)) * 2 ** -53;
    return low + unit * (high - low);
  }

  /** Normal with the given mean and standard deviation (Box–Muller; nothing is held back between calls). */
  normal(mean = 0, deviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Uniform among 0 … n − 1, without bias; 1 ≤ n ≤ 2^32. */
  integer(n: number): number {
    if (!(n >= 1 && n <= 2 ** 32)) throw new RangeError(`random: integer(${n}) needs 1 ≤ n ≤ 2^32`);
    const limit = 2 ** 32 - (2 ** 32 % n);
    let x = this.bits();
    while (x >= limit) x = this.bits();
    return x % n;
  }

  /** Shuffles in place (Fisher–Yates) and returns what it was given. */
  shuffle<T extends { readonly length: number; [index: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = items[i];
      items[i] = items[j];
      items[j] = held;
    }
    return items;
  }

  /** `k` different integers below `n`, in random order. */
  sample(n: number, k: number): Uint32Array {
    if (k > n) throw new RangeError(`random: cannot draw ${k} different integers below ${n}`);
    const moved = new Map<number, number>();
    const drawn = new Uint32Array(k);
    for (let i = 0; i < k; i++) {
      const j = i + this.integer(n - i);
      drawn[i] = moved.get(j) ?? j;
      moved.set(j, moved.get(i) ?? i);
    }
    return drawn;
  }
}

/** A generator for a seed and, under it, one of 2^32 independent streams (one per image, per epoch, …). */
export function seededRandom(seed: number, stream = 0): Random {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`random: the seed ${seed} is not an integer`);
  if (!Number.isSafeInteger(stream)) throw new RangeError(`random: the stream ${stream} is not an integer`);
  // Every step is a bijection of its word, so different (seed, stream) start from different states.
  let hash = 0x243f6a88;
  const words = [seed, Math.floor(seed / 2 ** 32), stream, Math.floor(stream / 2 ** 32)];
  const state = words.map((word) => (hash = mix((hash ^ word) + 0x9e3779b9)));
  const random = new Random(state.every((word) => word === 0) ? [1, 2, 3, 4] : state);
  for (let i = 0; i < 16; i++) random.bits();
  return random;
}

/** The finaliser of splitmix32. */
function mix(x: number): number {
  let z = x | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
