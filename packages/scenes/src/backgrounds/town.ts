import { dark, light, mix } from "../colour.ts";
import { across, down, glow } from "../pen.ts";
import type { Background } from "./background.ts";
import { full, ground, sky } from "./landscape.ts";

export const kitchen: Background = {
  name: "kitchen",
  phrases: {
    stand: "on a kitchen table",
    fly: "in a kitchen",
    float: "on a kitchen table",
    swim: "in a kitchen",
  },
  sunsets: false,
  draw(pen, random) {
    const horizon = random.range(42, 60);
    const wall = random.pick(["#f3e6d0", "#d8e8e4", "#e9dfe6", "#dfe6d2", "#f5dcc8"]);
    pen.path(full, across(light(wall, 0.3), wall, dark(wall, 0.16)));
    const tile = random.range(11, 16);
    let grid = "";
    for (let x = random.range(0, tile); x < 100; x += tile) grid += `M${x} -2L${x} ${horizon}`;
    for (let y = horizon - tile * 0.7; y > -2; y -= tile) grid += `M-2 ${y}L102 ${y}`;
    pen.line(grid, dark(wall, 0.13), 0.7, { opacity: 0.8 });
    if (random.chance(0.5)) {
      const x = random.range(8, 60);
      pen.rect(x, -4, 30, random.range(20, 30), "#fffaf0");
      pen.rect(x + 2, -4, 26, random.range(16, 20), down("#a9d4f0", "#e8f5ee"));
      pen.line(`M${x + 15} -4L${x + 15} 18`, "#fffaf0", 1.6);
    }
    const wood = random.pick(["#c08a55", "#a9713f", "#d9ae78", "#8f6a4c", "#d8d2c6"]);
    pen.path(`M-2 ${horizon}L102 ${horizon}L102 102L-2 102Z`, down(light(wood, 0.3), wood, dark(wood, 0.22)));
    pen.rect(-2, horizon - 0.8, 104, 2, light(wood, 0.5));
    let grain = "";
    for (let i = 0; i < 7; i++) {
      const y = horizon + 5 + ((100 - horizon) * (i + random.unit())) / 7;
      grain += `M-2 ${y}Q${random.range(20, 80)} ${y + random.around(5)} 102 ${y + random.around(2)}`;
    }
    pen.line(grain, dark(wood, 0.25), 0.6, { opacity: 0.5 });
    return ground(horizon, 96);
  },
};

export const street: Background = {
  name: "street",
  phrases: { stand: "in the street", fly: "over the street", float: "in the street", swim: "in the street" },
  sunsets: true,
  draw(pen, random, sunset) {
    const horizon = random.range(50, 62);
    sky(pen, random, sunset, horizon);
    let x = -4 - random.range(0, 8);
    const tone = sunset ? "#8a6a8c" : "#93a5b8";
    while (x < 102) {
      const w = random.range(11, 20);
      const top = horizon - random.range(14, 44);
      const wall = mix(
        tone,
        random.pick(["#c9b8a8", "#a98f88", "#8fa3ad", "#b8a9bd"]),
        random.range(0.2, 0.7),
      );
      pen.rect(x, top, w + 0.4, horizon - top + 2, down(light(wall, 0.12), dark(wall, 0.12)));
      let windows = "";
      for (let wy = top + 4; wy < horizon - 4; wy += 6)
        for (let wx = x + 3.4; wx < x + w - 2; wx += 4.6)
          if (random.chance(0.8)) windows += `M${wx} ${wy}L${wx} ${wy + 1.6}`;
      pen.line(windows || "M-9 -9L-9 -9", sunset ? "#ffdf9a" : "#e6f0f5", 1.6, { opacity: 0.6 });
      x += w;
    }
    pen.rect(-2, horizon, 104, 9, down("#d3cdc6", "#a9a4a2"));
    const road = random.pick(["#6f7280", "#63656f", "#7d7f88"]);
    pen.rect(-2, horizon + 8, 104, 100, down(light(road, 0.12), dark(road, 0.28)));
    pen.rect(-2, horizon + 7.4, 104, 1.6, "#e6e1da");
    const lane = horizon + 8 + (92 - horizon) * 0.5;
    let dashes = "";
    for (let dx = random.range(-14, 0); dx < 100; dx += 24) dashes += `M${dx} ${lane}L${dx + 12} ${lane}`;
    pen.line(dashes, "#f2ead2", 1.8, { opacity: 0.8 });
    return ground(horizon);
  },
};

