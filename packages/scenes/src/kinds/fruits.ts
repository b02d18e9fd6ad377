import { dark, type Hex, light, mix } from "../colour.ts";
import type { Point } from "../geometry.ts";
import { across, down, glow, mirrored, type Pen, round, tube } from "../pen.ts";
import type { Random } from "../random.ts";
import type { Kind } from "./kind.ts";
import { leaf, leafGreen } from "./leaf.ts";

const stemBrown = "#6d4a2a";

function berry(random: Random): Point[] {
  const w = random.range(0.82, 1.2);
  const tip = random.around(10);
  const hips = random.range(18, 27);
  const points = mirrored([
    [0, -27],
    [18 * w, -32],
    [34 * w, -20],
    [35 * w, 2],
    [hips * w, 29],
    [0, 48],
  ]);
  return points.map(([x, y]) => [x + (tip * (y + 30)) / 80, y]);
}

function calyx(pen: Pen, random: Random): void {
  const green = mix(leafGreen, "#3f8f3a", random.unit());
  pen.line(`M0 -30Q${random.around(4)} -40 ${random.around(12)} -46`, dark(green, 0.15), 4);
  const leaves = random.integer(5, 7);
  for (let i = 0; i < leaves; i++) {
    const angle = 8 + (164 * i) / (leaves - 1) + random.around(8);
    pen.at({ y: -31, angle, scale: random.range(0.9, 1.15) }, () => leaf(pen, 25, 11, green));
  }
}

const strawberry: Kind = {
  name: "strawberry",
  plural: "strawberries",
  colours: ["red"],
  habitats: ["kitchen", "meadow"],
  stance: "stand",
  tilt: 25,
  inside: "#f7c9c0",
  draw(pen, random, colour) {
    const red = mix(colour, "#d81f2e", 0.6);
    pen.blob(berry(random), round(red, 0.9));
    let seeds = "";
    for (let row = 0; row < 5; row++) {
      const y = -14 + row * 12;
      const half = [25, 26, 20, 13, 5][row] as number;
      const count = [4, 5, 4, 3, 1][row] as number;
      for (let i = 0; i < count; i++) {
        const x = count === 1 ? 0 : -half + (2 * half * i) / (count - 1) + random.around(2.5);
        const sy = y + random.around(2.5);
        seeds += `M${x} ${sy}L${x + random.around(0.6)} ${sy + 2.4}`;
      }
    }
    pen.line(seeds, "#ffd978", 2.7, { inner: true });
    pen.ellipse(-16, -14, 7, 4, "#ffffff", { opacity: 0.35, inner: true, angle: -40 });
    calyx(pen, random);
  },
  section(pen, random, colour) {
    const outline = berry(random);
    const shrunk = (k: number, dy: number) => outline.map(([x, y]): Point => [x * k, (y - 4) * k + 4 + dy]);
    pen.blob(outline, mix(colour, "#d81f2e", 0.6));
    pen.blob(shrunk(0.88, 0), glow([0, "#fff3ea", 1], [0.45, "#ffb5a8", 1], [1, "#f0545a", 1]), {
      inner: true,
    });
    pen.blob(shrunk(0.3, -6), "#fff6ee", { inner: true });
    let veins = "";
    for (let i = 0; i < 9; i++) {
      const angle = -0.6 + (i / 8) * (Math.PI + 1.2);
      veins += `M${Math.cos(angle) * 12} ${Math.sin(angle) * 14}L${Math.cos(angle) * 22} ${Math.sin(angle) * 26}`;
    }
    pen.line(veins, "#fff0e6", 1.6, { inner: true, opacity: 0.8 });
    calyx(pen, random);
  },
};

function appleOutline(random: Random): Point[] {
  const w = random.range(0.95, 1.08);
  return mirrored([
    [0, -25],
    [15 * w, -33],
    [34 * w, -27],
    [42 * w, -4],
    [34 * w, 26],
    [15 * w, 41],
    [0, 37],
  ]);
}

function appleStem(pen: Pen, random: Random): void {
  pen.line(`M0 -24Q1 -36 ${random.range(3, 9)} -44`, stemBrown, 4);
  if (random.chance(0.75))
    pen.at({ x: 2, y: -34, angle: random.range(-30, 5) }, () => leaf(pen, 26, 12, leafGreen));
}

