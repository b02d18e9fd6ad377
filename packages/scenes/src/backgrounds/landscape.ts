import type { Hex } from "../colour.ts";
import { down, glow, type Pen } from "../pen.ts";
import type { Random } from "../random.ts";
import type { Zones } from "./background.ts";

export const full = "M-2 -2L102 -2L102 102L-2 102Z";

/** Zones of a place with ground (or water) below a horizon. */
export function ground(horizon: number, near = 97): Zones {
  return {
    stand: [horizon + (100 - horizon) * 0.22, near],
    fly: [10, Math.max(30, horizon - 4)],
    float: [horizon + 6, near - 6],
    swim: [horizon + 8, near - 8],
  };
}

export function sky(pen: Pen, random: Random, sunset: boolean, horizon: number): void {
  const noon: readonly (readonly Hex[])[] = [
    ["#5fa8e6", "#a9d6f5", "#e3f3fb"],
    ["#4e97db", "#8cc4ee", "#d2ebf7"],
    ["#79b7e3", "#b5dcf0", "#f1f4e4"],
    ["#6a9fd6", "#a8cbe8", "#f5e6dc"],
  ];
  const evening: readonly (readonly Hex[])[] = [
    ["#4a4c8f", "#c56a8c", "#ffb56b", "#ffe0a0"],
    ["#35508f", "#8f78b5", "#f59a83", "#ffd591"],
    ["#6a4c93", "#e0708a", "#ffa25f", "#ffdf9a"],
  ];
  const colours = random.pick(sunset ? evening : noon);
  const low = Math.min(102, horizon + 12);
  pen.path(`M-2 -2L102 -2L102 ${low}L-2 ${low}Z`, down(...colours));
  const clouds = random.integer(0, 3);
  for (let i = 0; i < clouds; i++) {
    const x = random.range(0, 100);
    const y = random.range(4, Math.max(8, horizon * 0.7));
    const size = random.range(0.6, 1.3);
    cloud(pen, x, y, size, sunset ? "#ffd9c4" : "#ffffff", random.range(0.5, 0.85));
  }
}

export function cloud(pen: Pen, x: number, y: number, size: number, colour: Hex, opacity: number): void {
  pen.at({ x, y, scale: size }, () =>
    pen.path(
      "M-14 3Q-18 -2 -11 -4Q-9 -10 -2 -8Q4 -13 9 -6Q17 -6 15 1Q16 4 11 4L-11 4Q-13 4 -14 3Z",
      {
        ...down(colour, colour),
        stops: [
          [0, colour, 1],
          [0.5, colour, 0.85],
          [1, colour, 0.15],
        ],
      },
      { opacity },
    ),
  );
}

/** A smooth ridge over the frame's whole width with everything below it. */
export function ridge(
  pen: Pen,
  random: Random,
  y: number,
  height: number,
  fill: Parameters<Pen["path"]>[1],
): void {
  const at = [0, 1, 2, 3, 4].map(() => y + random.around(height));
  pen.path(
    `M-2 ${at[0]}C12 ${at[0]} 14 ${at[1]} 26 ${at[1]}C40 ${at[1]} 38 ${at[2]} 52 ${at[2]}C66 ${at[2]} 62 ${at[3]} 76 ${at[3]}C90 ${at[3]} 88 ${at[4]} 102 ${at[4]}L102 102L-2 102Z`,
    fill,
  );
}

/** Small strokes scattered on the ground, larger when nearer. */
export function tufts(
  pen: Pen,
  random: Random,
  from: number,
  count: number,
  colour: Hex,
  shape: (x: number, y: number, s: number) => string,
): void {
  let d = "";
  for (let i = 0; i < count; i++) {
    const y = from + (100 - from) * Math.sqrt(random.unit());
    d += shape(random.range(0, 100), y, 0.5 + ((y - from) / (100 - from)) * 1.3);
  }
  pen.line(d, colour, 0.8, { opacity: 0.55 });
}

export const blade = (x: number, y: number, s: number) =>
  `M${x} ${y}L${x - s} ${y - 2 * s}M${x + s} ${y}L${x + 1.6 * s} ${y - 2.2 * s}`;
export const dash = (x: number, y: number, s: number) => `M${x} ${y}L${x + 4 * s} ${y}`;

export function sunDisc(pen: Pen, random: Random, horizon: number): void {
  const x = random.range(15, 85);
  const y = horizon - random.range(2, 10);
  pen.ellipse(x, y, 26, 26, glow([0, "#fff4c8", 0.9], [0.25, "#ffe29a", 0.55], [1, "#ffc06a", 0]));
}

export function waves(pen: Pen, random: Random, horizon: number, colour: Hex): void {
  let d = "";
  for (let i = 0; i < 16; i++) {
    const t = random.unit();
    const y = horizon + 2 + (98 - horizon) * t;
    const x = random.range(-5, 95);
    const w = 3 + t * 10;
    d += `M${x} ${y}Q${x + w / 2} ${y - 0.6 - t} ${x + w} ${y}`;
  }
  pen.line(d, colour, 0.9, { opacity: 0.5 });
}
