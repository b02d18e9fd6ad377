import { dark, light, mix } from "../colour.ts";
import { across, down, glow } from "../pen.ts";
import type { Background } from "./background.ts";
import { blade, dash, full, ground, ridge, sky, sunDisc, tufts } from "./landscape.ts";

export const desert: Background = {
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

export const meadow: Background = {
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

export const snow: Background = {
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

export const forest: Background = {
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

export const valley: Background = {
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