const apple: Kind = {
  name: "apple",
  plural: "apples",
  colours: ["red", "green"],
  habitats: ["kitchen", "meadow"],
  stance: "stand",
  tilt: 14,
  inside: "#fbf1cf",
  draw(pen, random, colour) {
    const skin = mix(colour, light(colour, 0.4), 0.15);
    pen.blob(appleOutline(random), round(skin));
    pen.ellipse(0, -27, 11, 3.6, dark(skin, 0.4), { opacity: 0.55, inner: true });
    appleStem(pen, random);
    pen.ellipse(-19, -12, 7, 11, "#ffffff", { opacity: 0.4, inner: true, angle: 24 });
  },
  section(pen, random, colour) {
    const outline = appleOutline(random);
    pen.blob(outline, colour);
    pen.blob(
      outline.map(([x, y]) => [x * 0.9, y * 0.9]),
      glow([0, "#fffbe8", 1], [0.8, "#f9eec6", 1], [1, "#f2dfa4", 1]),
      { inner: true },
    );
    pen.path("M0 -18Q22 -8 14 14Q8 24 0 26Q-8 24 -14 14Q-22 -8 0 -18Z", "#ecd597", { inner: true });
    for (const side of [-1, 1])
      pen.ellipse(6.5 * side, 4, 3.4, 7, "#5a3319", { inner: true, angle: -14 * side });
    appleStem(pen, random);
  },
};

const banana: Kind = {
  name: "banana",
  plural: "bananas",
  colours: ["yellow"],
  habitats: ["kitchen"],
  stance: "stand",
  tilt: 20,
  inside: "#fdf3c8",
  draw(pen, random, colour) {
    const yellow = mix(colour, "#ffd83a", 0.5);
    const bunch = random.pick([1, 1, 2, 3]);
    for (let i = 0; i < bunch; i++) {
      pen.at({ x: -36, y: -32, angle: (i - (bunch - 1) / 2) * 18 + random.around(5) }, () => {
        const fat = random.range(0.9, 1.2);
        pen.path(
          `M-5 -4L5 -7Q22 ${34 * fat * 0.75} 80 ${36}Q86 42 80 50Q30 ${58 * fat} 6 30Q-4 14 -5 -4Z`,
          down(light(yellow, 0.25), yellow, dark(yellow, 0.22)),
        );
        pen.line("M0 -2Q12 38 78 44", dark(yellow, 0.28), 2, { inner: true, opacity: 0.7 });
        pen.path("M77 37Q84 38 84 44Q82 50 78 50Q76 44 77 37Z", "#5b4522", { inner: true });
      });
    }
    pen.path("M-43 -30L-41 -46L-33 -47L-28 -32Q-36 -24 -43 -30Z", dark(mix(yellow, "#7a8a2a", 0.4), 0.15));
  },
  section(pen, random, colour) {
    const yellow = mix(colour, "#ffd83a", 0.5);
    pen.path(
      "M-50 -36L-42 -42Q-24 -14 6 -6L2 26Q-48 8 -50 -36Z",
      down(light(yellow, 0.25), yellow, dark(yellow, 0.22)),
    );
    pen.path("M-52 -34L-54 -48L-46 -51L-40 -40Z", dark(yellow, 0.5));
    const slice = (x: number, y: number, squash: number, angle: number) =>
      pen.at({ x, y, angle }, () => {
        pen.ellipse(2.5, 3.5, 17 * squash, 17, dark(yellow, 0.15));
        pen.ellipse(0, 0, 17 * squash, 17, yellow);
        pen.ellipse(0, 0, 15 * squash, 15, glow([0, "#f3e3a3", 1], [0.3, "#fff7d8", 1], [1, "#fdedb4", 1]), {
          inner: true,
        });
        const dots = [0, 1, 2].map((i) => {
          const t = (i / 3) * 2 * Math.PI + angle;
          const dx = Math.cos(t) * 4.5 * squash;
          const dy = Math.sin(t) * 4.5;
          return `M${dx} ${dy}L${dx} ${dy + 1}`;
        });
        pen.line(dots.join(""), "#8a6a2c", 2.2, { inner: true });
      });
    slice(4, 10, 0.5, 12);
    slice(27, 12 + random.around(3), 0.95, random.around(20));
    slice(52, 26 + random.around(4), 0.95, random.around(30));
  },
};