export const room: Background = {
  name: "room",
  phrases: { stand: "in a room", fly: "in a room", float: "in a room", swim: "in a room" },
  sunsets: false,
  draw(pen, random) {
    const horizon = random.range(56, 70);
    const wall = random.pick(["#b9c9c4", "#d8c3b4", "#c3bfd6", "#cfd3b4", "#a9bdd0", "#e3d3b8"]);
    pen.path(full, across(light(wall, 0.3), wall, dark(wall, 0.2)));
    if (random.chance(0.4)) {
      let stripes = "";
      for (let x = random.range(0, 6); x < 100; x += 8) stripes += `M${x} -2L${x} ${horizon}`;
      pen.line(stripes, light(wall, 0.4), 2.2, { opacity: 0.45 });
    }
    if (random.chance(0.7)) {
      const x = random.range(6, 66);
      const w = random.range(20, 30);
      const h = random.range(20, 28);
      const y = random.range(5, 12);
      pen.rect(x, y, w, h, "#fbf5e8");
      pen.rect(
        x + 2,
        y + 2,
        w - 4,
        h - 4,
        random.chance(0.6) ? down("#9fcdf0", "#dff1ee") : down("#f2b98a", "#e3866a", "#7a5a8a"),
      );
      if (random.chance(0.7))
        pen.line(
          `M${x + w / 2} ${y + 1}L${x + w / 2} ${y + h - 1}M${x + 1} ${y + h / 2}L${x + w - 1} ${y + h / 2}`,
          "#fbf5e8",
          1.4,
        );
    }
    const floor = random.pick(["#b07a4c", "#8f6545", "#c79a68", "#7d6a63"]);
    pen.rect(-2, horizon, 104, 100, down(dark(floor, 0.12), light(floor, 0.12)));
    let boards = "";
    const vanishing = random.range(35, 65);
    for (let i = -7; i <= 7; i++) boards += `M${vanishing + i * 9} ${horizon}L${vanishing + i * 26} 102`;
    pen.line(boards, dark(floor, 0.3), 0.7, { opacity: 0.6 });
    pen.rect(-2, horizon - 3.2, 104, 3.6, "#f6f0e4");
    if (random.chance(0.55)) {
      const rug = random.pick(["#b5544c", "#4c6f9a", "#5f8a6a", "#c9a04c", "#8a5f92"]);
      const y = horizon + (100 - horizon) * 0.6;
      pen.ellipse(
        50 + random.around(20),
        y,
        44,
        (100 - horizon) * 0.34,
        glow([0, light(rug, 0.3), 1], [0.75, rug, 1], [1, dark(rug, 0.2), 1]),
      );
    }
    return ground(horizon, 98);
  },
};

export const workshop: Background = {
  name: "workshop",
  phrases: { stand: "on a workbench", fly: "in a workshop", float: "on a workbench", swim: "in a workshop" },
  sunsets: false,
  draw(pen, random) {
    const horizon = random.range(42, 58);
    const board = random.pick(["#4f5d63", "#5d5348", "#47596b", "#59614c"]);
    pen.path(full, across(light(board, 0.22), board, dark(board, 0.3)));
    let holes = "";
    const step = random.range(7, 9);
    for (let y = 3; y < horizon - 2; y += step)
      for (let x = 3; x < 100; x += step) holes += `M${x} ${y}L${x} ${y + 0.1}`;
    pen.line(holes, dark(board, 0.5), 1.3, { opacity: 0.8 });
    pen.ellipse(random.range(15, 85), 6, 50, 42, glow([0, "#ffe9b0", 0.4], [1, "#ffe9b0", 0]));
    const wood = random.pick(["#b98a58", "#a3764a", "#c79f6e", "#96704c"]);
    pen.rect(-2, horizon, 104, 100, down(light(wood, 0.22), wood, dark(wood, 0.32)));
    const planks = random.integer(3, 4);
    let seams = "";
    for (let i = 1; i < planks; i++) {
      const y = horizon + (100 - horizon) * (i / planks) ** 1.3;
      seams += `M-2 ${y}L102 ${y}`;
    }
    pen.line(seams, dark(wood, 0.4), 0.9, { opacity: 0.8 });
    pen.rect(-2, horizon - 0.8, 104, 1.8, light(wood, 0.45));
    return ground(horizon, 96);
  },
};
