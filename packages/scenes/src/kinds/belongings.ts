import { dark, light, mix } from "../colour.ts";
import { across, down, slope, tube } from "../pen.ts";
import { type Kind, paintColours } from "./kind.ts";

const book: Kind = {
  name: "book",
  plural: "books",
  colours: [...paintColours, "brown"],
  habitats: ["room"],
  stance: "stand",
  tilt: 12,
  inside: "#fbf4e2",
  draw(pen, random, colour) {
    if (random.chance(0.5)) {
      const lift = random.range(6, 12);
      const page = "#fffaf0";
      pen.path(`M-52 -24L0 -18L52 -24L54 30L2 38L-2 38L-54 30Z`, down(colour, dark(colour, 0.35)));
      for (const flip of [false, true])
        pen.at({ flip }, () => {
          pen.path(
            `M0 -20Q20 ${-26 - lift} 48 -27L50 25Q22 ${26 - lift} 0 34Z`,
            flip ? across(dark(page, 0.03), dark(page, 0.24)) : across(dark(page, 0.2), page),
            {},
          );
          let lines = "";
          for (let i = 0; i < 5; i++)
            lines += `M9 ${-13 + i * 8.6 - lift * 0.3}Q24 ${-19 + i * 8.6 - lift * 0.6} 41 ${-19 + i * 8.6}`;
          pen.line(lines, "#8d8492", 2, { inner: true, opacity: 0.75 });
        });
      return;
    }
    const thick = random.range(9, 15);
    pen.path(`M-28 -48L26 -48L${26 + thick} -40L${26 + thick} 50L-20 50L-28 44Z`, dark(colour, 0.42));
    pen.path(`M-24 44L26 44L${24 + thick} 48L-18 48Z`, "#e9dfc8", { inner: true });
    pen.path(`M26 -46L${24 + thick} -39L${24 + thick} 48L26 42Z`, across("#fffaf0", "#d9cdb4"), {
      inner: true,
    });
    pen.rect(-30, -48, 58, 92, slope(light(colour, 0.25), colour, dark(colour, 0.16)), { round: 3 });
    pen.rect(-30, -48, 9, 92, dark(colour, 0.25), { inner: true, round: 2 });
    const gold = light(mix(colour, "#f2cf6a", 0.85), 0.2);
    pen.line("M-12 -34L20 -34M-8 -24L16 -24", gold, 4, { inner: true });
    pen.ellipse(4, 8, 11, 13, gold, { inner: true });
    pen.ellipse(4, 8, 7, 9, colour, { inner: true });
    if (random.chance(0.5)) pen.path("M12 44L12 58L15.5 54L19 58L19 44Z", "#d8423c");
  },
};

const hat: Kind = {
  name: "hat",
  plural: "hats",
  colours: [...paintColours, "brown", "black"],
  habitats: ["beach", "room"],
  stance: "stand",
  tilt: 12,
  inside: "#e9dfc8",
  draw(pen, random, colour) {
    const tall = random.range(26, 58);
    const w = random.range(22, 27);
    const brim = random.range(44, 54);
    const band = random.pick(["#fff4df", "#d8423c", "#2b2b3b", "#f2c14a"]);
    pen.ellipse(0, 18, brim, 12, down(light(colour, 0.15), dark(colour, 0.38)));
    pen.ellipse(0, 15.5, brim, 11, slope(light(colour, 0.3), colour, dark(colour, 0.2)));
    const dent = random.chance(0.5) ? 8 : -4;
    pen.path(
      `M${-w} 14C${-w * 0.98} 0 ${-w * 0.95} ${10 - tall} ${-w * 0.7} ${12 - tall}Q0 ${12 - tall + dent} ${w * 0.7} ${12 - tall}C${w * 0.95} ${10 - tall} ${w * 0.98} 0 ${w} 14Q0 23 ${-w} 14Z`,
      tube(colour),
    );
    pen.path(
      `M${-w} 14Q0 23 ${w} 14L${w * 0.985} 4Q0 13 ${-w * 0.985} 4Z`,
      across(dark(band, 0.15), light(band, 0.2), dark(band, 0.25)),
      { inner: true },
    );
  },
};

