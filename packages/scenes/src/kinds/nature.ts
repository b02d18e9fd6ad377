import { dark, light, mix } from "../colour.ts";
import type { Point } from "../geometry.ts";
import { across, down, glow, slope } from "../pen.ts";
import type { Kind } from "./kind.ts";

const mountain: Kind = {
  name: "mountain",
  plural: "mountains",
  colours: ["grey"],
  habitats: ["snow", "desert"],
  stance: "stand",
  tilt: 0,
  draw(pen, random, colour) {
    const rock = mix(colour, random.pick(["#7d8496", "#8a7f86", "#74848a"]), 0.6);
    const peak = (x: number, top: number, half: number) => {
      const lean = random.around(half * 0.16);
      const notch = (k: number, jitter: number): Point => [
        x + lean * (1 - k) + half * k,
        top + (40 - top) * Math.abs(k) + jitter,
      ];
      const left = [notch(-0.28, random.around(3)), notch(-0.55, random.around(3)), notch(-1, 0)];
      const right = [notch(0.3, random.around(3)), notch(0.62, random.around(3)), notch(1, 0)];
      const tip: Point = [x + lean, top];
      pen.polygon([tip, ...right, ...left.toReversed()], slope(light(rock, 0.3), rock, dark(rock, 0.15)));
      pen.polygon(
        [
          tip,
          ...right,
          [x + half * 0.2, 40],
          [x + lean + half * 0.16, top + (40 - top) * 0.62],
          [x + lean - half * 0.06, top + (40 - top) * 0.34],
        ],
        dark(rock, 0.36),
        {
          inner: true,
        },
      );
      const cap = random.range(0.3, 0.42);
      const y = (k: number) => top + (40 - top) * k;
      pen.polygon(
        [
          tip,
          [x + lean * (1 - cap) + half * cap * 0.94, y(cap)],
          [x + lean + half * cap * 0.5, y(cap * 0.72)],
          [x + lean + half * cap * 0.2, y(cap * 1.12)],
          [x + lean - half * cap * 0.15, y(cap * 0.78)],
          [x + lean - half * cap * 0.45, y(cap * 1.08)],
          [x + lean * (1 - cap) - half * cap * 0.92, y(cap * 0.98)],
        ],
        across("#ffffff", "#f4f7fc", "#c3cfe0"),
        { inner: true },
      );
    };
    if (random.chance(0.8)) peak(random.range(22, 32), random.range(-22, -8), 34);
    if (random.chance(0.6)) peak(random.range(-36, -26), random.range(-16, -4), 30);
    peak(random.around(6), -46, random.range(40, 48));
    const foot = mix(rock, "#8a927a", 0.35);
    pen.path(
      `M-58 42Q-46 ${random.range(28, 36)} -28 36Q-12 ${random.range(26, 34)} 6 37Q24 ${random.range(27, 35)} 40 36Q52 33 58 42Q0 47 -58 42Z`,
      down(light(foot, 0.12), dark(foot, 0.18)),
    );
  },
};

const star: Kind = {
  name: "star",
  plural: "stars",
  colours: ["yellow"],
  habitats: ["night"],
  stance: "fly",
  tilt: 30,
  rigid: true,
  draw(pen, random, colour) {
    const yellow = mix(colour, "#ffcf3a", 0.5);
    const k = random.range(0.44, 0.54);
    const point = (i: number, scale = 1): Point => {
      const t = (i / 10) * 2 * Math.PI - Math.PI / 2;
      const r = (i % 2 ? 46 * k : 46) * scale;
      return [Math.cos(t) * r, Math.sin(t) * r];
    };
    const outline = Array.from({ length: 10 }, (_, i) => point(i));
    const d = `M${outline.map(([x, y]) => `${x} ${y}`).join("L")}Z`;
    pen.ellipse(0, 0, 66, 66, glow([0, "#ffe9a0", 0.55], [1, "#ffe9a0", 0]), { inner: true });
    pen.path(d, slope(light(yellow, 0.35), yellow, dark(yellow, 0.2)));
    pen.line(d, yellow, 5);
    for (let i = 0; i < 10; i += 2) {
      const [x, y] = point(i);
      const [px, py] = point(i + 1);
      pen.path(`M0 0L${x} ${y}L${px} ${py}Z`, dark(mix(yellow, "#f08a1e", 0.5), 0.05), {
        inner: true,
        opacity: 0.55,
      });
      const [qx, qy] = point(i + 9);
      pen.path(`M0 0L${x} ${y}L${qx} ${qy}Z`, light(yellow, 0.6), { inner: true, opacity: 0.4 });
    }
  },
};

