import {
  agreement,
  characterOf,
  fitOperators,
  type OperatorName,
  openProductSum,
  openTokenMap,
  relativeError,
  sharesOf,
} from "@optogram/fit-operators";
import { leastSquares, orthogonalProcrustes, product, seededRandom } from "@optogram/statistics";
import { describe, expect, it } from "vitest";

const d = 8;
const n = 3000;

const normals = (count: number, seed: number) => {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => random.normal());
};

/** Tokens of unit norm, spread more along some channels than along others. */
function tokens(seed: number): Float32Array {
  const values = normals(n * d, seed).map((value, i) => value * (1 + (i % d)));
  for (let at = 0; at < values.length; at += d) {
    const row = values.subarray(at, at + d);
    const length = Math.hypot(...row);
    row.forEach((value, j) => {
      row[j] = value / length;
    });
  }
  return values;
}

/** An orthogonal matrix, by a Procrustes fit of noise to noise. */
const orthogonal = orthogonalProcrustes(normals(40 * d, 5), normals(40 * d, 6), d).map;
const identity = Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) ? 0 : 1));

const times = (x: Float32Array, q: Float64Array) =>
  x.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += x[i - (i % d) + k] * q[k * d + (i % d)];
    return sum;
  });

async function fitted(x: Float32Array, y: Float32Array, ridge?: number) {
  const sum = await openProductSum(d);
  await sum.add(x, y);
  const products = await sum.products();
  await sum.close();
  const operators = fitOperators(products, d, ridge);
  const of = (name: OperatorName) => operators.find((one) => one.name === name)!;
  return { products, operators, of };
}

function expectClose(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++)
    if (!(Math.abs(a[i] - b[i]) <= tolerance)) expect.fail(`entry ${i} is ${a[i]}, expected ${b[i]}`);
}

describe("openProductSum", () => {
  it("gives the products of all pairs, in whatever pieces they come", async () => {
    const [x, y] = [normals(n * d, 1), normals(n * d, 2)];
    const sum = await openProductSum(d);
    for (let at = 0; at < x.length; at += 700 * d)
      await sum.add(x.subarray(at, at + 700 * d), y.subarray(at, at + 700 * d));
    const found = await sum.products();
    expectClose(found.xx, product(x, x, d), 1e-8);
    expectClose(found.xy, product(x, y, d), 1e-8);
    expect(found.yy).toBeCloseTo(
      y.reduce((total, value) => total + value ** 2, 0),
      6,
    );
    expect(found.tokens).toBe(n);
    const half = (n / 2) * d;
    const first = await openProductSum(d);
    await first.add(x.subarray(0, half), y.subarray(0, half));
    const second = await openProductSum(d, await first.products());
    await second.add(x.subarray(half), y.subarray(half));
    const resumed = await second.products();
    expectClose(resumed.xy, found.xy, 1e-8);
    expect(resumed.tokens).toBe(n);
    await Promise.all([first.close(), second.close()]);
    await expect(sum.add(x, y.subarray(d))).rejects.toThrow("no pairs of tokens of 8");
    await sum.close();
  });
});

