import { dark, light, mix } from "../colour.ts";
import { across, down, round, slope, tube } from "../pen.ts";
import type { Kind } from "./kind.ts";

const house: Kind = {
  name: "house",
  plural: "houses",
  colours: ["red", "yellow", "blue", "white", "green", "pink"],
  habitats: ["street", "snow", "valley"],
  stance: "stand",
  tilt: 0,
  inside: "#d9b98a",
  draw(pen, random, colour) {
    const w = random.range(32, 40);
    const eaves = random.range(-10, 0);
    const peak = random.range(-50, -40);
    const roof = random.pick(["#b5523b", "#8a4a3c", "#5d5f73", "#7a5a48"]);
    const wall = light(colour, 0.12);
    const chimney = random.pick([-1, 1]) * w * 0.52;
    pen.rect(chimney - 5, peak + 4, 10, 30, across("#b8674d", "#7d3f30"));
    pen.rect(chimney - 6.5, peak + 1, 13, 5, "#8f4d3c");
    pen.path(
      `M${-w} ${eaves}L0 ${peak + 6}L${w} ${eaves}L${w} 46L${-w} 46Z`,
      across(light(wall, 0.25), wall, dark(wall, 0.16)),
    );
    pen.path(
      `M${-w - 10} ${eaves + 7}L0 ${peak}L${w + 10} ${eaves + 7}L${w + 6} ${eaves + 12}L0 ${peak + 13}L${-w - 6} ${eaves + 12}Z`,
      slope(light(roof, 0.25), roof, dark(roof, 0.3)),
    );
    const lit = random.chance(0.5) ? "#ffe69a" : "#bfe0f2";
    const door = random.pick(["#7a4a2c", "#3f6f5a", "#a83c38", "#3f5f94"]);
    const doorX = random.pick([-w * 0.5, 0, w * 0.5]);
    pen.rect(doorX - 8, 18, 16, 28, slope(light(door, 0.15), dark(door, 0.2)), { inner: true, round: 2 });
    pen.ellipse(doorX + 4.6, 33, 1.5, 1.5, "#f2cf6a", { inner: true });
    for (const x of doorX === 0 ? [-w * 0.62, w * 0.62] : [-Math.sign(doorX) * w * 0.35]) {
      pen.rect(x - 8, 12, 16, 16, "#fffaf0", { inner: true });
      pen.rect(x - 6.4, 13.6, 12.8, 12.8, slope(light(lit, 0.4), lit), { inner: true });
      pen.line(`M${x} 14L${x} 26M${x - 6} 20L${x + 6} 20`, "#fffaf0", 1.6, { inner: true });
    }
    pen.ellipse(0, eaves - 8, 6, 6, "#fffaf0", { inner: true });
    pen.ellipse(0, eaves - 8, 4.6, 4.6, lit, { inner: true });
  },
};

const bridge: Kind = {
  name: "bridge",
  plural: "bridges",
  colours: ["red", "grey", "green"],
  habitats: ["valley", "sea"],
  stance: "float",
  tilt: 0,
  inside: "#8b8f9a",
  draw(pen, random, colour) {
    const tower = random.range(-34, -24);
    const at = random.range(24, 32);
    const half = 62;
    const shade = dark(colour, 0.3);
    const sag = 4;
    let hangers = "";
    for (let x = -at + 6; x < at; x += 7) {
      const k = (x / at) ** 2;
      hangers += `M${x} ${sag + (tower + 4 - sag) * k}L${x} 10`;
    }
    for (let i = 1; i < 5; i++) {
      const x = at + ((half - at) * i) / 5;
      const y = tower + 4 + ((10 - tower - 4) * i) / 5;
      hangers += `M${x} ${y}L${x} 10M${-x} ${y}L${-x} 10`;
    }
    pen.line(hangers, mix(shade, "#ffffff", 0.15), 1.3);
    pen.line(
      `M${-half} 10L${-at} ${tower + 4}Q0 ${2 * sag - tower - 4} ${at} ${tower + 4}L${half} 10`,
      colour,
      2.8,
    );
    for (const x of [-at, at]) {
      pen.rect(x - 4.6, tower, 9.2, 66, across(light(colour, 0.25), colour, shade), { round: 1 });
      pen.rect(x - 6, tower - 2, 12, 4, dark(colour, 0.15));
      pen.rect(x - 8, 28, 16, 12, across("#c3bfb4", "#85807a"), { round: 2 });
    }
    pen.rect(-half, 8, half * 2, 7.4, down(light(colour, 0.25), colour, dark(colour, 0.4)));
    pen.line(`M${-half} 9.4L${half} 9.4`, light(colour, 0.5), 1.2, { inner: true });
  },
};

