import { dark, type Hex, light, mix } from "../colour.ts";
import type { Point } from "../geometry.ts";
import { across, glow, type Pen, round, slope, tube } from "../pen.ts";
import type { Random } from "../random.ts";
import type { Kind } from "./kind.ts";
import { leaf, leafGreen } from "./leaf.ts";

const mushroom: Kind = {
  name: "mushroom",
  plural: "mushrooms",
  colours: ["red"],
  habitats: ["forest"],
  stance: "stand",
  tilt: 12,
  inside: "#fbf4e6",
  draw(pen, random, colour) {
    const w = random.range(34, 44);
    const top = random.range(-44, -34);
    const stem = random.range(9, 13);
    pen.path(
      `M${-stem} -6Q${-stem * 0.7} 20 ${-stem - 5} 44Q0 54 ${stem + 5} 44Q${stem * 0.7} 20 ${stem} -6Z`,
      tube("#f3e8d4"),
    );
    pen.path(`M${-stem - 2} 4Q0 16 ${stem + 2} 4L${stem + 1} 12Q0 22 ${-stem - 1} 12Z`, "#e3d3b6", {
      inner: true,
    });
    pen.ellipse(0, -4, w - 3, 8, "#e6d2b4");
    pen.path(
      `M${-w} -3C${-w} ${top * 1.12} ${w} ${top * 1.12} ${w} -3Q0 8 ${-w} -3Z`,
      round(mix(colour, "#d8262a", 0.5)),
    );
    const spots: readonly Point[] = [
      [-0.62, 0.3],
      [-0.22, 0.62],
      [-0.12, 0.2],
      [0.3, 0.48],
      [0.62, 0.22],
      [0.24, 0.1],
    ];
    for (const [x, y] of spots)
      pen.ellipse(
        x * w + random.around(3),
        top * y - 2,
        random.range(3.5, 6),
        random.range(2.6, 4.4),
        "#fff8ee",
        {
          inner: true,
          angle: x * 30,
        },
      );
  },
};

const flower: Kind = {
  name: "flower",
  plural: "flowers",
  colours: ["red", "pink", "purple", "blue", "white", "orange"],
  habitats: ["meadow", "valley"],
  stance: "stand",
  tilt: 14,
  inside: "#d8edc0",
  draw(pen, random, colour) {
    const bend = random.around(12);
    const green = mix(leafGreen, "#3d8b45", random.unit());
    pen.line(`M${bend} 54Q${-bend} 30 0 -8`, green, 4.5);
    pen.at({ x: bend * 0.2, y: 34, angle: random.range(-60, -30) }, () => leaf(pen, 32, 13, green));
    pen.at({ x: bend * 0.2, y: 40, angle: random.range(-150, -120) }, () => leaf(pen, 28, 12, green));
    const petals = random.integer(5, 11);
    const width = 105 / petals;
    const start = random.range(0, 90);
    for (let i = 0; i < petals; i++)
      pen.at({ y: -14, angle: start + (360 * i) / petals }, () =>
        pen.ellipse(19, 0, 17, width * 0.82, across(dark(colour, 0.22), colour, light(colour, 0.3))),
      );
    pen.ellipse(0, -14, 10, 10, round("#f7c531"), { inner: true });
  },
};

const sunflower: Kind = {
  name: "sunflower",
  plural: "sunflowers",
  colours: ["yellow"],
  habitats: ["meadow", "valley"],
  stance: "stand",
  tilt: 10,
  inside: "#eadfae",
  draw(pen, random, colour) {
    const yellow = mix(colour, "#ffc414", 0.6);
    const green = "#5c9138";
    pen.line(`M${random.around(10)} 62Q0 40 0 0`, green, 5.5);
    pen.at({ x: 1, y: 44, angle: random.range(-40, -10) }, () => leaf(pen, 34, 20, green));
    pen.at({ x: 1, y: 50, angle: random.range(-170, -140) }, () => leaf(pen, 32, 20, green));
    const petals = random.integer(13, 17);
    const ring = (reach: number, offset: number) => {
      let d = "";
      for (let i = 0; i < petals; i++) {
        const t = ((i + offset) / petals) * 2 * Math.PI;
        const point = (r: number, a: number) => `${Math.cos(t + a) * r} ${-12 + Math.sin(t + a) * r}`;
        d += `M${point(12, -0.28)}Q${point(reach * 0.72, -0.26)} ${point(reach, 0)}Q${point(reach * 0.72, 0.26)} ${point(12, 0.28)}Z`;
      }
      return d;
    };
    const reach = random.range(36, 41);
    pen.path(ring(reach, 0.5), dark(mix(yellow, "#ef8f10", 0.45), 0.04));
    pen.path(ring(reach - 2, 0), glow([0.3, mix(yellow, "#f39a12", 0.6), 1], [1, light(yellow, 0.12), 1]));
    const heart = random.range(16, 20);
    pen.ellipse(0, -12, heart, heart, glow([0, "#8a5a2a", 1], [0.5, "#553013", 1], [1, "#2f1a0b", 1]));
    let dots = "";
    for (let i = 1; i < 26; i++) {
      const r = Math.sqrt(i / 26) * (heart - 2);
      const x = Math.cos(i * 2.4) * r;
      const y = -12 + Math.sin(i * 2.4) * r;
      dots += `M${x} ${y}L${x} ${y + 0.8}`;
    }
    pen.line(dots, "#b5803f", 1.8, { inner: true });
  },
};

