/** Real waves along an axis: bases that turn coefficients of frequencies into pixels by a matrix product. */

import type { Value } from "@optogram/onnx";
import { float32, matmul } from "@optogram/onnx";

/** Orthonormal waves over n pixels. */
export interface Waves {
  readonly n: number;
  /** [n, n] row-major: a row a pixel, a column a wave. */
  readonly basis: Float32Array;
  /** [n]: of each wave, in cycles a pixel. */
  readonly frequencies: readonly number[];
}

/**
 * The real discrete Fourier basis: columns 1/√n, then √(2/n) cos(2πkx/n) and √(2/n) sin(2πkx/n) for k = 1, 2, …,
 * and for even n (−1)ˣ/√n. Periodic.
 */
export function fourierWaves(n: number): Waves {
  const frequencies = Array.from({ length: n }, (_, i) => Math.ceil(i / 2) / n);
  const basis = new Float32Array(n * n);
  for (let x = 0; x < n; x++)
    for (let i = 0; i < n; i++) {
      const single = i === 0 || 2 * frequencies[i] === 1;
      const angle = 2 * Math.PI * frequencies[i] * x;
      const wave = i % 2 === 1 || i === 0 ? Math.cos(angle) : Math.sin(angle);
      basis[x * n + i] = Math.sqrt((single ? 1 : 2) / n) * wave;
    }
  return { n, basis, frequencies };
}

/** The discrete cosine basis (DCT-II): √(2/n) cos(πi(x + ½)/n), for i = 0 1/√n. Not periodic. */
export function cosineWaves(n: number): Waves {
  const basis = new Float32Array(n * n);
  for (let x = 0; x < n; x++)
    for (let i = 0; i < n; i++)
      basis[x * n + i] = Math.sqrt((i === 0 ? 1 : 2) / n) * Math.cos((Math.PI * i * (x + 0.5)) / n);
  return { n, basis, frequencies: Array.from({ length: n }, (_, i) => i / (2 * n)) };
}

/**
 * [n, n]: a factor for each pair of waves, falling as 1 / frequency like the amplitudes of natural pictures, from that
 * of the longest wave on; independent coefficients of variance 1 make pixels of variance 1.
 */
export function naturalAmplitudes({ n, frequencies }: Waves): Float32Array {
  const amplitudes = new Float32Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      amplitudes[i * n + j] = 1 / Math.max(Math.hypot(frequencies[i], frequencies[j]), 1 / n);
  const norm = Math.sqrt(amplitudes.reduce((sum, amplitude) => sum + amplitude ** 2, 0));
  return amplitudes.map((amplitude) => (amplitude * n) / norm);
}

/** Coefficients [..., n, n] as pixels: B C Bᵀ. */
export function pixelsOf(coefficients: Value, { n, basis }: Waves): Value {
  const { graph } = coefficients;
  const rows = matmul(graph.constant(float32(basis, [n, n])), coefficients);
  return matmul(rows, graph.constant(float32(transposed(basis, n), [n, n])));
}

/** Pixels [n, n] as coefficients: Bᵀ P B. */
export function coefficientsOf(pixels: Float32Array, { n, basis }: Waves): Float32Array {
  return product(product(transposed(basis, n), pixels, n), basis, n);
}

function transposed(matrix: Float32Array, n: number): Float32Array {
  return matrix.map((_, i) => matrix[(i % n) * n + Math.floor(i / n)]);
}

function product(a: Float32Array, b: Float32Array, n: number): Float32Array {
  const c = new Float32Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const left = a[i * n + k];
      for (let j = 0; j < n; j++) c[i * n + j] += left * b[k * n + j];
    }
  return c;
}