const arch: Kind = {
  name: "arch",
  plural: "arches",
  colours: ["brown"],
  habitats: ["desert"],
  stance: "stand",
  tilt: 2,
  inside: "#eed2a6",
  draw(pen, random, colour) {
    const sand = mix(colour, random.pick(["#d9a066", "#cf8d5a", "#d9b07a"]), 0.75);
    const outer = random.range(36, 44);
    const inner = random.range(18, 23);
    const spring = random.range(-16, -6);
    const top = spring - outer;
    const k = 0.5523;
    const attic = random.chance(0.4);
    const crest = top - random.range(6, 16);
    if (attic) {
      pen.path(
        `M${-outer} ${spring + 1}L${-outer} ${crest + 4}L${outer} ${crest + 4}L${outer} ${spring + 1}L${inner} ${spring + 1}L${inner} ${spring}C${inner} ${spring - inner * k} ${inner * k} ${spring - inner} 0 ${spring - inner}C${-inner * k} ${spring - inner} ${-inner} ${spring - inner * k} ${-inner} ${spring}L${-inner} ${spring + 1}Z`,
        slope(light(sand, 0.3), sand, dark(sand, 0.3)),
      );
      pen.rect(-outer - 4, crest, outer * 2 + 8, 6, down(light(sand, 0.35), dark(sand, 0.2)), { round: 1.5 });
    }
    pen.path(
      `M${-outer} 48L${-outer} ${spring}C${-outer} ${spring - outer * k} ${-outer * k} ${top} 0 ${top}C${outer * k} ${top} ${outer} ${spring - outer * k} ${outer} ${spring}L${outer} 48L${inner} 48L${inner} ${spring}C${inner} ${spring - inner * k} ${inner * k} ${spring - inner} 0 ${spring - inner}C${-inner * k} ${spring - inner} ${-inner} ${spring - inner * k} ${-inner} ${spring}L${-inner} 48Z`,
      slope(light(sand, 0.4), sand, dark(sand, 0.3)),
    );
    pen.path(
      `M${inner} 48L${inner} ${spring}C${inner} ${spring - inner * k} ${inner * k} ${spring - inner} 0 ${spring - inner}Q${inner * 0.8 - 5} ${spring - inner + 6} ${inner - 5} ${spring}L${inner - 5} 48Z`,
      dark(sand, 0.48),
    );
    let joints = "";
    for (let i = 1; i < 9; i++) {
      const t = Math.PI + (i / 9) * Math.PI;
      joints += `M${Math.cos(t) * (inner + 1)} ${spring + Math.sin(t) * (inner + 1)}L${Math.cos(t) * (outer - 1)} ${spring + Math.sin(t) * (outer - 1)}`;
    }
    for (let y = spring + 2; y < 46; y += 11)
      joints += `M${-outer + 1} ${y}L${-inner - 1} ${y}M${inner + 1} ${y}L${outer - 1} ${y}`;
    pen.line(joints, dark(sand, 0.42), 1.7, { inner: true, opacity: 0.75 });
    for (const x of [-(outer + inner) / 2, (outer + inner) / 2])
      pen.rect(
        x - (outer - inner) / 2 - 4,
        42,
        outer - inner + 8,
        9,
        down(light(sand, 0.25), dark(sand, 0.25)),
        { round: 1.5 },
      );
  },
};

const lighthouse: Kind = {
  name: "lighthouse",
  plural: "lighthouses",
  colours: ["red", "blue", "black"],
  habitats: ["sea", "beach"],
  stance: "float",
  tilt: 0,
  inside: "#e9dfc8",
  draw(pen, random, colour) {
    const foot = random.range(17, 22);
    const neck = random.range(10, 13);
    const bands = random.pick([3, 4]);
    pen.blob(
      [
        [0, 44],
        [22, 44],
        [34, 54],
        [28, 62],
        [0, 63],
        [-28, 62],
        [-35, 55],
        [-22, 45],
      ],
      slope("#a39c92", "#6f6a68", "#4e4a4e"),
    );
    pen.path(`M${-neck} -30L${neck} -30L${foot} 50Q0 55 ${-foot} 50Z`, tube("#f6f2ea"));
    for (let i = 0; i < bands; i++) {
      const from = (i + 0.08) / bands;
      const to = (i + 0.56) / bands;
      const half = (t: number) => neck + (foot - neck) * t;
      const y = (t: number) => -30 + 80 * t;
      pen.path(
        `M${-half(from)} ${y(from)}L${half(from)} ${y(from)}L${half(to)} ${y(to)}Q0 ${y(to) + 4} ${-half(to)} ${y(to)}Z`,
        tube(colour),
        { inner: true },
      );
    }
    pen.rect(-4, 38, 8, 14, "#3b3340", { inner: true, round: 4 });
    pen.rect(-neck - 5, -34, (neck + 5) * 2, 5, "#3d3d4a", { round: 2 });
    pen.rect(-neck + 2, -48, neck * 2 - 4, 15, across("#ffe28a", "#fff8d2", "#f2c14a"));
    pen.line(`M-3.4 -47L-3.4 -34M3.4 -47L3.4 -34`, "#3d3d4a", 1.4, { inner: true });
    pen.path(`M${-neck} -47Q${-neck * 0.6} -60 0 -62Q${neck * 0.6} -60 ${neck} -47Z`, round(colour));
    pen.ellipse(0, -63, 2.4, 2.4, dark(colour, 0.3));
  },
};

export const buildings: readonly Kind[] = [house, bridge, arch, lighthouse];
