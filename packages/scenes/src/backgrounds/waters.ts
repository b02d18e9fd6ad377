import { dark, light, mix } from "../colour.ts";
import { down } from "../pen.ts";
import type { Background } from "./background.ts";
import { dash, full, ground, ridge, sky, sunDisc, tufts, waves } from "./landscape.ts";

export const sea: Background = {
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

export const beach: Background = {
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

export const underwater: Background = {
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
