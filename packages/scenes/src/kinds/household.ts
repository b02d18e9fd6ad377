import { dark, type Hex, light, mix } from "../colour.ts";
import { across, down, glow, round, slope, tube } from "../pen.ts";
import { type Kind, paintColours } from "./kind.ts";

const chair: Kind = {
  name: "chair",
  plural: "chairs",
  colours: [...paintColours, "brown", "white"],
  habitats: ["room", "workshop"],
  stance: "stand",
  tilt: 4,
  inside: "#d9b98a",
  draw(pen, random, colour) {
    const shade = dark(colour, 0.32);
    const top = random.range(-58, -46);
    const skew = random.range(5, 9);
    for (const x of [-14 + skew, 22 + skew]) pen.line(`M${x} 6L${x} ${38}`, dark(colour, 0.45), 5);
    for (const x of [-24, 18])
      pen.line(`M${x + skew * 0.4} 2L${x + skew * 0.2} ${top}`, across(colour, shade), 5.6);
    for (const x of [-24, 18])
      pen.line(`M${x + skew * 0.4} 2L${x + skew * 0.3} ${top + 2}`, x < 0 ? colour : shade, 5.6);
    const style = random.integer(0, 2);
    const slope2 = slope(light(colour, 0.25), colour, shade);
    if (style === 0)
      for (const y of [top + 2, top + 17, top + 32]) pen.rect(-24, y, 46, 8.5, slope2, { round: 3 });
    else if (style === 1) {
      pen.rect(-24, top - 2, 46, 10, slope2, { round: 4 });
      for (const x of [-14, -3, 8]) pen.line(`M${x + 2} ${top + 8}L${x + 2} 2`, colour, 4);
    } else pen.rect(-25, top - 3, 48, 36, slope2, { round: 9 });
    pen.path(`M-24 0L${22 + skew} 0L32 14L-32 14Z`, slope(light(colour, 0.4), light(colour, 0.1)));
    pen.rect(-32, 14, 64, 6, down(colour, shade), { round: 2 });
    pen.line("M-28 20L-29 54", colour, 5.8);
    pen.line("M28 20L29 54", shade, 5.8);
  },
};

const cup: Kind = {
  name: "cup",
  plural: "cups",
  colours: [...paintColours, "white"],
  habitats: ["kitchen", "workshop"],
  stance: "stand",
  tilt: 5,
  inside: "#f4ead9",
  draw(pen, random, colour) {
    const w = random.range(26, 32);
    const foot = random.range(0.7, 0.95);
    const h = random.range(34, 42);
    pen.line(
      `M${w * 0.9} -10Q${w + 22} -16 ${w + 19} 5Q${w + 14} ${h * 0.62} ${w * 0.86} ${h * 0.55}`,
      dark(colour, 0.2),
      6.5,
    );
    pen.line(`M${w * 0.9} -11.5Q${w + 20.5} -17 ${w + 18} 5`, light(colour, 0.2), 2, { inner: true });
    pen.path(
      `M${-w} -24L${-w * foot} ${h - 6}Q${-w * foot * 0.9} ${h} 0 ${h + 1}Q${w * foot * 0.9} ${h} ${w * foot} ${h - 6}L${w} -24Z`,
      tube(colour),
    );
    const style = random.integer(0, 2);
    if (style === 1)
      pen.path(`M${-w * 0.96} 0Q0 9 ${w * 0.96} 0L${w * 0.93} 9Q0 18 ${-w * 0.93} 9Z`, light(colour, 0.75), {
        inner: true,
      });
    if (style === 2)
      for (const x of [-14, 0, 14])
        pen.ellipse(x, 8 + (x ? 0 : 2), 4, 4, light(colour, 0.75), { inner: true });
    pen.ellipse(0, -24, w, 7.5, light(colour, 0.35));
    pen.ellipse(0, -23.4, w - 3.4, 5.4, dark(colour, 0.35), { inner: true });
    pen.ellipse(0, -22.4, w - 5, 4.2, random.pick(["#5a3319", "#5a3319", "#b5742c"]), { inner: true });
    if (random.chance(0.45))
      for (const x of [-8, 8])
        pen.line(`M${x} -32Q${x + 6} -39 ${x} -45Q${x - 5} -50 ${x + 1} -56`, "#ffffff", 2.6, {
          opacity: 0.6,
        });
  },
};