function pearOutline(random: Random): Point[] {
  const w = random.range(0.92, 1.08);
  const lean = random.around(7);
  return mirrored([
    [0, -38],
    [11 * w, -33],
    [14 * w, -18],
    [25 * w, 0],
    [33 * w, 20],
    [24 * w, 40],
    [0, 46],
  ]).map(([x, y]) => [x + (lean * (30 - y)) / 70, y]);
}

function pearStem(pen: Pen, random: Random): void {
  const x = random.range(2, 8);
  pen.line(`M0 -36Q1 -46 ${x} -54`, stemBrown, 4);
  if (random.chance(0.6))
    pen.at({ x: 2, y: -45, angle: random.range(-25, 15) }, () => leaf(pen, 24, 11, leafGreen));
}

const pear: Kind = {
  name: "pear",
  plural: "pears",
  colours: ["green", "yellow"],
  habitats: ["kitchen", "meadow"],
  stance: "stand",
  tilt: 16,
  inside: "#fbf5d2",
  draw(pen, random, colour) {
    const skin = mix(colour, "#c9cf45", 0.55);
    pen.blob(pearOutline(random), round(skin, 0.9));
    let dots = "";
    for (let i = 0; i < 12; i++) {
      const x = random.around(24);
      const y = 18 + random.around(22);
      dots += `M${x} ${y}L${x} ${y + 0.6}`;
    }
    pen.line(dots, dark(skin, 0.3), 1.6, { inner: true });
    pen.ellipse(-14, 12, 5, 12, "#ffffff", { opacity: 0.35, inner: true, angle: 16 });
    pearStem(pen, random);
  },
  section(pen, random, colour) {
    const outline = pearOutline(random);
    pen.blob(outline, mix(colour, "#c9cf45", 0.55));
    pen.blob(
      outline.map(([x, y]) => [x * 0.87, (y - 4) * 0.9 + 4]),
      down("#fffbe4", "#f7efc2"),
      { inner: true },
    );
    pen.line("M0 -30L0 4", "#e6d894", 1.6, { inner: true });
    pen.ellipse(0, 20, 12, 14, "#eadc98", { inner: true });
    for (const side of [-1, 1])
      pen.ellipse(5 * side, 20, 3, 6, "#5a3319", { inner: true, angle: -14 * side });
    pearStem(pen, random);
  },
};

const corn: Kind = {
  name: "corn",
  plural: "corn",
  colours: ["yellow"],
  habitats: ["kitchen", "meadow"],
  stance: "stand",
  tilt: 28,
  inside: "#fff0b8",
  draw(pen, random, colour) {
    const yellow = mix(colour, "#ffcf2e", 0.6);
    const w = random.range(0.85, 1.1);
    const green = mix(leafGreen, "#7fae45", random.unit());
    const open = random.range(26, 40);
    pen.path(
      `M0 -50C${13 * w} -48 ${20 * w} -20 ${20 * w} 6L${17 * w} 40L${-17 * w} 40L${-20 * w} 6C${-20 * w} -20 ${-13 * w} -48 0 -50Z`,
      across(dark(yellow, 0.14), light(yellow, 0.4), yellow, dark(yellow, 0.32)),
    );
    let grid = "";
    for (let i = 0; i < 9; i++) {
      const y = -40 + i * 9;
      const half = 19.5 * w * Math.sqrt(Math.max(0.12, 1 - Math.max(0, (-y - 2) / 48) ** 2));
      grid += `M${-half} ${y}Q0 ${y + 6} ${half} ${y}`;
    }
    for (const k of [-0.62, -0.22, 0.22, 0.62])
      grid += `M${k * 9 * w} -47Q${k * 22 * w} -20 ${k * 20 * w} 36`;
    pen.line(grid, dark(mix(yellow, "#e08a1e", 0.5), 0.12), 1.7, { inner: true, opacity: 0.75 });
    for (const side of [-1, 1]) {
      pen.at({ flip: side < 0 }, () => {
        pen.path(
          `M0 52Q${14 * w} 40 ${13 * w} 14Q${18 * w} -4 ${open} ${-16 + random.around(8)}Q${open} 26 8 52Z`,
          across(light(green, 0.25), green, dark(green, 0.25)),
        );
      });
    }
    pen.path(
      `M-8 53Q${-15 * w} 34 ${-4 + random.around(6)} 12Q${15 * w} 34 8 53Q0 57 -8 53Z`,
      tube(light(green, 0.12)),
    );
    pen.line("M0 52L0 58", dark(green, 0.1), 6);
  },
};