const cactus: Kind = {
  name: "cactus",
  plural: "cacti",
  colours: ["green"],
  habitats: ["desert"],
  stance: "stand",
  tilt: 4,
  inside: "#cfe6a8",
  draw(pen, random, colour) {
    const green = mix(colour, "#4f9a57", 0.5);
    const w = random.range(9, 14);
    const top = random.range(-54, -28);
    const arm = (side: number, y: number, rise: number, reach: number) =>
      pen.at({ flip: side < 0 }, () => {
        const r = w * 0.62;
        const path = `M0 ${y}L${reach - 9} ${y}Q${reach} ${y} ${reach} ${y - 9}L${reach} ${y - rise}`;
        pen.line(path, dark(green, side > 0 ? 0.3 : 0.12), r * 2);
        pen.line(
          `M0 ${y - 1.5}L${reach - 9} ${y - 1.5}Q${reach - 1.5} ${y - 1} ${reach - 1.5} ${y - 9}L${reach - 1.5} ${y - rise}`,
          green,
          r * 1.1,
          {
            inner: true,
          },
        );
      });
    arm(1, random.range(-8, 16), random.range(16, 36), random.range(25, 34));
    if (random.chance(0.85)) arm(-1, random.range(-4, 22), random.range(16, 36), random.range(25, 34));
    pen.rect(-w, top, w * 2, 52 - top, tube(green), { round: w });
    pen.line(
      `M${-w * 0.4} ${top + 8}L${-w * 0.4} 50M${w * 0.4} ${top + 8}L${w * 0.4} 50`,
      dark(green, 0.3),
      1.4,
      {
        inner: true,
        opacity: 0.7,
      },
    );
    let spines = "";
    for (let i = 0; i < 10; i++) {
      const y = top + 10 + i * 8.6 * ((52 - top) / 100);
      const x = i % 2 ? 0 : -w * 0.75;
      spines += `M${x - 2} ${y - 1}L${x + 2} ${y + 1}`;
    }
    pen.line(spines, "#f2f3c8", 1, { inner: true });
    if (random.chance(0.35)) {
      for (const angle of [-130, -90, -50])
        pen.at({ y: top + 1, angle }, () => pen.ellipse(6, 0, 6, 3.4, slope("#ff9cc0", "#e0457f")));
    }
  },
};

function crown(pen: Pen, random: Random, green: Hex): void {
  const w = random.range(0.9, 1.15);
  const puffs: readonly (readonly [number, number, number, number])[] = [
    [-21, -4, 16, 0.2],
    [21, -4, 16, 0.28],
    [0, 0, 18, 0.24],
    [15, -27, 17, 0.12],
    [-15, -25, 17, 0],
    [0, -38, 14, -0.08],
    [0, -15, 18, -0.06],
  ];
  for (const [x, y, r, shade] of puffs) {
    const tone = shade > 0 ? dark(green, shade) : light(green, -shade);
    const size = r * random.range(0.9, 1.12);
    pen.ellipse(x * w + random.around(4), y + random.around(4), size * w, size, round(tone, 0.8));
  }
}

const tree: Kind = {
  name: "tree",
  plural: "trees",
  colours: ["green"],
  habitats: ["meadow", "street", "valley"],
  stance: "stand",
  tilt: 3,
  inside: "#e9cf9f",
  draw(pen, random, colour) {
    if (random.chance(0.68)) {
      const green = mix(colour, random.pick(["#4c9a3a", "#3c8250", "#7aa83a"]), 0.55);
      pen.path("M-6 54Q-3 30 -4 4L5 4Q4 30 8 54Q0 51 -6 54Z", across("#8d633e", "#5d3f27"));
      pen.line("M0 18Q8 10 14 0M-1 24Q-8 16 -14 4", "#6b4a2e", 3.2);
      crown(pen, random, green);
      return;
    }
    const green = mix(colour, "#2f6f4f", 0.65);
    pen.rect(-5, 36, 10, 20, across("#86603c", "#583c25"));
    const w = random.range(26, 34);
    for (const [k, y] of [
      [1, 40],
      [0.8, 18],
      [0.56, -6],
    ] as const) {
      const half = w * k;
      pen.path(
        `M0 ${y - 46 * k - 8}Q${half * 0.4} ${y - 16} ${half} ${y}Q${half * 0.5} ${y + 5} 0 ${y + 3}Q${-half * 0.5} ${y + 5} ${-half} ${y}Q${-half * 0.4} ${y - 16} 0 ${y - 46 * k - 8}Z`,
        across(light(green, 0.22), green, dark(green, 0.34)),
      );
    }
  },
};

export const plants: readonly Kind[] = [mushroom, flower, sunflower, cactus, tree];
