import { dark, type Hex, light, mix } from "../colour.ts";
import { across, down, type Pen, round, slope } from "../pen.ts";
import type { Kind } from "./kind.ts";

function eye(pen: Pen, x: number, y: number, r: number): void {
  pen.ellipse(x, y, r, r, "#ffffff", { inner: true });
  pen.ellipse(x + r * 0.15, y, r * 0.62, r * 0.62, "#1d1a2b", { inner: true });
  pen.ellipse(x - r * 0.1, y - r * 0.28, r * 0.22, r * 0.22, "#ffffff", { inner: true });
}

/** A dark eye with a glint, for furry and feathered heads. */
function bead(pen: Pen, x: number, y: number, r: number): void {
  pen.ellipse(x, y, r, r * 1.15, "#1d1a2b", { inner: true });
  pen.ellipse(x - r * 0.3, y - r * 0.4, r * 0.32, r * 0.32, "#ffffff", { inner: true });
}

const fish: Kind = {
  name: "fish",
  plural: "fish",
  colours: ["orange", "red", "yellow", "blue", "purple", "turquoise", "pink"],
  habitats: ["underwater", "sea"],
  stance: "swim",
  tilt: 14,
  draw(pen, random, colour) {
    const h = random.range(18, 27);
    const fin = dark(mix(colour, "#ff9a3c", random.range(0, 0.35)), 0.1);
    const tail = random.range(17, 25);
    pen.path(
      `M-26 0Q-40 ${-tail} -52 ${-tail}Q-44 0 -52 ${tail}Q-40 ${tail} -26 0Z`,
      across(dark(fin, 0.25), light(fin, 0.1)),
    );
    pen.path(`M-16 ${-h * 0.7}Q-6 ${-h - 14} 20 ${-h * 0.6}Z`, slope(light(fin, 0.2), fin));
    pen.path(`M-8 ${h * 0.7}Q-6 ${h + 12} 8 ${h * 0.8}Z`, fin);
    pen.path(
      `M-34 0C-20 ${-h * 1.3} 24 ${-h * 1.35} 46 2C24 ${h * 1.3} -20 ${h * 1.2} -34 0Z`,
      down(dark(colour, 0.12), colour, light(colour, 0.2), light(colour, 0.5)),
    );
    const pattern = random.integer(0, 2);
    if (pattern === 0) {
      for (const x of [-12, 4])
        pen.path(
          `M${x - 4} ${-h * 0.82}Q${x + 4} 0 ${x - 4} ${h * 0.78}L${x + 4} ${h * 0.84}Q${x + 12} 0 ${x + 4} ${-h * 0.9}Z`,
          "#fffaf0",
          {
            inner: true,
            opacity: 0.85,
          },
        );
    } else if (pattern === 1) {
      let scales = "";
      for (const [x, y] of [
        [-14, -6],
        [-14, 6],
        [-4, 0],
        [-4, -11],
        [-4, 11],
        [6, -6],
        [6, 6],
      ] as const)
        scales += `M${x} ${y - 5}Q${x - 7} ${y} ${x} ${y + 5}`;
      pen.line(scales, dark(colour, 0.3), 1.6, { inner: true, opacity: 0.6 });
    }
    pen.line(`M20 ${-h * 0.62}Q14 0 20 ${h * 0.6}`, dark(colour, 0.3), 1.8, { inner: true, opacity: 0.7 });
    pen.path("M4 3Q-8 8 -9 15Q4 16 10 8Z", dark(fin, 0.12), { inner: true });
    eye(pen, 31, -4, 5.4);
    pen.line("M44 5Q40 8 36 7", dark(colour, 0.45), 1.5, { inner: true });
  },
};

