import type { Random } from "./random.ts";

/** A colour as `#rrggbb`. */
export type Hex = string;

/** OKLCH of the named colours: lightness, chroma, hue in degrees, and how far each may wander. */
const named = {
  red: [0.57, 0.21, 26, 6],
  orange: [0.71, 0.17, 54, 6],
  yellow: [0.86, 0.165, 93, 5],
  green: [0.63, 0.15, 142, 10],
  turquoise: [0.75, 0.115, 190, 6],
  blue: [0.55, 0.16, 256, 7],
  purple: [0.53, 0.17, 304, 7],
  pink: [0.75, 0.14, 357, 7],
  brown: [0.49, 0.075, 56, 6],
  white: [0.95, 0.012, 90, 40],
  grey: [0.67, 0.013, 250, 30],
  black: [0.32, 0.015, 270, 30],
} as const;

export type ColourName = keyof typeof named;
export const colourNames = Object.keys(named) as readonly ColourName[];

/** One of the many colours that go by a name. */
export function colourOf(name: ColourName, random: Random): Hex {
  const [lightness, chroma, hue, wander] = named[name];
  const l = lightness + random.around(0.045);
  const c = chroma * (1 + random.around(0.16));
  const h = ((hue + random.around(wander)) * Math.PI) / 180;
  return toHex([l, c * Math.cos(h), c * Math.sin(h)]);
}

/** Between two colours in OKLab (t = 0: the first). */
export function mix(from: Hex, to: Hex, t: number): Hex {
  const a = toLab(from);
  const b = toLab(to);
  return toHex([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]);
}

/** Towards the warm white of the light. */
export function light(colour: Hex, amount: number): Hex {
  return mix(colour, "#fffaf0", amount);
}

/** Towards the cool dark of the shadow, which is never quite black. */
export function dark(colour: Hex, amount: number): Hex {
  return mix(colour, "#1c1533", amount);
}

type Triple = readonly [number, number, number];

// Oklab, Björn Ottosson 2020 (https://bottosson.github.io/posts/oklab/).
function toHex([l, a, b]: Triple): Hex {
  const l3 = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m3 = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s3 = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3,
    -1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3,
    -0.0041960863 * l3 - 0.7034186147 * m3 + 1.707614701 * s3,
  ];
  const byte = (value: number) => {
    const gamma = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
    return Math.round(Math.min(1, Math.max(0, gamma)) * 255);
  };
  return `#${linear.map((value) => byte(value).toString(16).padStart(2, "0")).join("")}`;
}

function toLab(hex: Hex): Triple {
  const linear = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const r = linear(1);
  const g = linear(3);
  const b = linear(5);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
