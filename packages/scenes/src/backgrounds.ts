import { dark, type Hex, light, mix } from "./colour.ts";
import type { Place, Stance } from "./kinds/kind.ts";
import { across, down, glow, type Pen } from "./pen.ts";
import type { Random } from "./random.ts";

/** Vertical range, in hundredths of the frame: of the lowest edge for `stand` and `float`, of the centre for `fly` and `swim`. */
export type Zones = Readonly<Record<Stance, readonly [number, number]>>;

export interface Background {
  readonly name: Place;
  /** Where a thing is, in words, by its stance. */
  readonly phrases: Readonly<Record<Stance, string>>;
  /** Has a sky that turns at sunset. */
  readonly sunsets: boolean;
  /** Draws over the whole frame, 0..100 both ways, and says where things may be. */
  readonly draw: (pen: Pen, random: Random, sunset: boolean) => Zones;
}

const full = "M-2 -2L102 -2L102 102L-2 102Z";

/** Zones of a place with ground (or water) below a horizon. */
function ground(horizon: number, near = 97): Zones {
  return {
    stand: [horizon + (100 - horizon) * 0.22, near],
    fly: [10, Math.max(30, horizon - 4)],
    float: [horizon + 6, near - 6],
    swim: [horizon + 8, near - 8],
  };
}

