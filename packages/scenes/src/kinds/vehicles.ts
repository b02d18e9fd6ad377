import { dark, type Hex, light, mix } from "../colour.ts";
import { across, down, glow, type Pen, round, slope, tube } from "../pen.ts";
import type { Random } from "../random.ts";
import { type Kind, paintColours } from "./kind.ts";

function wheel(pen: Pen, x: number, y: number, r: number): void {
  pen.ellipse(x, y, r, r, round("#33333d", 0.6));
  pen.ellipse(x, y, r * 0.56, r * 0.56, slope("#f2f3f6", "#9aa0ad"), { inner: true });
  pen.ellipse(x, y, r * 0.18, r * 0.18, "#5b606c", { inner: true });
}

const glass = slope("#e6f6ff", "#9fcbe4", "#6f9fc0");

const car: Kind = {
  name: "car",
  plural: "cars",
  colours: [...paintColours, "white", "grey", "black"],
  habitats: ["street", "desert", "valley"],
  stance: "stand",
  tilt: 3,
  rigid: true,
  inside: "#8b8f9a",
  draw(pen, random, colour) {
    const roof = random.range(-33, -24);
    const back = random.range(-44, -28);
    const front = random.range(8, 18);
    const nose = random.range(-4, 2);
    pen.path(
      `M-54 14Q-56 -6 -46 -8L${back - 2} -9Q${back + 6} ${roof} ${back + 18} ${roof}L${front - 6} ${roof}Q${front + 6} ${roof} ${front + 18} ${-9 + nose / 2}Q50 ${-6 + nose} 54 4L55 14Q54 18 48 18L-48 18Q-54 18 -54 14Z`,
      down(light(colour, 0.35), colour, dark(colour, 0.28)),
    );
    const middle = (back + front) / 2 + 6;
    pen.path(
      `M${back + 5} -9Q${back + 11} ${roof + 5} ${back + 19} ${roof + 5}L${middle - 2} ${roof + 5}L${middle - 2} -9Z`,
      glass,
      { inner: true },
    );
    pen.path(
      `M${middle + 2} -9L${middle + 2} ${roof + 5}L${front - 6} ${roof + 5}Q${front + 3} ${roof + 6} ${front + 11} -9Z`,
      glass,
      { inner: true },
    );
    pen.line(`M${middle} -8L${middle} 14M-48 4L50 4`, dark(colour, 0.32), 1.3, { inner: true, opacity: 0.6 });
    pen.rect(middle - 10, -4, 6, 2.2, light(colour, 0.5), { inner: true });
    pen.ellipse(51, 3, 3.6, 4, "#fff3bf", { inner: true });
    pen.rect(-55, 0, 4, 7, "#e2483d", { inner: true, round: 2 });
    wheel(pen, -31, 18, 12.5);
    wheel(pen, 31, 18, 12.5);
  },
};

function sails(pen: Pen, random: Random): void {
  const sail = random.chance(0.6) ? "#fdf6e6" : light(random.pick(["#f2b84a", "#e8705a", "#8fc1e0"]), 0.35);
  const top = random.range(-58, -46);
  pen.line(`M-2 24L-2 ${top}`, "#7a5533", 3.4);
  pen.path(`M2 ${top + 3}Q${30 + random.around(4)} -8 38 18L2 18Z`, across(sail, dark(sail, 0.14)));
  pen.path(`M-6 ${top + 10}Q-16 -4 -34 18L-6 18Z`, across(dark(sail, 0.16), light(sail, 0.1)));
  pen.path(
    `M-2 ${top}L-2 ${top - 9}L${-16 + random.around(3)} ${top - 4}Z`,
    random.pick(["#e2483d", "#3b7dd0", "#f2b84a"]),
  );
}