describe("fitOperators", () => {
  it("recovers an orthogonal relation", async () => {
    const x = tokens(1);
    const { of } = await fitted(x, times(x, orthogonal));
    expectClose(of("orthogonal").map, orthogonal, 1e-5);
    expectClose(of("least-squares").map, orthogonal, 1e-5);
    expect(of("orthogonal").error).toBeLessThan(1e-4);
    expect(of("identity").error).toBeGreaterThan(0.5);
  });

  it("recovers a relation that is orthogonal and self-adjoint by every way", async () => {
    const v = Float64Array.from({ length: d }, (_, j) => Math.sqrt((j + 1) / 36));
    const reflection = identity.map((value, i) => value - 2 * v[Math.floor(i / d)] * v[i % d]);
    const x = tokens(2);
    const { operators } = await fitted(x, times(x, reflection));
    for (const { name, map } of operators) if (name !== "identity") expectClose(map, reflection, 1e-5);
  });

  it("agrees with what is fitted on the pairs themselves", async () => {
    const [x, y] = [tokens(3), tokens(4)];
    const { of, products } = await fitted(x, y);
    expectClose(of("least-squares").map, leastSquares(x, y, d), 1e-6);
    const residual = times(x, of("orthogonal").map).map((value, i) => value - y[i]);
    const direct = Math.sqrt(residual.reduce((sum, value) => sum + value ** 2, 0) / products.yy);
    expect(of("orthogonal").error).toBeCloseTo(direct, 5);
  });

  it("orders the errors as the sets of maps lie in one another", async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const x = tokens(seed);
      const noise = normals(n * d, seed + 50);
      const y = times(x, orthogonal).map((value, i) => value + 0.3 * noise[i]);
      const { of } = await fitted(x, y);
      const error = (name: OperatorName) => of(name).error;
      expect(error("least-squares")).toBeLessThanOrEqual(error("orthogonal"));
      expect(error("orthogonal")).toBeLessThanOrEqual(error("self-adjoint"));
      expect(error("self-adjoint")).toBeLessThanOrEqual(error("self-adjoint-nearest") + 1e-12);
      expect(error("self-adjoint")).toBeLessThanOrEqual(error("identity") + 1e-12);
    }
  });

  it("gives maps of the kinds that it names", async () => {
    const { operators } = await fitted(tokens(6), tokens(7));
    for (const { name, map, isometry } of operators) {
      const { orthogonality, selfAdjointness, spectrum } = characterOf(map, d);
      if (isometry) expect(orthogonality).toBeLessThan(1e-10);
      else expect(orthogonality).toBeGreaterThan(0.1);
      if (name.startsWith("self-adjoint")) {
        expect(selfAdjointness).toBeLessThan(1e-10);
        expect(agreement("signs", sharesOf(spectrum, 1e-8))).toBe(1);
      }
    }
  });

  it("fits less closely with a ridge, and never worse than nothing at all", async () => {
    const x = tokens(8);
    const y = times(x, orthogonal);
    const [plain, some, much] = await Promise.all(
      [0, 0.5, 50].map(async (ridge) => (await fitted(x, y, ridge)).of("least-squares").error),
    );
    expect(plain).toBeLessThan(some);
    expect(some).toBeLessThan(much);
    expect(much).toBeLessThan(1);
    const { products } = await fitted(x, y);
    expect(relativeError(products, new Float64Array(d * d), d)).toBeCloseTo(1, 12);
  });
});

describe("characterOf", () => {
  it("measures what was done to an orthogonal map", () => {
    const turned = characterOf(orthogonal, d);
    expect(turned.orthogonality).toBeLessThan(1e-10);
    expect(agreement("shrinks", sharesOf(turned.spectrum, 1e-8))).toBe(1);
    const doubled = characterOf(
      orthogonal.map((value) => 2 * value),
      d,
    );
    // (2Q)ᵀ(2Q) − I = 3 I
    expect(doubled.orthogonality).toBeCloseTo(3, 10);
    expect(doubled.selfAdjointness).toBeCloseTo(turned.selfAdjointness, 10);
    expect(agreement("shrinks", sharesOf(doubled.spectrum, 0.5))).toBe(0);
  });

  it("finds a repeated suppression's eigenvalues at 1 and within", () => {
    const shrunk = identity.map((value, i) => (i === 0 ? 0.28 : value));
    const { spectrum, selfAdjointness } = characterOf(shrunk, d);
    const shares = sharesOf(spectrum, 0.05);
    expect(shares).toEqual({ nearOne: 7 / 8, nearMinusOne: 0, inside: 1 });
    expect(agreement("signs", shares)).toBe(7 / 8);
    expect(selfAdjointness).toBe(0);
  });
});

describe("openTokenMap", () => {
  it("maps any number of tokens, and puts them back to unit norm where the map does not keep it", async () => {
    const map = await openTokenMap(d);
    const x = tokens(9);
    const stretched = orthogonal.map((value, i) => value * (1 + (i % d)));
    expectClose(await map.apply(x, { map: orthogonal, isometry: true }), times(x, orthogonal), 1e-5);
    const unit = await map.apply(x, { map: stretched, isometry: false });
    const raw = times(x, stretched);
    for (let at = 0; at < unit.length; at += d) {
      const length = Math.hypot(...raw.subarray(at, at + d));
      expectClose(
        unit.subarray(at, at + d),
        raw.subarray(at, at + d).map((value) => value / length),
        1e-5,
      );
    }
    await expect(map.apply(x.subarray(1), { map: orthogonal, isometry: true })).rejects.toThrow("no tokens");
    await map.close();
  });
});