const bird: Kind = {
  name: "bird",
  plural: "birds",
  colours: ["blue", "red", "yellow", "green", "brown", "black"],
  habitats: ["sky", "forest", "valley"],
  stance: "fly",
  tilt: 14,
  draw(pen, random, colour) {
    const lift = random.range(40, 54);
    const sweep = random.range(10, 30);
    const wing = (x: number, lean: number, tone: Hex) => {
      const tipX = x - sweep + lean;
      const tipY = -lift + Math.abs(lean) * 0.3;
      pen.path(
        `M${x + 17} -6Q${x + 20} ${tipY * 0.75} ${tipX} ${tipY}Q${tipX + 1} ${tipY * 0.84} ${tipX - 5} ${tipY * 0.74}Q${tipX + 1} ${tipY * 0.64} ${tipX - 7} ${tipY * 0.5}Q${tipX + 1} ${tipY * 0.42} ${x - 16} ${tipY * 0.22}Q${x - 14} 6 ${x + 4} 8Q${x + 14} 4 ${x + 17} -6Z`,
        down(light(tone, 0.22), tone, dark(tone, 0.28)),
      );
    };
    wing(12, 20, dark(colour, 0.36));
    pen.path("M-20 2L-54 -9L-49 0L-57 5L-47 10L-18 11Z", across(dark(colour, 0.4), colour));
    pen.path(
      "M-28 4C-20 -14 10 -20 24 -17C32 -26 48 -22 48 -8C46 8 22 20 2 18C-12 17 -22 12 -28 4Z",
      down(light(colour, 0.18), colour, light(mix(colour, "#ffe9cf", 0.75), 0.2)),
    );
    wing(-4, 0, colour);
    pen.path("M46 -13L61 -8L46 -4Q44 -8 46 -13Z", slope("#ffc04a", "#e0811c"));
    eye(pen, 38, -11, 4);
  },
};

const butterfly: Kind = {
  name: "butterfly",
  plural: "butterflies",
  colours: ["orange", "blue", "purple", "yellow", "pink", "red"],
  habitats: ["meadow", "forest"],
  stance: "fly",
  tilt: 26,
  draw(pen, random, colour) {
    const edge = dark(colour, 0.62);
    const spread = random.range(0.84, 1.06);
    const upper = random.range(36, 44);
    const lower = random.range(28, 36);
    for (const flip of [false, true]) {
      pen.at({ flip }, () => {
        const s = spread;
        pen.path(
          `M2 2C${20 * s} -4 ${36 * s} 6 ${32 * s} 22C${28 * s} ${lower + 6} ${8 * s} ${lower} 2 8Z`,
          dark(edge, 0.1),
        );
        pen.path(
          `M3 4C${18 * s} 0 ${31 * s} 8 ${27 * s} 21C${23 * s} ${lower - 2} ${8 * s} ${lower - 6} 3 8Z`,
          across(light(colour, 0.3), colour),
          {
            inner: true,
          },
        );
        pen.path(
          `M2 0C${6 * s} -26 ${28 * s} ${-upper - 4} ${46 * s} ${-upper}C${54 * s} -24 ${46 * s} 2 ${26 * s} 5C${14 * s} 6 6 4 2 0Z`,
          edge,
        );
        pen.path(
          `M4 -2C${9 * s} -22 ${26 * s} ${-upper + 3} ${40 * s} ${-upper + 6}C${46 * s} -24 ${40 * s} -3 ${25 * s} 0C${15 * s} 2 8 1 4 -2Z`,
          across(light(colour, 0.35), colour, dark(colour, 0.12)),
          { inner: true },
        );
        pen.ellipse(31 * s, -upper * 0.55, 5, 4.4, light(colour, 0.75), { inner: true });
        pen.ellipse(20 * s, 19, 4, 3.6, light(colour, 0.75), { inner: true });
        pen.ellipse(42 * s, -upper + 8, 2, 2, "#fff6e0", { inner: true });
        pen.line(`M4 -4Q${18 * s} -16 ${30 * s} -28`, edge, 1.2, { inner: true, opacity: 0.6 });
        pen.line("M0 -16Q4 -30 12 -36", "#2a2030", 1.8);
      });
    }
    pen.ellipse(0, 2, 3.8, 19, across("#54434a", "#1d1520"));
    pen.ellipse(0, -17, 4.2, 4.4, "#2a2030");
  },
};

