import { mix } from "../colour.ts";
import { down, glow } from "../pen.ts";
import type { Background } from "./background.ts";
import { cloud, full, ridge, sky } from "./landscape.ts";

export const night: Background = {
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

export const heaven: Background = {
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