const boat: Kind = {
  name: "boat",
  plural: "boats",
  colours: [...paintColours, "white", "brown"],
  habitats: ["sea"],
  stance: "float",
  tilt: 7,
  inside: "#d9b98a",
  draw(pen, random, colour) {
    if (random.chance(0.3)) {
      const funnel = random.pick(["#e2483d", "#3b7dd0", "#f2b84a", "#3f9a68"]);
      const x = random.range(-8, 6);
      pen.rect(x + 4, -32, 12, 26, across(light(funnel, 0.25), funnel, dark(funnel, 0.35)), { round: 2 });
      pen.rect(x + 4, -32, 12, 5, "#33333d", { inner: true });
      pen.rect(x - 22, -8, 52, 32, down("#ffffff", "#d5dbe4"), { round: 3 });
      pen.line(`M${x - 14} 4L${x - 13} 4M${x + 3} 4L${x + 4} 4M${x + 20} 4L${x + 21} 4`, "#4f86ad", 8, {
        inner: true,
      });
      pen.line("M-40 22L-40 -8", "#7a5533", 2.4);
      pen.path("M-40 -9L-54 -4L-40 1Z", funnel);
    } else sails(pen, random);
    const trim = light(colour, 0.55);
    pen.path(
      "M-50 22Q0 29 52 20Q46 44 34 48L-32 48Q-44 42 -50 22Z",
      down(light(colour, 0.18), colour, dark(colour, 0.35)),
    );
    pen.path("M-50 22Q0 29 52 20L51 26Q0 35 -48 28Z", trim, { inner: true });
  },
};

const train: Kind = {
  name: "train",
  plural: "trains",
  colours: ["red", "green", "blue", "black"],
  habitats: ["valley", "snow"],
  stance: "stand",
  tilt: 0,
  rigid: true,
  inside: "#7f848f",
  draw(pen, random, colour) {
    const gold = "#e2b64a";
    const smoke = random.integer(1, 3);
    for (let i = 0; i < smoke; i++)
      pen.ellipse(
        30 - i * 15 + random.around(3),
        -40 - i * 5,
        8 + i * 3,
        7 + i * 2,
        glow([0, "#ffffff", 0.95], [0.7, "#e8e8ef", 0.75], [1, "#d8d8e2", 0]),
      );
    const cab = random.range(-30, -24);
    pen.rect(-50, cab, 32, 46, down(light(colour, 0.2), colour, dark(colour, 0.25)), { round: 2 });
    pen.rect(-55, cab - 6, 42, 7, dark(colour, 0.45), { round: 3 });
    pen.rect(-43, cab + 7, 18, 15, glass, { round: 2, inner: true });
    pen.path("M27 -14L25 -32L21 -36L41 -36L37 -32L35 -14Z", across("#62626e", "#26262f"));
    pen.path("M2 -14Q2 -23 9 -23Q16 -23 16 -14Z", gold);
    pen.rect(-19, -15, 64, 31, down(light(colour, 0.4), colour, dark(colour, 0.4)), { round: 5 });
    pen.line("M-4 -15L-4 16M14 -15L14 16", gold, 2.4, { inner: true });
    pen.ellipse(45, 0, 5, 14, dark(colour, 0.5));
    pen.ellipse(49, -8, 4.4, 4.4, "#ffe9a6");
    pen.rect(-54, 15, 103, 7, down("#55555f", "#2b2b33"));
    pen.path("M44 16L60 34L42 34Z", slope("#d9574a", "#8f2b24"));
    for (const x of [-40, -17]) {
      pen.ellipse(x, 24, 13, 13, "#2b2b33");
      pen.ring(x, 24, 9, dark(colour, 0.05), 3, { inner: true });
      pen.line(`M${x - 8} 24L${x + 8} 24M${x} 16L${x} 32`, dark(colour, 0.05), 2, { inner: true });
    }
    for (const x of [8, 28]) {
      pen.ellipse(x, 28, 9, 9, "#2b2b33");
      pen.ring(x, 28, 5.5, dark(colour, 0.05), 2.4, { inner: true });
    }
    pen.line("M-40 27L-17 27L8 29", "#c9ccd4", 2.6, { inner: true });
  },
};