const shoe: Kind = {
  name: "shoe",
  plural: "shoes",
  colours: [...paintColours, "white", "black"],
  habitats: ["street", "room"],
  stance: "stand",
  tilt: 8,
  inside: "#f4ead9",
  draw(pen, random, colour) {
    const ankle = random.range(-36, -22);
    pen.path(
      `M-44 ${ankle}Q-30 ${ankle - 4} -12 ${ankle + 2}Q-6 -6 12 -2Q30 4 44 8Q54 14 53 26L-48 26Q-46 0 -44 ${ankle}Z`,
      down(light(colour, 0.28), colour, dark(colour, 0.25)),
    );
    pen.ellipse(-28, ankle + 0.6, 16, 3.6, dark(colour, 0.5), { inner: true, angle: 4 });
    pen.path("M32 5Q54 10 53 26L34 26Q26 16 32 5Z", "#fbf7ee", { inner: true });
    pen.path(`M-44 10Q-24 4 -20 26L-48 26Z`, dark(colour, 0.25), { inner: true });
    pen.path("M-14 24Q0 8 20 14Q4 16 -4 25Z", light(colour, 0.7), { inner: true });
    pen.line(`M-9 -12L4 -16M-2 -5L10 -10M9 -1L18 -7`, "#fffdf6", 3.4);
    pen.path("M-50 24Q0 29 55 24Q57 34 50 36L-46 36Q-52 34 -50 24Z", down("#ffffff", "#cfcabf"));
    pen.line("M-48 31L53 31", mix(colour, "#c9c4b8", 0.2), 1.6, { inner: true });
  },
};

const guitar: Kind = {
  name: "guitar",
  plural: "guitars",
  colours: ["brown", "red", "orange", "blue", "black"],
  habitats: ["room", "beach"],
  stance: "stand",
  tilt: 26,
  inside: "#efd3a0",
  draw(pen, random, colour) {
    const wood = colour;
    const w = random.range(0.92, 1.1);
    pen.path("M-5 -84L5 -84L7 -66L4 -64L-4 -64L-7 -66Z", dark(mix(wood, "#5b3a22", 0.6), 0.2));
    for (const y of [-80, -74, -68]) for (const x of [-8, 8]) pen.ellipse(x, y, 2.6, 2, "#e6e1d4");
    pen.rect(-3.8, -66, 7.6, 62, across("#6d4a2e", "#3c2616"));
    const outline = (k: number) =>
      `M0 ${-22 * k + 14 - 14 * k}C${22 * w * k} -28 ${26 * w * k} ${-6 * k} ${17 * w * k} 6C${34 * w * k} 14 ${36 * w * k} ${50 * k} 0 ${50 * k}C${-36 * w * k} ${50 * k} ${-34 * w * k} 14 ${-17 * w * k} 6C${-26 * w * k} ${-6 * k} ${-22 * w * k} -28 0 ${-22 * k + 14 - 14 * k}Z`;
    pen.path(outline(1), dark(wood, 0.45));
    pen.at({ y: 0.6, scale: 0.93 }, () =>
      pen.path(outline(1), slope(light(wood, 0.5), light(wood, 0.15), dark(wood, 0.15)), { inner: true }),
    );
    pen.ellipse(0, 8, 9.6, 9.6, light(wood, 0.65), { inner: true });
    pen.ellipse(0, 8, 7.8, 7.8, "#2a1a12", { inner: true });
    pen.rect(-3.8, -30, 7.6, 32, across("#6d4a2e", "#3c2616"), { inner: true });
    pen.rect(-11, 31, 22, 5.4, dark(mix(wood, "#5b3a22", 0.5), 0.35), { inner: true, round: 2 });
    pen.line("M-2.2 -64L-3 33M0 -64L0 33M2.2 -64L3 33", "#f4efe2", 0.8, { inner: true });
    pen.line("M-3.6 -54L3.6 -54M-3.6 -44L3.6 -44M-3.6 -34L3.6 -34M-3.6 -24L3.6 -24", "#d9d2c0", 0.9, {
      inner: true,
    });
  },
};

