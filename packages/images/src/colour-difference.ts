/** How different colours look: CIEDE2000. */

/** A colour in CIELAB: lightness, green to red, blue to yellow. */
export type Lab = readonly [l: number, a: number, b: number];

/**
 * The mean over pixels of ΔE 2000 between two pictures: planes [3, height, width], sRGB in 0..1, clamped; white is D65.
 * About 1 is the least that a person sees; red and green are 71 apart.
 */
export function meanDeltaE(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length || a.length % 3 !== 0)
    throw new RangeError(`colour difference: pictures of ${a.length} and ${b.length} numbers`);
  const pixels = a.length / 3;
  const at = (picture: Float32Array, i: number) =>
    labOf(picture[i], picture[i + pixels], picture[i + 2 * pixels]);
  let sum = 0;
  for (let i = 0; i < pixels; i++) sum += ciede2000(at(a, i), at(b, i));
  return sum / pixels;
}

/** sRGB in 0..1 (IEC 61966-2-1) to CIELAB. */
export function labOf(red: number, green: number, blue: number): Lab {
  const r = linear(red);
  const g = linear(green);
  const b = linear(blue);
  const x = lightness((0.412453 * r + 0.35758 * g + 0.180423 * b) / 0.95047);
  const y = lightness(0.212671 * r + 0.71516 * g + 0.072169 * b);
  const z = lightness((0.019334 * r + 0.119193 * g + 0.950227 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Between entries by lines: within 10⁻⁷ of the power, at a tenth of its time. */
const steps = 4096;
const linearTable = Float64Array.from({ length: steps + 2 }, (_, i) => {
  const value = i / steps;
  return value > 0.04045 ? ((value + 0.055) / 1.055) ** 2.4 : value / 12.92;
});

function linear(value: number): number {
  const at = steps * Math.max(0, Math.min(1, value));
  const low = Math.floor(at);
  return linearTable[low] + (at - low) * (linearTable[low + 1] - linearTable[low]);
}

function lightness(t: number): number {
  return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116;
}

const turn = 2 * Math.PI;
const degree = Math.PI / 180;

/** ΔE 2000 of two colours, with all weights 1 (Sharma, Wu & Dalal 2005, equations 2 to 22). */
export function ciede2000([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
  const greyness = 1.5 - 0.5 * chromaShare((length(a1, b1) + length(a2, b2)) / 2);
  const chroma1 = length(a1 * greyness, b1);
  const chroma2 = length(a2 * greyness, b2);
  const hue1 = angle(a1 * greyness, b1);
  const hue2 = angle(a2 * greyness, b2);
  const chroma = (chroma1 + chroma2) / 2;
  const coloured = chroma1 * chroma2 > 0;
  const apart = Math.abs(hue2 - hue1) > Math.PI;
  const hueStep = coloured ? hue2 - hue1 - (apart ? Math.sign(hue2 - hue1) * turn : 0) : 0;
  const hueSum = hue1 + hue2 + (coloured && apart ? (hue1 + hue2 < turn ? turn : -turn) : 0);
  const hue = coloured ? hueSum / 2 : hueSum;
  const t =
    1 -
    0.17 * Math.cos(hue - 30 * degree) +
    0.24 * Math.cos(2 * hue) +
    0.32 * Math.cos(3 * hue + 6 * degree) -
    0.2 * Math.cos(4 * hue - 63 * degree);
  const fromGrey = ((l1 + l2) / 2 - 50) ** 2;
  const dl = (l2 - l1) / (1 + (0.015 * fromGrey) / Math.sqrt(20 + fromGrey));
  const dc = (chroma2 - chroma1) / (1 + 0.045 * chroma);
  const dh = (2 * Math.sqrt(chroma1 * chroma2) * Math.sin(hueStep / 2)) / (1 + 0.015 * chroma * t);
  const blueTurn = 30 * degree * Math.exp(-(((hue / degree - 275) / 25) ** 2));
  const cross = -Math.sin(2 * blueTurn) * 2 * chromaShare(chroma) * dc * dh;
  return Math.sqrt(Math.max(0, dl ** 2 + dc ** 2 + dh ** 2 + cross));
}

/** √(C⁷ / (C⁷ + 25⁷)) */
function chromaShare(chroma: number): number {
  const share = chroma / 25;
  const cube = share * share * share;
  const seventh = cube * cube * share;
  return Math.sqrt(seventh / (seventh + 1));
}

/** Math.hypot takes many times as long. */
function length(a: number, b: number): number {
  return Math.sqrt(a * a + b * b);
}

/** In 0..2π. */
function angle(a: number, b: number): number {
  const value = Math.atan2(b, a);
  return value < 0 ? value + turn : value;
}
