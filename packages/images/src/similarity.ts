/**
 * How like two pictures are, pixel by pixel and by structure. Pictures are planes, [3, height, width], sRGB in 0..1, as
 * decoders and reconstructors paint them; what lies outside counts as a screen shows it, clamped.
 */

/** Peak signal-to-noise ratio in dB over all channels, of a range of 1; Infinity for equal pictures. */
export function psnr(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError(`psnr: ${a.length} and ${b.length} numbers`);
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (clamped(a[i]) - clamped(b[i])) ** 2;
  return 10 * Math.log10(a.length / squares);
}

const radius = 5;
/** The least side in pixels of a picture for `ssim`. */
export const ssimWindow = 2 * radius + 1;
/** Gaussian, σ 1.5. */
const [w0, w1, w2, w3, w4, w5] = gaussian(1.5);
const c1 = 0.01 ** 2;
const c2 = 0.03 ** 2;

/**
 * Structural similarity (Wang et al. 2004), a mean over channels and over the pixels whose whole window of 11 × 11 lies
 * inside: `structural_similarity(…, gaussian_weights=True, use_sample_covariance=False, data_range=1)` of scikit-image.
 * Throws where a side is shorter than the window.
 */
export function ssim(a: Float32Array, b: Float32Array, width: number): number {
  const height = a.length / 3 / width;
  if (a.length !== b.length || !Number.isInteger(height))
    throw new RangeError(`ssim: ${a.length} and ${b.length} numbers, ${width} wide`);
  if (width < ssimWindow || height < ssimWindow)
    throw new RangeError(`ssim: ${width} × ${height} is less than a window of ${ssimWindow}`);
  const plane = width * height;
  // With s = a + b and d = a − b, four blurs say all that five say of a, b, a², b² and ab.
  const [s, d, ss, dd] = Array.from({ length: 4 }, () => new Float64Array(plane));
  const inside = (width - 2 * radius) * (height - 2 * radius);
  const down = new Float64Array(plane);
  let sum = 0;
  for (let at = 0; at < a.length; at += plane) {
    for (let i = 0; i < plane; i++) {
      const x = clamped(a[at + i]);
      const y = clamped(b[at + i]);
      s[i] = x + y;
      d[i] = x - y;
      ss[i] = s[i] * s[i];
      dd[i] = d[i] * d[i];
    }
    for (const map of [s, d, ss, dd]) blur(map, width, height, down);
    for (let i = 0; i < inside; i++) {
      const meanS = s[i] * s[i];
      const meanD = d[i] * d[i];
      const varianceS = ss[i] - meanS;
      const varianceD = dd[i] - meanD;
      // 2 μa μb = (μs² − μd²)/2, μa² + μb² = (μs² + μd²)/2, and the same of the (co)variances.
      sum +=
        (((meanS - meanD) / 2 + c1) * ((varianceS - varianceD) / 2 + c2)) /
        (((meanS + meanD) / 2 + c1) * ((varianceS + varianceD) / 2 + c2));
    }
  }
  return sum / (3 * inside);
}

/** Blurs a plane in place: the pixels with a whole window come first, row by row. `down` holds what is halfway. */
function blur(plane: Float64Array, width: number, height: number, down: Float64Array): void {
  const columns = width - 2 * radius;
  const rows = height - 2 * radius;
  for (let i = 0; i < rows * width; i++) down[i] = weigh(plane, i, width);
  for (let row = 0, to = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, to++) plane[to] = weigh(down, row * width + column, 1);
}

/** Written out: a loop over the taps takes twice as long. */
function weigh(from: Float64Array, at: number, step: number): number {
  return (
    w5 * from[at + 5 * step] +
    w4 * (from[at + 4 * step] + from[at + 6 * step]) +
    w3 * (from[at + 3 * step] + from[at + 7 * step]) +
    w2 * (from[at + 2 * step] + from[at + 8 * step]) +
    w1 * (from[at + step] + from[at + 9 * step]) +
    w0 * (from[at] + from[at + 10 * step])
  );
}

function gaussian(sigma: number): Float64Array {
  const values = Float64Array.from({ length: ssimWindow }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = values.reduce((x, y) => x + y, 0);
  return values.map((value) => value / sum);
}

function clamped(value: number): number {
  return Math.max(0, Math.min(1, value));
}