const cat: Kind = {
  name: "cat",
  plural: "cats",
  colours: ["orange", "grey", "black", "white"],
  habitats: ["room", "street"],
  stance: "stand",
  tilt: 5,
  draw(pen, random, colour) {
    const shade = dark(colour, 0.25);
    const belly = light(colour, colour < "#555555" ? 0.25 : 0.55);
    const curl = random.range(-6, 8);
    pen.line(`M16 46Q46 ${50 + curl / 3} 42 ${26 + curl}Q40 ${14 + curl} 48 ${8 + curl}`, shade, 8);
    pen.path("M-20 52C-31 30 -25 2 -13 -12L13 -12C25 2 31 30 22 52Q0 56 -20 52Z", round(colour, 0.85));
    pen.ellipse(0, 24, 10, 17, belly, { inner: true, opacity: 0.8 });
    pen.line("M-7 30L-7 49M7 30L7 49", shade, 1.8, { inner: true, opacity: 0.6 });
    for (const x of [-9, 9]) pen.ellipse(x, 50, 8, 4.6, light(colour, 0.25));
    for (const flip of [false, true])
      pen.at({ flip }, () => {
        pen.path("M6 -36Q14 -52 24 -54Q28 -40 25 -26Z", slope(light(colour, 0.1), shade));
        pen.path("M13 -37Q18 -47 22 -48Q24 -40 22 -32Z", "#f0a8a4", { inner: true });
      });
    pen.blob(
      [
        [0, -43],
        [17, -39],
        [27, -24],
        [19, -8],
        [0, -3],
        [-19, -8],
        [-27, -24],
        [-17, -39],
      ],
      round(colour, 0.7),
    );
    if (random.chance(0.6)) {
      pen.line(
        "M0 -42L0 -33M-7 -41L-6 -34M7 -41L6 -34M-25 -22L-18 -21M25 -22L18 -21M-20 20L-13 22M20 20L13 22M-22 30L-15 32M22 30L15 32",
        dark(colour, 0.42),
        2.4,
        {
          inner: true,
        },
      );
    }
    pen.ellipse(0, -13, 11, 7, belly, { inner: true });
    const iris = random.pick(["#8fc93a", "#f2c12e", "#57b8d9"]);
    for (const x of [-11, 11]) {
      pen.ellipse(x, -25, 5.4, 5.8, iris, { inner: true });
      pen.ellipse(x, -25, 2.1, 5, "#15121f", { inner: true });
      pen.ellipse(x - 1.6, -27.4, 1.3, 1.3, "#ffffff", { inner: true });
    }
    pen.path("M-3.6 -18L3.6 -18L0 -14Z", "#e2707a", { inner: true });
    pen.line("M0 -14Q-3 -9 -7 -11M0 -14Q3 -9 7 -11", dark(colour, 0.6), 1.3, { inner: true });
    pen.line("M-12 -13L-34 -17M-12 -11L-34 -8M12 -13L34 -17M12 -11L34 -8", mix("#ffffff", colour, 0.2), 0.9, {
      inner: true,
    });
  },
};

const dog: Kind = {
  name: "dog",
  plural: "dogs",
  colours: ["brown", "white", "black", "grey"],
  habitats: ["street", "beach", "meadow"],
  stance: "stand",
  tilt: 5,
  draw(pen, random, colour) {
    const shade = dark(colour, 0.26);
    const patch = random.chance(0.5) ? dark(mix(colour, "#7a4a26", 0.6), 0.2) : dark(colour, 0.35);
    const long = random.range(0, 10);
    const back = -32 - long;
    const leg = (x: number, tone: Hex, swing: number) =>
      pen.path(
        `M${x - 6} 16L${x - 5 + swing} 48Q${x - 4 + swing} 52 ${x + 1 + swing} 52L${x + 8 + swing} 52Q${x + 7 + swing} 47 ${x + 4 + swing} 46L${x + 7} 16Z`,
        tone,
      );
    const swing = random.around(6);
    leg(back + 14, shade, -swing);
    leg(16, shade, swing);
    pen.line(`M${back + 2} 0Q${back - 14} -8 ${back - 12} ${-24 + random.around(8)}`, colour, 6.5);
    leg(back + 6, colour, swing);
    leg(24, colour, -swing);
    pen.path(
      `M${back} 4Q${back + 2} -10 ${back + 18} -9L14 -10Q34 -12 34 6Q34 22 20 25Q0 18 ${back + 16} 24Q${back - 2} 24 ${back} 4Z`,
      down(light(colour, 0.25), colour, shade),
    );
    if (random.chance(0.5)) pen.ellipse(-8 - long / 2, 1, 13, 8, patch, { inner: true, opacity: 0.85 });
    pen.path("M14 4Q18 -24 32 -28L42 -6Q38 12 26 14Z", across(colour, light(colour, 0.15)));
    pen.line("M18 -3Q28 6 39 1", random.pick(["#d8342f", "#2f6fd8", "#2d9a57"]), 4.4, { inner: true });
    pen.path(
      "M18 -26C18 -46 44 -50 49 -34Q62 -32 65 -25Q66 -16 54 -14Q44 -8 32 -10Q18 -12 18 -26Z",
      round(light(colour, 0.08), 0.75),
    );
    pen.path("M30 -43Q16 -48 12 -32Q10 -14 19 -10Q28 -18 30 -34Z", slope(patch, dark(patch, 0.3)));
    pen.ellipse(63.5, -27, 4.4, 3.6, "#1f1a24");
    pen.line("M50 -17Q56 -16 61 -19", dark(colour, 0.6), 1.5, { inner: true });
    if (random.chance(0.4)) pen.path("M50 -16Q57 -15 57 -12Q55 -4 51 -8Z", "#ee7d86");
    bead(pen, 43, -32, 3.2);
  },
};