const rocket: Kind = {
  name: "rocket",
  plural: "rockets",
  colours: ["red", "blue", "orange", "green", "purple"],
  habitats: ["night"],
  stance: "fly",
  tilt: 32,
  inside: "#8b90a0",
  draw(pen, random, colour) {
    const w = random.range(14, 19);
    const flame = random.range(52, 68);
    pen.path(`M-9 34Q-16 46 0 ${flame}Q16 46 9 34Z`, down("#ffd34a", "#ff8a2a", "#f0452a"));
    pen.path(`M-5 34Q-8 42 0 ${flame - 12}Q8 42 5 34Z`, down("#ffffff", "#ffe88a"), { inner: true });
    for (const flip of [false, true])
      pen.at({ flip }, () =>
        pen.path(
          `M${w - 3} 6Q${w + 18} 16 ${w + 15} 42Q${w + 6} 30 ${w - 5} 30Z`,
          across(light(colour, flip ? 0.1 : 0), dark(colour, flip ? 0.1 : 0.35)),
        ),
      );
    const shell = "#eef0f5";
    pen.path(
      `M0 -54C${w * 0.9} -40 ${w * 1.15} -14 ${w} 16L${w * 0.7} 36L${-w * 0.7} 36L${-w} 16C${-w * 1.15} -14 ${-w * 0.9} -40 0 -54Z`,
      tube(shell),
    );
    pen.path(
      `M0 -54C${w * 0.6} -45 ${w * 0.88} -36 ${w * 0.99} -24Q0 -17 ${-w * 0.99} -24C${-w * 0.88} -36 ${-w * 0.6} -45 0 -54Z`,
      tube(colour),
      { inner: true },
    );
    pen.path(`M${-w * 0.86} 25Q0 31 ${w * 0.86} 25L${w * 0.7} 36L${-w * 0.7} 36Z`, tube(colour), {
      inner: true,
    });
    pen.ellipse(0, -6, w * 0.52, w * 0.52, dark(colour, 0.2), { inner: true });
    pen.ellipse(0, -6, w * 0.38, w * 0.38, round("#7cc4ee"), { inner: true });
    pen.path("M-2.4 20L2.4 20L2 40L-2 40Z", dark(colour, 0.15));
  },
};

const balloon: Kind = {
  name: "balloon",
  plural: "balloons",
  colours: paintColours,
  habitats: ["sky", "valley"],
  stance: "fly",
  tilt: 6,
  inside: "#fff2d2",
  draw(pen, random, colour) {
    const w = random.range(33, 39);
    const other = random.chance(0.6) ? "#fff6e2" : light(colour, 0.55);
    pen.line("M-11 22L-7 42M11 22L7 42M0 24L0 42", "#6d4f35", 1.7);
    const envelope = (k: number, fill: Parameters<Pen["path"]>[1], inner: boolean) =>
      pen.path(
        `M0 -56C${w * 1.35 * k} -56 ${w * 1.25 * k} -6 ${11 * k} 24Q0 27 ${-11 * k} 24C${-w * 1.25 * k} -6 ${-w * 1.35 * k} -56 0 -56Z`,
        fill,
        { inner },
      );
    envelope(1, across(light(colour, 0.25), colour, dark(colour, 0.35)), false);
    envelope(0.72, across(light(other, 0.2), other, dark(other, 0.22)), true);
    envelope(0.4, across(light(colour, 0.4), light(colour, 0.12), dark(colour, 0.1)), true);
    if (random.chance(0.4))
      pen.path(
        `M${-w * 0.985} -26Q0 -14 ${w * 0.985} -26L${w * 0.9} -12Q0 0 ${-w * 0.9} -12Z`,
        dark(colour, 0.2),
        { inner: true, opacity: 0.8 },
      );
    pen.ellipse(-w * 0.4, -36, 6, 12, "#ffffff", { inner: true, opacity: 0.3, angle: 22 });
    pen.rect(-9, 41, 18, 14, down("#c28b4e", "#8a5a2c"), { round: 3 });
    pen.line("M-8 46L8 46M-8 50L8 50", "#6d4522", 1.2, { inner: true });
  },
};