const clock: Kind = {
  name: "clock",
  plural: "clocks",
  colours: [...paintColours, "brown", "black"],
  habitats: ["kitchen", "room"],
  stance: "stand",
  tilt: 7,
  rigid: true,
  inside: "#c9b26a",
  draw(pen, random, colour) {
    const alarm = random.chance(0.55);
    if (alarm) {
      for (const flip of [false, true])
        pen.at({ flip }, () => {
          pen.line("M22 32L32 46", dark(colour, 0.35), 7);
          pen.at({ x: 22, y: -34, angle: 34 }, () => {
            pen.path("M-15 3C-15 -17 15 -17 15 3Z", slope(light(colour, 0.4), colour, dark(colour, 0.3)));
          });
        });
      pen.line("M-9 -46Q0 -54 9 -46", dark(colour, 0.3), 4);
    }
    pen.ellipse(0, 0, 42, 42, round(colour));
    pen.ellipse(0, 0, 34, 34, dark(colour, 0.3), { inner: true });
    pen.ellipse(0, 0.8, 33, 33, slope("#ffffff", "#fbf6ea", "#e9e1cf"), { inner: true });
    let ticks = "";
    for (let i = 0; i < 12; i++) {
      const t = (i / 12) * 2 * Math.PI;
      const from = i % 3 ? 27.5 : 24;
      ticks += `M${Math.sin(t) * from} ${Math.cos(t) * from}L${Math.sin(t) * 30} ${Math.cos(t) * 30}`;
    }
    pen.line(ticks, "#3a3440", 2.6, { inner: true });
    const hour = random.range(0, 2 * Math.PI);
    const minute = (hour * 12) % (2 * Math.PI);
    pen.line(`M0 0L${Math.sin(hour) * 15} ${-Math.cos(hour) * 15}`, "#26222e", 4.6, { inner: true });
    pen.line(`M0 0L${Math.sin(minute) * 24} ${-Math.cos(minute) * 24}`, "#26222e", 3.2, { inner: true });
    pen.ellipse(0, 0, 3.6, 3.6, "#d8423c", { inner: true });
  },
};

const key: Kind = {
  name: "key",
  plural: "keys",
  colours: ["yellow", "grey"],
  habitats: ["workshop", "room"],
  stance: "stand",
  tilt: 60,
  inside: "#b58a2e",
  draw(pen, random, colour) {
    const metal = mix(colour, colour > "#c8c8c8" ? "#dba52c" : colour, 0.5);
    const shade = dark(metal, 0.4);
    const r = random.range(13, 17);
    const length = random.range(44, 56);
    const style = random.integer(0, 2);
    const all = (dx: number, dy: number, tone: Hex, width: number) => {
      pen.line(
        `M${dx} ${-30 + r * (style === 1 ? 0.55 : 1) + dy}L${dx} ${length - 10 + dy}`,
        tone,
        width + 2,
      );
      if (style === 0) pen.ring(dx, -30 + dy, r, tone, width);
      else if (style === 1) {
        for (const [x, y] of [
          [-r * 0.62, -2],
          [r * 0.62, -2],
          [0, -r * 0.95],
        ] as const)
          pen.ring(x + dx, -30 + y + dy, r * 0.62, tone, width * 0.8);
      } else
        pen.line(
          `M${dx} ${-30 - r + dy}L${r + dx} ${-30 + dy}L${dx} ${-30 + r + dy}L${-r + dx} ${-30 + dy}Z`,
          tone,
          width,
        );
      pen.line(
        `M${dx} ${length - 12 + dy}L${16 + dx} ${length - 12 + dy}M${dx} ${length - 22 + dy}L${12 + dx} ${length - 22 + dy}`,
        tone,
        width,
      );
    };
    all(1.4, 1.4, shade, 6.6);
    all(0, 0, metal, 6.2);
    pen.line(`M-1.4 ${-28 + r}L-1.4 ${length - 12}`, light(metal, 0.6), 1.6, { inner: true });
    pen.line(`M-6 ${-26 + r}L6 ${-26 + r}`, metal, 5);
  },
};