const snail: Kind = {
  name: "snail",
  plural: "snails",
  colours: ["brown"],
  habitats: ["forest", "meadow"],
  stance: "stand",
  tilt: 6,
  draw(pen, random, colour) {
    const skin = mix("#d9b98a", "#c2a06e", random.unit());
    const reach = random.range(-4, 4);
    pen.line(`M38 4Q40 -14 ${36 + reach} -26M45 6Q50 -10 ${52 + reach} -20`, dark(skin, 0.12), 3);
    pen.ellipse(36 + reach, -27, 3.6, 3.6, "#33262a");
    pen.ellipse(52 + reach, -21, 3.6, 3.6, "#33262a");
    pen.path(
      "M-54 30Q-30 12 -10 16Q18 20 28 4Q34 -8 46 -2Q56 6 48 20Q40 34 20 34L-46 34Q-54 34 -54 30Z",
      down(light(skin, 0.25), skin, dark(skin, 0.22)),
    );
    const r = random.range(25, 29);
    pen.ellipse(-8, -2, r, r, round(mix(colour, "#b0642c", 0.45)));
    let spiral = "";
    for (let i = 0; i <= 44; i++) {
      const t = 1.2 + i * 0.33;
      const s = r * (0.06 + 0.86 * (1 - i / 44));
      spiral += `${i ? "L" : "M"}${-8 + Math.cos(t) * s} ${-2 + Math.sin(t) * s}`;
    }
    pen.line(spiral, dark(mix(colour, "#5b2d14", 0.6), 0.1), 3.4, { inner: true });
    pen.line("M46 14Q42 17 38 15", dark(skin, 0.5), 1.6, { inner: true });
  },
};

const turtle: Kind = {
  name: "turtle",
  plural: "turtles",
  colours: ["green"],
  habitats: ["beach", "underwater"],
  stance: "stand",
  tilt: 8,
  draw(pen, random, colour) {
    const skin = mix("#a9bf62", "#8fb36a", random.unit());
    const shell = mix(colour, "#5d7f36", 0.5);
    const dome = random.range(34, 42);
    const head = random.range(-13, 7);
    pen.path("M-36 12L-50 18Q-52 22 -46 22L-32 18Z", dark(skin, 0.15));
    for (const [x, swing] of [
      [-24, random.around(5)],
      [20, random.around(5)],
    ] as const)
      pen.path(
        `M${x - 9} 12L${x - 9 + swing} 30Q${x - 8 + swing} 34 ${x + swing} 34L${x + 7 + swing} 34Q${x + 11 + swing} 30 ${x + 8 + swing} 26L${x + 10} 12Z`,
        down(skin, dark(skin, 0.3)),
      );
    pen.path(
      `M26 6Q38 ${4 + head} 40 ${-8 + head}C42 ${-22 + head} 62 ${-20 + head} 62 ${-6 + head}C62 ${6 + head} 48 12 30 20Z`,
      round(skin, 0.8),
    );
    pen.path(`M-42 14C-40 ${-dome * 1.02} 34 ${-dome * 1.02} 38 14Z`, round(shell));
    const k = dome / 38;
    pen.path(`M-14 ${-10 * k}L-4 ${-19 * k}L8 ${-10 * k}L4 2L-10 2Z`, light(shell, 0.22), {
      inner: true,
      opacity: 0.75,
    });
    pen.line(
      `M-14 ${-10 * k}L-4 ${-19 * k}L8 ${-10 * k}L4 2L-10 2ZM-14 ${-10 * k}L-30 ${-8 * k}M8 ${-10 * k}L25 ${-8 * k}M-10 2L-18 13M4 2L14 13M-4 ${-19 * k}L-4 ${-25 * k}`,
      dark(shell, 0.42),
      2.2,
      { inner: true },
    );
    pen.path(
      "M-46 11Q-2 14 42 11Q44 18 40 19Q-2 26 -44 19Q-48 18 -46 12Z",
      down(light(mix(shell, "#d9c27a", 0.6), 0.1), dark(shell, 0.2)),
    );
    bead(pen, 53, -9 + head, 2.8);
    pen.line(`M60 ${-1 + head}Q56 ${1 + head} 52 ${head}`, dark(skin, 0.5), 1.4, { inner: true });
  },
};