const airplane: Kind = {
  name: "airplane",
  plural: "airplanes",
  colours: ["white", "red", "blue", "yellow", "green"],
  habitats: ["sky"],
  stance: "fly",
  tilt: 16,
  inside: "#8f97a8",
  draw(pen, random, colour) {
    const trim = colour > "#dddddd" ? random.pick(["#d8423c", "#2f6fd0", "#2f9a68"]) : dark(colour, 0.35);
    const h = random.range(10, 13);
    pen.path("M0 -6L-16 -34L-6 -34L20 -6Z", slope(light(colour, 0.05), dark(colour, 0.35)));
    pen.path(`M-44 -4L-58 -34L-45 -34L-26 ${-h + 2}Z`, slope(light(trim, 0.2), trim));
    pen.path(
      `M-60 -8Q-50 ${-h - 1} -30 ${-h}L32 ${-h}Q56 ${-h + 1} 60 4Q56 ${h} 34 ${h}L-10 ${h}Q-42 8 -60 -8Z`,
      down(light(colour, 0.4), colour, dark(colour, 0.3)),
    );
    pen.path(`M-57 -3Q-20 6 59 3Q58 7 54 8Q-20 11 -50 2Z`, trim, { inner: true, opacity: 0.9 });
    let windows = "";
    for (let x = -24; x <= 30; x += 9) windows += `M${x} -4L${x + 2.4} -4`;
    pen.line(windows, "#4c6f8f", 4, { inner: true });
    pen.path(`M42 ${-h + 4}L50 ${-h + 6}Q54 -3 55 -1L42 -2Z`, glass, { inner: true });
    pen.path("M-48 -4L-62 8L-52 8L-30 -1Z", slope(light(colour, 0.2), dark(colour, 0.3)));
    pen.ellipse(4, 20, 9, 5, tube(dark(colour, 0.12)));
    pen.path("M14 3L-20 36L-8 37L32 6Q24 1 14 3Z", slope(light(colour, 0.35), dark(colour, 0.28)));
  },
};

const bicycle: Kind = {
  name: "bicycle",
  plural: "bicycles",
  colours: [...paintColours, "black"],
  habitats: ["street", "room"],
  stance: "stand",
  tilt: 4,
  rigid: true,
  inside: "#c9ccd4",
  draw(pen, random, colour) {
    const r = random.range(21, 24);
    const saddle = random.range(-26, -21);
    for (const x of [-32, 32]) {
      pen.ring(x, 22, r, "#2b2b33", 4.2);
      let spokes = "";
      for (let i = 0; i < 4; i++) {
        const t = (i / 4) * Math.PI + 0.3;
        spokes += `M${x - Math.cos(t) * r} ${22 - Math.sin(t) * r}L${x + Math.cos(t) * r} ${22 + Math.sin(t) * r}`;
      }
      pen.line(spokes, "#a9adb8", 1.1);
      pen.ellipse(x, 22, 3.4, 3.4, "#4a4d58");
    }
    const tone = (c: Hex) => mix(c, colour, 0.12);
    pen.line("M-32 22L-2 24L-14 -10Z", colour, 4.6);
    pen.line("M-14 -10L22 -12L-2 24", colour, 4.6);
    pen.line(`M32 22L20 ${-22}`, dark(colour, 0.1), 4.6);
    pen.line(`M-14 -10L-17 ${saddle}`, "#7d828f", 3.4);
    pen.path(
      `M-28 ${saddle - 3}Q-18 ${saddle - 6} -6 ${saddle - 2}Q-12 ${saddle + 4} -26 ${saddle + 3}Z`,
      tone("#3b2a22"),
    );
    pen.line(
      random.chance(0.5)
        ? "M20 -22Q16 -28 24 -30L34 -27Q38 -22 32 -20"
        : "M20 -22L22 -29L10 -31M22 -29L31 -25",
      "#3b3b45",
      3.6,
    );
    pen.ellipse(-2, 24, 6, 6, "#5a5e6a");
    pen.line("M-2 24L4 34M0 35L9 34", "#3b3b45", 2.6);
  },
};

export const vehicles: readonly Kind[] = [car, boat, train, rocket, balloon, airplane, bicycle];