const moon: Kind = {
  name: "moon",
  plural: "moons",
  colours: ["yellow"],
  habitats: ["night"],
  stance: "fly",
  tilt: 26,
  rigid: true,
  draw(pen, random, colour) {
    const pale = light(mix(colour, "#ffe9a3", 0.65), 0.15);
    const depth = random.range(-12, 18);
    pen.ellipse(-14, 0, 66, 66, glow([0, "#fff3c4", 0.5], [1, "#fff3c4", 0]), { inner: true });
    pen.path(
      `M12 -44C-20 -44 -42 -24 -42 0C-42 24 -20 44 12 44C${depth - 6} 34 ${depth - 12} 16 ${depth - 12} 0C${depth - 12} -16 ${depth - 6} -34 12 -44Z`,
      across(light(pale, 0.55), pale, dark(pale, 0.12)),
    );
    for (const [x, y, r] of [
      [-31, -8, 4.6],
      [-26, 14, 5.6],
      [-20, -22, 3.6],
      [-14, 30, 3],
      [-24, 1, 2.2],
    ] as const)
      pen.ellipse(x + random.around(1.5), y + random.around(3), r, r * 0.9, dark(pale, 0.16), {
        inner: true,
        opacity: 0.7,
      });
  },
};

const snowman: Kind = {
  name: "snowman",
  plural: "snowmen",
  colours: ["white"],
  habitats: ["snow"],
  stance: "stand",
  tilt: 4,
  draw(pen, random) {
    const white = {
      ...glow([0, "#ffffff", 1], [0.55, "#f1f5fb", 1], [1, "#a9bcd6", 1]),
      x1: 0.38,
      y1: 0.32,
      x2: 0.72,
    };
    const fat = random.range(0.92, 1.1);
    const lift = random.around(9);
    pen.line(
      `M20 -4L42 ${-16 + lift}M36 ${-13 + lift * 0.7}L40 ${-24 + lift}M-20 -4L-42 ${-16 - lift}M-36 ${-13 - lift * 0.7}L-41 ${-24 - lift}`,
      "#6d4a2e",
      3,
    );
    pen.ellipse(0, 28, 29 * fat, 26, white);
    pen.ellipse(0, -8, 21 * fat, 19, white);
    pen.ellipse(0, -36, 16, 15, white);
    const scarf = random.pick(["#d8423c", "#2f78d0", "#2f9a60", "#8a4fc0", "#f0a52c"]);
    pen.path("M6 -20L13 -22L17 0L9 2Z", dark(scarf, 0.2));
    pen.path("M-15 -27Q0 -18 15 -27L16 -20Q0 -11 -16 -20Z", down(light(scarf, 0.15), dark(scarf, 0.1)));
    for (const x of [-5.6, 5.6]) pen.ellipse(x, -41, 2.3, 2.6, "#26222e", { inner: true });
    pen.path(`M-1 -38L${random.pick([-1, 1]) * 17} -34L1 -32Z`, across("#ff9a3c", "#ef7d1a"));
    for (const y of [-10, 0, 14, 25]) pen.ellipse(0, y, 2.4, 2.4, "#2b2733", { inner: true });
    const hat = random.pick(["#2c2a38", "#3a3350", "#5b2d2d"]);
    if (random.chance(0.75)) {
      pen.at({ y: -50, angle: random.around(10) }, () => {
        pen.rect(-11, -20, 22, 20, across(light(hat, 0.25), hat, dark(hat, 0.3)), { round: 2 });
        pen.rect(-11, -6, 22, 5, scarf, { inner: true });
        pen.ellipse(0, 0, 19, 4, hat);
      });
    } else {
      pen.path("M-15 -44Q-14 -60 0 -62Q14 -60 15 -44Z", down(light(scarf, 0.15), dark(scarf, 0.15)));
      pen.rect(-17, -48, 34, 7, light(scarf, 0.5), { round: 3.5 });
      pen.ellipse(0, -63, 5, 5, "#fffaf0");
    }
  },
};

export const nature: readonly Kind[] = [mountain, star, moon, snowman];