const whale: Kind = {
  name: "whale",
  plural: "whales",
  colours: ["blue"],
  habitats: ["sea", "underwater"],
  stance: "swim",
  tilt: 8,
  draw(pen, random, colour) {
    const blue = mix(colour, "#4a7fb5", 0.6);
    const h = random.range(24, 29);
    const lift = random.range(-34, -22);
    if (random.chance(0.6)) {
      pen.line(
        `M22 ${-h}Q22 ${-h - 12} 12 ${-h - 18}M22 ${-h}Q22 ${-h - 13} 32 ${-h - 19}M22 ${-h}L22 ${-h - 20}`,
        "#d5efff",
        3,
        {
          opacity: 0.9,
        },
      );
    }
    pen.path(
      `M-44 ${lift + 6}Q-58 ${lift + 4} -62 ${lift - 10}Q-50 ${lift - 12} -42 ${lift - 2}Q-34 ${lift - 14} -22 ${lift - 12}Q-26 ${lift + 3} -38 ${lift + 8}Z`,
      slope(light(blue, 0.15), dark(blue, 0.15)),
    );
    pen.path(
      `M-45 ${lift + 2}Q-38 ${lift} -36 ${lift + 4}Q-30 -6 -14 ${-h * 0.7}C8 ${-h * 1.35} 50 ${-h} 52 2C54 ${h} 30 ${h * 1.1} 6 ${h}C-24 ${h * 0.9} -46 8 -45 ${lift + 2}Z`,
      down(light(blue, 0.22), blue, dark(blue, 0.24)),
    );
    pen.path(
      `M51 8C50 ${h} 30 ${h * 1.05} 8 ${h * 0.94}C-8 ${h * 0.9} -20 16 -24 10Q16 16 51 8Z`,
      down("#e9f1f4", "#b9cdd8"),
      { inner: true },
    );
    pen.line(
      `M44 13Q40 20 34 ${h * 0.82}M32 14Q28 20 23 ${h * 0.9}M19 14Q16 20 12 ${h * 0.9}M6 13Q4 18 1 ${h * 0.82}`,
      "#8ba6b8",
      1.4,
      { inner: true },
    );
    pen.path("M12 12Q4 30 -12 32Q-10 18 0 10Z", dark(blue, 0.3));
    eye(pen, 34, -2, 3.6);
    pen.line("M51 8Q44 11 38 8", dark(blue, 0.45), 1.8, { inner: true });
  },
};

const penguin: Kind = {
  name: "penguin",
  plural: "penguins",
  colours: ["black"],
  habitats: ["snow"],
  stance: "stand",
  tilt: 8,
  draw(pen, random, colour) {
    const coat = mix(colour, "#2c3348", 0.6);
    const fat = random.range(0.9, 1.12);
    const spread = random.range(2, 24);
    for (const flip of [false, true])
      pen.at({ flip }, () => {
        pen.path(
          `M${20 * fat} -12Q${34 * fat + spread} 6 ${28 * fat + spread} 26Q${22 * fat} 20 ${20 * fat} 8Z`,
          dark(coat, 0.25),
        );
        pen.path("M2 50Q6 42 16 44Q24 48 22 52L4 52Z", down("#ffb03a", "#e07d18"));
      });
    pen.path(
      `M0 -52C18 -52 20 -34 ${20 * fat} -20C${34 * fat} 4 ${30 * fat} 48 0 49C${-30 * fat} 48 ${-34 * fat} 4 ${-20 * fat} -20C-20 -34 -18 -52 0 -52Z`,
      round(light(coat, 0.05), 0.7),
    );
    pen.path(
      `M0 -16C${16 * fat} -16 ${24 * fat} 10 ${20 * fat} 30C${16 * fat} 48 ${-16 * fat} 48 ${-20 * fat} 30C${-24 * fat} 10 ${-16 * fat} -16 0 -16Z`,
      down("#ffffff", "#dfe4ee"),
      {
        inner: true,
      },
    );
    for (const x of [-8, 8]) pen.ellipse(x, -33, 8.6, 10, "#fbfaf6", { inner: true });
    bead(pen, -7, -35, 3);
    bead(pen, 7, -35, 3);
    pen.path("M-7 -29Q0 -34 7 -29Q2 -19 0 -18Q-2 -19 -7 -29Z", down("#ffc04a", "#e8821a"), { inner: true });
    if (random.chance(0.3))
      pen.path("M-19 -20Q0 -10 19 -20L20 -13Q0 -3 -20 -13Z", random.pick(["#d8423c", "#3b7dd0", "#3aa56a"]));
  },
};

export const animals: readonly Kind[] = [fish, bird, butterfly, cat, dog, snail, turtle, whale, penguin];