function sky(pen: Pen, random: Random, sunset: boolean, horizon: number): void {
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

function cloud(pen: Pen, x: number, y: number, size: number, colour: Hex, opacity: number): void {
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
function ridge(pen: Pen, random: Random, y: number, height: number, fill: Parameters<Pen["path"]>[1]): void {
  const at = [0, 1, 2, 3, 4].map(() => y + random.around(height));
  pen.path(
    `M-2 ${at[0]}C12 ${at[0]} 14 ${at[1]} 26 ${at[1]}C40 ${at[1]} 38 ${at[2]} 52 ${at[2]}C66 ${at[2]} 62 ${at[3]} 76 ${at[3]}C90 ${at[3]} 88 ${at[4]} 102 ${at[4]}L102 102L-2 102Z`,
    fill,
  );
}

/** Small strokes scattered on the ground, larger when nearer. */
function tufts(
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

const blade = (x: number, y: number, s: number) =>
  `M${x} ${y}L${x - s} ${y - 2 * s}M${x + s} ${y}L${x + 1.6 * s} ${y - 2.2 * s}`;
const dash = (x: number, y: number, s: number) => `M${x} ${y}L${x + 4 * s} ${y}`;

function sunDisc(pen: Pen, random: Random, horizon: number): void {
  const x = random.range(15, 85);
  const y = horizon - random.range(2, 10);
  pen.ellipse(x, y, 26, 26, glow([0, "#fff4c8", 0.9], [0.25, "#ffe29a", 0.55], [1, "#ffc06a", 0]));
}

function waves(pen: Pen, random: Random, horizon: number, colour: Hex): void {
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

const sea: Background = {
  name: "sea",
  phrases: { stand: "at sea", fly: "over the sea", float: "at sea", swim: "in the sea" },
  sunsets: true,
  draw(pen, random, sunset) {
    const horizon = random.range(30, 48);
    sky(pen, random, sunset, horizon);
    if (sunset) sunDisc(pen, random, horizon);
    const water = mix("#2f86b8", random.pick(["#2a9aa8", "#2c6fae", "#3a8fc4"]), random.unit());
    pen.path(
      `M-2 ${horizon}L102 ${horizon}L102 102L-2 102Z`,
      sunset
        ? down(mix(water, "#ffb27a", 0.55), mix(water, "#5a4a8a", 0.35), dark(water, 0.45))
        : down(light(water, 0.35), water, dark(water, 0.35)),
    );
    waves(pen, random, horizon, sunset ? "#ffdcb0" : "#e9f8ff");
    return ground(horizon);
  },
};

const desert: Background = {
  name: "desert",
  phrases: { stand: "in the desert", fly: "over the desert", float: "in the desert", swim: "in the desert" },
  sunsets: true,
  draw(pen, random, sunset) {
    const horizon = random.range(42, 62);
    sky(pen, random, sunset, horizon);
    if (sunset) sunDisc(pen, random, horizon);
    const sand = mix("#e2b36b", random.pick(["#d99a5a", "#ecc98a", "#d8a878"]), random.unit());
    ridge(pen, random, horizon, 7, down(mix(sand, "#c98a6a", 0.4), sand));
    ridge(pen, random, horizon + 12, 8, down(light(sand, 0.22), sand, dark(sand, 0.14)));
    ridge(pen, random, horizon + 28, 6, down(light(sand, 0.3), mix(sand, "#c98a50", 0.3), dark(sand, 0.2)));
    tufts(pen, random, horizon + 16, 14, dark(sand, 0.3), dash);
    return ground(horizon);
  },
};

const night: Background = {
  name: "night",
  phrases: {
    stand: "on a hill at night",
    fly: "in the night sky",
    float: "at night",
    swim: "in the night sky",
  },
  sunsets: false,
  draw(pen, random) {
    const horizon = random.range(76, 92);
    const [top, low] = random.pick([
      ["#0b1030", "#2b3a78"],
      ["#120c30", "#4a3578"],
      ["#081a2e", "#235070"],
      ["#0c1238", "#33417f"],
    ] as const);
    pen.path(full, down(top, mix(top, low, 0.55), low));
    pen.at({ x: random.range(20, 80), y: random.range(20, 60), angle: random.range(-50, 50) }, () =>
      pen.ellipse(0, 0, 70, 16, glow([0, "#a9b6ff", 0.28], [1, "#a9b6ff", 0])),
    );
    for (const [count, width, opacity] of [
      [26, 0.7, 0.7],
      [9, 1.3, 0.95],
    ] as const) {
      let dots = "";
      for (let i = 0; i < count; i++) {
        const x = random.range(0, 100);
        const y = random.range(0, horizon - 6);
        dots += `M${x} ${y}L${x} ${y + 0.1}`;
      }
      pen.line(dots, "#ffffff", width, { opacity });
    }
    ridge(pen, random, horizon, 5, down("#1d2550", "#0e1230"));
    ridge(pen, random, horizon + 7, 4, down("#141a3c", "#080a1e"));
    return { stand: [horizon + 5, 98], fly: [14, 72], float: [horizon, 95], swim: [14, 72] };
  },
};

const kitchen: Background = {
  name: "kitchen",
  phrases: {
    stand: "on a kitchen table",
    fly: "in a kitchen",
    float: "on a kitchen table",
    swim: "in a kitchen",
  },
  sunsets: false,
  draw(pen, random) {
    const horizon = random.range(42, 60);
    const wall = random.pick(["#f3e6d0", "#d8e8e4", "#e9dfe6", "#dfe6d2", "#f5dcc8"]);
    pen.path(full, across(light(wall, 0.3), wall, dark(wall, 0.16)));
    const tile = random.range(11, 16);
    let grid = "";
    for (let x = random.range(0, tile); x < 100; x += tile) grid += `M${x} -2L${x} ${horizon}`;
    for (let y = horizon - tile * 0.7; y > -2; y -= tile) grid += `M-2 ${y}L102 ${y}`;
    pen.line(grid, dark(wall, 0.13), 0.7, { opacity: 0.8 });
    if (random.chance(0.5)) {
      const x = random.range(8, 60);
      pen.rect(x, -4, 30, random.range(20, 30), "#fffaf0");
      pen.rect(x + 2, -4, 26, random.range(16, 20), down("#a9d4f0", "#e8f5ee"));
      pen.line(`M${x + 15} -4L${x + 15} 18`, "#fffaf0", 1.6);
    }
    const wood = random.pick(["#c08a55", "#a9713f", "#d9ae78", "#8f6a4c", "#d8d2c6"]);
    pen.path(`M-2 ${horizon}L102 ${horizon}L102 102L-2 102Z`, down(light(wood, 0.3), wood, dark(wood, 0.22)));
    pen.rect(-2, horizon - 0.8, 104, 2, light(wood, 0.5));
    let grain = "";
    for (let i = 0; i < 7; i++) {
      const y = horizon + 5 + ((100 - horizon) * (i + random.unit())) / 7;
      grain += `M-2 ${y}Q${random.range(20, 80)} ${y + random.around(5)} 102 ${y + random.around(2)}`;
    }
    pen.line(grain, dark(wood, 0.25), 0.6, { opacity: 0.5 });
    return ground(horizon, 96);
  },
};

const meadow: Background = {
  name: "meadow",
  phrases: { stand: "in a meadow", fly: "over a meadow", float: "in a meadow", swim: "over a meadow" },
  sunsets: true,
  draw(pen, random, sunset) {
    const horizon = random.range(40, 58);
    sky(pen, random, sunset, horizon);
    if (sunset) sunDisc(pen, random, horizon);
    const grass = mix("#7fb84a", random.pick(["#5fa64a", "#a3bf55", "#6fae62"]), random.unit());
    ridge(pen, random, horizon, 5, down(mix(light(grass, 0.3), "#a8cbd8", 0.3), grass));
    ridge(pen, random, horizon + 10, 5, down(light(grass, 0.22), grass, dark(grass, 0.3)));
    tufts(pen, random, horizon + 14, 26, dark(grass, 0.32), blade);
    const bloom = random.pick(["#fff6d0", "#ffe27a", "#ffffff", "#f7c6dc"]);
    let dots = "";
    for (let i = 0; i < 14; i++) {
      const x = random.range(0, 100);
      const y = random.range(horizon + 14, 100);
      dots += `M${x} ${y}L${x} ${y + 0.1}`;
    }
    pen.line(dots, bloom, 1.3, { opacity: 0.85 });
    return ground(horizon);
  },
};

const street: Background = {
  name: "street",
  phrases: { stand: "in the street", fly: "over the street", float: "in the street", swim: "in the street" },
  sunsets: true,
  draw(pen, random, sunset) {
    const horizon = random.range(50, 62);
    sky(pen, random, sunset, horizon);
    let x = -4 - random.range(0, 8);
    const tone = sunset ? "#8a6a8c" : "#93a5b8";
    while (x < 102) {
      const w = random.range(11, 20);
      const top = horizon - random.range(14, 44);
      const wall = mix(
        tone,
        random.pick(["#c9b8a8", "#a98f88", "#8fa3ad", "#b8a9bd"]),
        random.range(0.2, 0.7),
      );
      pen.rect(x, top, w + 0.4, horizon - top + 2, down(light(wall, 0.12), dark(wall, 0.12)));
      let windows = "";
      for (let wy = top + 4; wy < horizon - 4; wy += 6)
        for (let wx = x + 3.4; wx < x + w - 2; wx += 4.6)
          if (random.chance(0.8)) windows += `M${wx} ${wy}L${wx} ${wy + 1.6}`;
      pen.line(windows || "M-9 -9L-9 -9", sunset ? "#ffdf9a" : "#e6f0f5", 1.6, { opacity: 0.6 });
      x += w;
    }
    pen.rect(-2, horizon, 104, 9, down("#d3cdc6", "#a9a4a2"));
    const road = random.pick(["#6f7280", "#63656f", "#7d7f88"]);
    pen.rect(-2, horizon + 8, 104, 100, down(light(road, 0.12), dark(road, 0.28)));
    pen.rect(-2, horizon + 7.4, 104, 1.6, "#e6e1da");
    const lane = horizon + 8 + (92 - horizon) * 0.5;
    let dashes = "";
    for (let dx = random.range(-14, 0); dx < 100; dx += 24) dashes += `M${dx} ${lane}L${dx + 12} ${lane}`;
    pen.line(dashes, "#f2ead2", 1.8, { opacity: 0.8 });
    return ground(horizon);
  },
};

const snow: Background = {
  name: "snow",
  phrases: { stand: "in the snow", fly: "over the snow", float: "in the snow", swim: "over the snow" },
  sunsets: true,
  draw(pen, random, sunset) {
    const horizon = random.range(40, 60);
    if (sunset) sky(pen, random, sunset, horizon + 6);
    else
      pen.path(
        full,
        down(
          ...random.pick([
            ["#8fb3d9", "#c9dff0", "#eef5fb"],
            ["#a3b4cf", "#d6dfec", "#f4f6fb"],
          ] as const),
        ),
      );
    const white = sunset ? "#f6e6ea" : "#f3f8fd";
    ridge(pen, random, horizon, 7, down(mix(white, "#b9cfe6", 0.55), mix(white, "#cfdff0", 0.5)));
    ridge(pen, random, horizon + 12, 6, down("#ffffff", mix(white, "#c6d8ec", 0.6)));
    ridge(pen, random, horizon + 30, 5, down("#ffffff", mix(white, "#b3c9e2", 0.65)));
    let flakes = "";
    for (let i = 0; i < random.integer(0, 40); i++) {
      const fx = random.range(0, 100);
      const fy = random.range(0, 100);
      flakes += `M${fx} ${fy}L${fx} ${fy + 0.1}`;
    }
    if (flakes) pen.line(flakes, "#ffffff", 1.3, { opacity: 0.9 });
    return ground(horizon);
  },
};

const forest: Background = {
  name: "forest",
  phrases: { stand: "in a forest", fly: "in a forest", float: "in a forest", swim: "in a forest" },
  sunsets: false,
  draw(pen, random) {
    const horizon = random.range(60, 74);
    const mood = random.pick(["#3f7050", "#4a7a45", "#3b6660", "#6b7a3f"]);
    pen.path(full, down(dark(mood, 0.25), mood, light(mood, 0.5)));
    pen.ellipse(
      random.range(20, 80),
      random.range(25, 55),
      45,
      40,
      glow([0, "#fff7cf", 0.55], [1, "#fff7cf", 0]),
    );
    for (const [count, tone, width] of [
      [6, mix(mood, "#cfe0c0", 0.25), 3.4],
      [4, dark(mood, 0.2), 6],
      [2, dark(mood, 0.5), 10],
    ] as const) {
      for (let i = 0; i < count; i++) {
        const x = random.range(-4, 104);
        const w = width * random.range(0.7, 1.2);
        pen.path(
          `M${x - w / 2} -2L${x + w / 2} -2L${x + w * 0.6} ${horizon + 6}L${x - w * 0.6} ${horizon + 6}Z`,
          across(light(tone, 0.12), dark(tone, 0.15)),
        );
      }
    }
    const canopy = dark(mood, 0.42);
    const c = Array.from({ length: 6 }, () => random.range(4, 16));
    pen.path(
      `M-2 -2L-2 ${c[0]}Q8 ${(c[0] ?? 0) + 8} 18 ${c[1]}Q28 ${(c[1] ?? 0) + 9} 38 ${c[2]}Q48 ${(c[2] ?? 0) + 8} 60 ${c[3]}Q70 ${(c[3] ?? 0) + 9} 82 ${c[4]}Q92 ${(c[4] ?? 0) + 8} 102 ${c[5]}L102 -2Z`,
      canopy,
      {
        opacity: 0.8,
      },
    );
    const floor = mix(mood, "#7a6a3f", random.range(0.25, 0.55));
    ridge(pen, random, horizon, 4, down(light(floor, 0.25), floor, dark(floor, 0.35)));
    tufts(pen, random, horizon + 6, 22, light(mood, 0.25), blade);
    return ground(horizon, 98);
  },
};

const beach: Background = {
  name: "beach",
  phrases: { stand: "on the beach", fly: "over the beach", float: "on the beach", swim: "on the beach" },
  sunsets: true,
  draw(pen, random, sunset) {
    const horizon = random.range(30, 44);
    const shore = horizon + random.range(10, 18);
    sky(pen, random, sunset, horizon);
    if (sunset) sunDisc(pen, random, horizon);
    const water = random.pick(["#35a3bd", "#3f9fc9", "#4fb5b5"]);
    pen.rect(
      -2,
      horizon,
      104,
      70,
      sunset ? down(mix(water, "#ffb27a", 0.6), water) : down(dark(water, 0.15), light(water, 0.35)),
    );
    const sand = mix("#ecd09a", random.pick(["#f3deb4", "#e2bd86"]), random.unit());
    const wave = random.around(5);
    pen.path(
      `M-2 ${shore - wave}Q25 ${shore + 5} 50 ${shore}Q78 ${shore - 5} 102 ${shore + wave}L102 102L-2 102Z`,
      "#ffffff",
    );
    pen.path(
      `M-2 ${shore + 2.4 - wave}Q25 ${shore + 7.6} 50 ${shore + 2.4}Q78 ${shore - 2.4} 102 ${shore + 2.4 + wave}L102 102L-2 102Z`,
      down(dark(sand, 0.12), sand, light(sand, 0.15)),
    );
    tufts(pen, random, shore + 10, 16, dark(sand, 0.2), dash);
    return { ...ground(shore), fly: [10, horizon], float: [horizon + 5, shore + 10] };
  },
};

const room: Background = {
  name: "room",
  phrases: { stand: "in a room", fly: "in a room", float: "in a room", swim: "in a room" },
  sunsets: false,
  draw(pen, random) {
    const horizon = random.range(56, 70);
    const wall = random.pick(["#b9c9c4", "#d8c3b4", "#c3bfd6", "#cfd3b4", "#a9bdd0", "#e3d3b8"]);
    pen.path(full, across(light(wall, 0.3), wall, dark(wall, 0.2)));
    if (random.chance(0.4)) {
      let stripes = "";
      for (let x = random.range(0, 6); x < 100; x += 8) stripes += `M${x} -2L${x} ${horizon}`;
      pen.line(stripes, light(wall, 0.4), 2.2, { opacity: 0.45 });
    }
    if (random.chance(0.7)) {
      const x = random.range(6, 66);
      const w = random.range(20, 30);
      const h = random.range(20, 28);
      const y = random.range(5, 12);
      pen.rect(x, y, w, h, "#fbf5e8");
      pen.rect(
        x + 2,
        y + 2,
        w - 4,
        h - 4,
        random.chance(0.6) ? down("#9fcdf0", "#dff1ee") : down("#f2b98a", "#e3866a", "#7a5a8a"),
      );
      if (random.chance(0.7))
        pen.line(
          `M${x + w / 2} ${y + 1}L${x + w / 2} ${y + h - 1}M${x + 1} ${y + h / 2}L${x + w - 1} ${y + h / 2}`,
          "#fbf5e8",
          1.4,
        );
    }
    const floor = random.pick(["#b07a4c", "#8f6545", "#c79a68", "#7d6a63"]);
    pen.rect(-2, horizon, 104, 100, down(dark(floor, 0.12), light(floor, 0.12)));
    let boards = "";
    const vanishing = random.range(35, 65);
    for (let i = -7; i <= 7; i++) boards += `M${vanishing + i * 9} ${horizon}L${vanishing + i * 26} 102`;
    pen.line(boards, dark(floor, 0.3), 0.7, { opacity: 0.6 });
    pen.rect(-2, horizon - 3.2, 104, 3.6, "#f6f0e4");
    if (random.chance(0.55)) {
      const rug = random.pick(["#b5544c", "#4c6f9a", "#5f8a6a", "#c9a04c", "#8a5f92"]);
      const y = horizon + (100 - horizon) * 0.6;
      pen.ellipse(
        50 + random.around(20),
        y,
        44,
        (100 - horizon) * 0.34,
        glow([0, light(rug, 0.3), 1], [0.75, rug, 1], [1, dark(rug, 0.2), 1]),
      );
    }
    return ground(horizon, 98);
  },
};

const valley: Background = {
  name: "valley",
  phrases: { stand: "in a valley", fly: "over a valley", float: "in a valley", swim: "over a valley" },
  sunsets: true,
  draw(pen, random, sunset) {
    const horizon = random.range(46, 58);
    sky(pen, random, sunset, horizon);
    const green = mix("#5f9a5a", random.pick(["#7fa84f", "#4f8f72", "#8aa85a"]), random.unit());
    const haze = sunset ? "#c98aa0" : "#a9c9de";
    ridge(pen, random, horizon - 12, 10, down(mix(green, haze, 0.75), mix(green, haze, 0.6)));
    ridge(pen, random, horizon - 3, 8, down(mix(green, haze, 0.5), mix(green, haze, 0.3)));
    ridge(pen, random, horizon + 5, 5, down(light(green, 0.12), green));
    const y = horizon + random.range(12, 20);
    const bend = random.around(16);
    pen.path(
      `M${48 + bend} ${horizon + 4}Q${38 + bend} ${y} ${56 + bend / 2} ${y + 6}Q${80 + bend / 2} ${y + 14} ${30 - bend} 102L${82 - bend} 102Q${96 + bend / 2} ${y + 16} ${64 + bend / 2} ${y + 3}Q${48 + bend} ${y - 2} ${54 + bend} ${horizon + 4}Z`,
      sunset ? down("#ffcf9a", "#9a8fc0") : down("#d6eefb", "#6fb0d9"),
    );
    tufts(pen, random, horizon + 16, 14, dark(green, 0.28), blade);
    return { ...ground(horizon), float: [y + 12, 94] };
  },
};

const underwater: Background = {
  name: "underwater",
  phrases: { stand: "on the sea floor", fly: "under water", float: "under water", swim: "under water" },
  sunsets: false,
  draw(pen, random) {
    const bed = random.range(76, 88);
    const water = random.pick(["#1f7fae", "#1b8f9f", "#2a6fb0", "#1f9a92"]);
    pen.path(full, down(light(water, 0.5), water, dark(water, 0.5)));
    for (let i = 0; i < 3; i++) {
      const x = random.range(-10, 90);
      pen.path(`M${x} -2L${x + random.range(6, 14)} -2L${x + 34} 90L${x + 10} 90Z`, {
        ...down("#ffffff", "#ffffff"),
        stops: [
          [0, "#ffffff", 0.28],
          [1, "#ffffff", 0],
        ],
      });
    }
    const sand = mix("#cdbb86", water, 0.35);
    ridge(pen, random, bed - 4, 4, down(mix(sand, water, 0.5), mix(sand, water, 0.3)));
    ridge(pen, random, bed + 2, 4, down(light(sand, 0.15), dark(sand, 0.25)));
    const weeds = random.integer(2, 5);
    for (let i = 0; i < weeds; i++) {
      const x = random.range(0, 100);
      const h = random.range(12, 34);
      const base = bed + random.range(2, 12);
      pen.line(
        `M${x} ${base}Q${x - 5} ${base - h * 0.35} ${x} ${base - h * 0.55}Q${x + 5} ${base - h * 0.8} ${x + random.around(5)} ${base - h}`,
        random.pick(["#2f8a5a", "#4a9a4f", "#8a4f6f", "#1f6f5f"]),
        random.range(1.6, 3),
        {
          opacity: 0.85,
        },
      );
    }
    const bubbles = random.integer(3, 8);
    for (let i = 0; i < bubbles; i++)
      pen.ellipse(
        random.range(0, 100),
        random.range(0, 80),
        random.range(0.7, 2),
        random.range(0.7, 2),
        "#e9fbff",
        { opacity: 0.45 },
      );
    return { stand: [bed + 6, 98], fly: [14, bed - 6], float: [20, bed], swim: [14, bed - 6] };
  },
};

const heaven: Background = {
  name: "sky",
  phrases: { stand: "in the sky", fly: "in the sky", float: "in the sky", swim: "in the sky" },
  sunsets: true,
  draw(pen, random, sunset) {
    sky(pen, random, sunset, 100);
    const tone = sunset ? "#ffdcc8" : "#ffffff";
    for (let i = 0; i < random.integer(2, 5); i++)
      cloud(
        pen,
        random.range(0, 100),
        random.range(10, 90),
        random.range(1, 2.2),
        tone,
        random.range(0.5, 0.9),
      );
    if (random.chance(0.5)) {
      ridge(pen, random, 92, 5, {
        ...down(tone, tone),
        stops: [
          [0, tone, 0.95],
          [1, tone, 0.5],
        ],
      });
    }
    return { stand: [55, 95], fly: [18, 78], float: [40, 92], swim: [18, 78] };
  },
};

const workshop: Background = {
  name: "workshop",
  phrases: { stand: "on a workbench", fly: "in a workshop", float: "on a workbench", swim: "in a workshop" },
  sunsets: false,
  draw(pen, random) {
    const horizon = random.range(42, 58);
    const board = random.pick(["#4f5d63", "#5d5348", "#47596b", "#59614c"]);
    pen.path(full, across(light(board, 0.22), board, dark(board, 0.3)));
    let holes = "";
    const step = random.range(7, 9);
    for (let y = 3; y < horizon - 2; y += step)
      for (let x = 3; x < 100; x += step) holes += `M${x} ${y}L${x} ${y + 0.1}`;
    pen.line(holes, dark(board, 0.5), 1.3, { opacity: 0.8 });
    pen.ellipse(random.range(15, 85), 6, 50, 42, glow([0, "#ffe9b0", 0.4], [1, "#ffe9b0", 0]));
    const wood = random.pick(["#b98a58", "#a3764a", "#c79f6e", "#96704c"]);
    pen.rect(-2, horizon, 104, 100, down(light(wood, 0.22), wood, dark(wood, 0.32)));
    const planks = random.integer(3, 4);
    let seams = "";
    for (let i = 1; i < planks; i++) {
      const y = horizon + (100 - horizon) * (i / planks) ** 1.3;
      seams += `M-2 ${y}L102 ${y}`;
    }
    pen.line(seams, dark(wood, 0.4), 0.9, { opacity: 0.8 });
    pen.rect(-2, horizon - 0.8, 104, 1.8, light(wood, 0.45));
    return ground(horizon, 96);
  },
};

export const backgrounds: readonly Background[] = [
  sea,
  desert,
  night,
  kitchen,
  meadow,
  street,
  snow,
  forest,
  beach,
  room,
  valley,
  underwater,
  heaven,
  workshop,
];

/** @throws RangeError for a name that no background has. */
export function backgroundOf(name: string): Background {
  const background = backgrounds.find((candidate) => candidate.name === name);
  if (!background)
    throw new RangeError(
      `no background is called "${name}"; there are ${backgrounds.map((b) => b.name).join(", ")}`,
    );
  return background;
}