const screw: Kind = {
  name: "screw",
  plural: "screws",
  colours: ["grey"],
  habitats: ["workshop"],
  stance: "stand",
  tilt: 45,
  inside: "#7d828e",
  draw(pen, random, colour) {
    const steel = mix(colour, "#a7adb9", 0.5);
    const w = random.range(9, 12);
    const length = random.range(40, 56);
    const turns = Math.round(length / 8);
    const shaft = across(dark(steel, 0.3), light(steel, 0.75), steel, dark(steel, 0.55));
    pen.path(
      `M${-w * 0.62} -34L${-w * 0.62} ${length - 14}L0 ${length}L${w * 0.62} ${length - 14}L${w * 0.62} -34Z`,
      shaft,
    );
    for (let i = 0; i < turns; i++) {
      const y = -24 + (i * (length + 8)) / turns;
      const half = w * (y > length - 18 ? Math.max(0.4, (length - y) / 18) : 1.02);
      pen.path(
        `M${-half} ${y + 2}L${half} ${y - 3.4}L${half + 1.4} ${y - 0.6}L${-half - 0.4} ${y + 5.4}Z`,
        shaft,
      );
    }
    const head = random.range(20, 25);
    pen.path(
      `M${-head} -43Q0 -37 ${head} -43L${w * 0.64} -27Q0 -25 ${-w * 0.64} -27Z`,
      across(dark(steel, 0.25), light(steel, 0.6), dark(steel, 0.45)),
    );
    pen.ellipse(0, -44, head, 8, slope(light(steel, 0.7), steel, dark(steel, 0.2)));
    if (random.chance(0.5))
      pen.line(`M${-head + 6} -45L${head - 6} -43`, dark(steel, 0.75), 4, { inner: true });
    else
      pen.line(
        `M${-head + 9} -46L${head - 9} -42M${-head * 0.4} -40.5L${head * 0.4} -47.5`,
        dark(steel, 0.75),
        3.4,
        { inner: true },
      );
  },
};

const ball: Kind = {
  name: "ball",
  plural: "balls",
  colours: paintColours,
  habitats: ["beach", "meadow", "snow"],
  stance: "stand",
  tilt: 40,
  rigid: true,
  inside: "#f4ead9",
  draw(pen, random, colour) {
    const r = 42;
    const white = "#fffaf0";
    pen.ellipse(0, 0, r, r, white);
    const style = random.integer(0, 2);
    if (style === 0) {
      const at = (t: number, k = r): string => `${Math.cos(t) * k} ${Math.sin(t) * k}`;
      const hub = [random.range(-14, -4), random.range(-16, -8)] as const;
      for (let i = 0; i < 3; i++) {
        const t = (i / 3) * 2 * Math.PI + 0.4;
        const u = t + Math.PI / 3;
        const edge = at((t + u) / 2, r * 1.16);
        pen.path(
          `M${hub[0]} ${hub[1]}Q${at(t, r * 0.6)} ${at(t)}Q${edge} ${at(u)}Q${at(u, r * 0.6)} ${hub[0]} ${hub[1]}Z`,
          colour,
          { inner: true },
        );
      }
      pen.ellipse(hub[0], hub[1], 5, 5, light(colour, 0.3), { inner: true });
    } else if (style === 1) {
      pen.ellipse(0, 0, r, r, colour, { inner: true });
      pen.path(`M${-r} -7Q0 12 ${r} -7L${r * 0.97} 11Q0 30 ${-r * 0.97} 11Z`, white, { inner: true });
      pen.path(`M${-r} -1.5Q0 18 ${r} -1.5L${r} 4Q0 23 ${-r} 4Z`, dark(colour, 0.2), { inner: true });
    } else {
      pen.ellipse(0, 0, r, r, colour, { inner: true });
      for (const [x, y, s] of [
        [-16, -16, 10],
        [16, -12, 9],
        [0, 12, 10],
        [-26, 14, 7],
        [26, 18, 8],
        [2, -34, 6],
        [4, 35, 6],
      ] as const)
        pen.ellipse(x, y, s, s * 0.95, white, { inner: true });
    }
    pen.ellipse(
      0,
      0,
      r,
      r,
      {
        type: "radial",
        x1: 0.36,
        y1: 0.3,
        x2: 0.76,
        y2: 0,
        stops: [
          [0, "#ffffff", 0.4],
          [0.35, "#ffffff", 0],
          [0.6, "#1c1533", 0.08],
          [1, "#1c1533", 0.55],
        ],
      },
      { inner: true },
    );
  },
};

export const belongings: readonly Kind[] = [book, hat, shoe, guitar, screw, ball];