const carrot: Kind = {
  name: "carrot",
  plural: "carrots",
  colours: ["orange"],
  habitats: ["kitchen", "meadow"],
  stance: "stand",
  tilt: 40,
  inside: "#ffb45c",
  draw(pen, random, colour) {
    const orange = mix(colour, "#ff7d1f", 0.6);
    const w = random.range(0.85, 1.2);
    const fronds = random.integer(4, 6);
    for (let i = 0; i < fronds; i++) {
      const angle = -90 + (i - (fronds - 1) / 2) * 22 + random.around(8);
      pen.at({ y: -20, angle, scale: random.range(0.85, 1.15) }, () => {
        pen.line("M0 0Q14 2 28 0", "#3f8a38", 3);
        leaf(pen, 34, 13, mix("#4c9f3e", "#76b84a", random.unit()));
      });
    }
    const bend = random.around(10);
    pen.path(
      `M${-15 * w} -20Q0 -30 ${15 * w} -20Q${17 * w} -8 ${10 * w} 14Q${6 + bend / 2} 36 ${bend} 54Q${-6 + bend / 2} 36 ${-10 * w} 14Q${-17 * w} -8 ${-15 * w} -20Z`,
      across(light(orange, 0.2), light(orange, 0.1), orange, dark(orange, 0.3)),
    );
    pen.line(
      `M${-13 * w} -8L${-3 * w} -6M${12 * w} 2L${3 * w} 4M${-9 * w} 14L${-2 * w} 16M${6 * w} 26L${2 * w} 27`,
      dark(orange, 0.35),
      1.6,
      { inner: true, opacity: 0.7 },
    );
  },
};

const pumpkin: Kind = {
  name: "pumpkin",
  plural: "pumpkins",
  colours: ["orange"],
  habitats: ["meadow", "valley"],
  stance: "stand",
  tilt: 8,
  inside: "#ffc766",
  draw(pen, random, colour) {
    const orange = mix(colour, "#f2801c", 0.6);
    const h = random.range(28, 36);
    const segment = (x: number, rx: number, tone: Hex) => pen.ellipse(x, 0, rx, h, round(tone, 0.8));
    segment(-30, 17, dark(orange, 0.1));
    segment(30, 17, dark(orange, 0.2));
    segment(-17, 18, orange);
    segment(17, 18, dark(orange, 0.08));
    segment(0, 16, light(orange, 0.06));
    pen.path(
      `M-6 ${-h + 6}Q-4 ${-h - 8} ${-10 + random.around(12)} ${-h - 16}L${random.range(0, 8)} ${-h - 18}Q5 ${-h - 6} 8 ${-h + 6}Z`,
      across("#7d8b3c", "#4f6428"),
    );
    if (random.chance(0.5))
      pen.at({ x: 6, y: -h - 2, angle: random.range(-10, 20) }, () => leaf(pen, 26, 14, "#5d8f3a"));
  },
  section(pen, random, colour) {
    const orange = mix(colour, "#f2801c", 0.6);
    const h = random.range(30, 36);
    pen.ellipse(-26, 0, 20, h, dark(orange, 0.1));
    pen.ellipse(26, 0, 20, h, dark(orange, 0.1));
    pen.ellipse(0, 0, 30, h, orange);
    pen.ellipse(0, 1, 38, h - 6, "#ffc25a", { inner: true });
    pen.ellipse(0, 2, 27, h - 13, glow([0, "#c9641a", 1], [1, "#f09a35", 1]), { inner: true });
    for (let i = 0; i < 8; i++)
      pen.ellipse(random.around(20), 2 + random.around(12), 3.6, 2.2, "#fff1cf", {
        inner: true,
        angle: random.range(0, 180),
      });
    pen.path(
      `M-6 ${-h + 3}Q-4 ${-h - 8} -9 ${-h - 15}L3 ${-h - 17}Q5 ${-h - 6} 8 ${-h + 3}Z`,
      across("#7d8b3c", "#4f6428"),
    );
  },
};

export const fruits: readonly Kind[] = [strawberry, apple, banana, pear, corn, carrot, pumpkin];