const umbrella: Kind = {
  name: "umbrella",
  plural: "umbrellas",
  colours: paintColours,
  habitats: ["beach", "street"],
  stance: "stand",
  tilt: 16,
  inside: "#c9ccd4",
  draw(pen, random, colour) {
    const w = random.range(44, 52);
    const top = random.range(-46, -36);
    pen.line("M0 -10L0 40Q0 50 8 50Q15 50 15 42", "#7a5533", 4.2);
    pen.line(`M0 ${top - 8}L0 ${top}`, "#7a5533", 3.4);
    const other = random.chance(0.55) ? "#fff4df" : light(colour, 0.16);
    const y = 0;
    const panel = (from: number, to: number, tone: Hex) => {
      const middle = (from + to) / 2;
      pen.path(
        `M0 ${top}C${from * 0.62} ${top + 2} ${from} ${top + 22} ${from} ${y}Q${middle} ${y - 10} ${to} ${y}C${to} ${top + 22} ${to * 0.62} ${top + 2} 0 ${top}Z`,
        down(light(tone, 0.22), tone, dark(tone, 0.18)),
      );
    };
    panel(-w, -w * 0.52, dark(colour, 0.02));
    panel(w * 0.52, w, dark(colour, 0.22));
    panel(-w * 0.52, -w * 0.02, other);
    panel(w * 0.02, w * 0.52, dark(other, 0.1));
    panel(-w * 0.26, w * 0.26, colour);
  },
};

const lamp: Kind = {
  name: "lamp",
  plural: "lamps",
  colours: [...paintColours, "white"],
  habitats: ["room", "workshop"],
  stance: "stand",
  tilt: 4,
  inside: "#fff1c4",
  draw(pen, random, colour) {
    const w = random.range(28, 36);
    const neck = random.range(14, 20);
    const base = random.pick(["#8a6238", "#c9a14a", "#565966"]);
    if (random.chance(0.6))
      pen.ellipse(0, -12, w * 1.05, 20, glow([0, "#fff2b8", 0.75], [1, "#fff2b8", 0]), { inner: true });
    pen.rect(-2.6, -12, 5.2, 50, tube(base));
    if (random.chance(0.5))
      pen.blob(
        [
          [0, 2],
          [9, 10],
          [11, 24],
          [0, 38],
          [-11, 24],
          [-9, 10],
        ],
        round(base),
      );
    pen.path("M-18 46Q-16 38 0 37Q16 38 18 46Q0 51 -18 46Z", down(light(base, 0.25), dark(base, 0.3)));
    pen.path(
      `M${-neck} -48Q0 -52 ${neck} -48L${w} -10Q0 -3 ${-w} -10Z`,
      across(dark(colour, 0.14), light(colour, 0.5), colour, dark(colour, 0.28)),
    );
    pen.path(`M${-w} -10Q0 -3 ${w} -10Q0 -15 ${-w} -10Z`, "#fff0b0", { inner: true });
    pen.line(`M${w * 0.5} -7L${w * 0.5} 6`, "#c9a14a", 1.6);
  },
};

const bottle: Kind = {
  name: "bottle",
  plural: "bottles",
  colours: ["green", "blue", "brown"],
  habitats: ["kitchen", "beach"],
  stance: "stand",
  tilt: 9,
  inside: "#dff0e2",
  draw(pen, random, colour) {
    const w = random.range(13, 18);
    const shoulder = random.range(-20, -8);
    const neck = random.range(4.6, 6);
    pen.rect(-neck + 0.6, -58, neck * 2 - 1.2, 9, across("#d3a873", "#94683a"), { round: 2 });
    pen.path(
      `M${-neck} -52L${-neck} -34C${-neck} ${shoulder - 12} ${-w} ${shoulder - 14} ${-w} ${shoulder + 2}L${-w} 46Q${-w} 52 ${-w + 6} 52L${w - 6} 52Q${w} 52 ${w} 46L${w} ${shoulder + 2}C${w} ${shoulder - 14} ${neck} ${shoulder - 12} ${neck} -34L${neck} -52Z`,
      across(dark(colour, 0.4), light(colour, 0.2), colour, dark(colour, 0.12), dark(colour, 0.48)),
    );
    pen.rect(-neck - 1.4, -50, neck * 2 + 2.8, 4.4, dark(colour, 0.3), { round: 1.6 });
    pen.path(
      `M${-w} ${shoulder + 16}Q0 ${shoulder + 20} ${w} ${shoulder + 16}L${w} ${shoulder + 42}Q0 ${shoulder + 46} ${-w} ${shoulder + 42}Z`,
      across("#e8dcc0", "#fff9ea", "#e2d3b2"),
      {
        inner: true,
      },
    );
    pen.ellipse(0, shoulder + 30, 6, 6, random.pick(["#c8473c", "#3d7a4a", "#38639e"]), { inner: true });
    pen.line(
      `M${-w * 0.62} ${shoulder + 3}L${-w * 0.62} ${shoulder + 13}M${-neck * 0.4} -42L${-neck * 0.4} -32`,
      "#ffffff",
      2.4,
      { inner: true, opacity: 0.65 },
    );
  },
};

export const household: readonly Kind[] = [chair, cup, clock, key, umbrella, lamp, bottle];
