import {
  barsFigure,
  comparisonsOf,
  csv,
  type Entry,
  familiesGrid,
  familyRows,
  latex,
  layersFigure,
  markdown,
  rankingGrid,
  rankingNumbers,
  rankingOf,
  tokensFigure,
} from "@optogram/evaluate-encoders";
import { describe, expect, it } from "vitest";
import { encoder, evaluationOf, noisy } from "./made.ts";

const nasty: Entry = encoder('<b>&"|$_%', 16);
const entries: Entry[] = [
  nasty,
  encoder("plain", 64),
  { ...encoder("random", 64), kind: "random-weights" },
  { id: "mean image", kind: "mean-image", size: [32, 32] },
];
const evaluation = evaluationOf(entries, {
  [nasty.id]: noisy(40, 0.8, 1),
  plain: noisy(40, 0.6, 2),
  random: noisy(40, 0.2, 3),
  "mean image": noisy(40, 0.1, 4),
});
const ranking = rankingOf(evaluation, comparisonsOf(evaluation), 1);
const cosines = ranking.filter(({ measure }) => measure.key === "cosine-judge");

describe("csv", () => {
  it("quotes what it has to, and lets no text be a formula", () => {
    const grid = {
      title: "",
      head: ["a", "b"],
      rows: [
        ['=HYPERLINK("x")', -1.5],
        ["+1", Number.NaN],
        [" @x", "a,b"],
        ["-", "line\nbreak"],
      ],
    };
    expect(csv(grid)).toBe(`a,b\r\n"'=HYPERLINK(""x"")",-1.5\r\n'+1,\r\n' @x,"a,b"\r\n'-,"line\nbreak"\r\n`);
  });

  it("has a row a measure and entry, with every number", () => {
    const lines = csv(rankingNumbers(ranking)).trimEnd().split("\r\n");
    expect(lines).toHaveLength(1 + 4 * 4);
    expect(lines[0]).toBe(
      "measure,judge,judge_compared,own,entry,kind,encoder,layer,block,tokens,rank,n,mean,low,high,groups",
    );
    expect(lines[1]).toMatch(
      /^cosine-judge,judge,false,false,"<b>&""\|\$_%",encoder,"<b>&""\|\$_%",last,4,16,1,40,0\.79/,
    );
    expect(lines[4]).toMatch(/^cosine-judge,judge,false,false,mean image,mean-image,,,,,,40,0\.\d+,/);
  });
});

describe("markdown and latex", () => {
  it("show encoders by rank with intervals and letters, controls below, names escaped", () => {
    const text = markdown(rankingGrid(ranking));
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    expect(rows[0]).toBe(
      "| rank | encoder | layer | tokens | cosine under judge ↑ | PSNR, dB ↑ | SSIM ↑ | ΔE 2000 ↓ |",
    );
    expect(rows[1]).toBe("| --: | --- | --- | --: | --: | --: | --: | --: |");
    expect(rows).toHaveLength(2 + 4);
    expect(rows[2]).toMatch(
      /^\| 1 \| \\<b\\>&"\\\|\$\\_% \| last \| 16 \| 0\.79\d \(0\.78\d, 0\.81\d\) a \|/,
    );
    expect(rows[5]).toMatch(/^\| {2}\| mean image \| {2}\| {2}\| 0\.09\d /);
    expect(text).toContain("Holm over all pairs of a column, 0.05");
  });

  it("escapes what LaTeX has a meaning for", () => {
    const text = latex({ title: "50 % of a_b", head: ["x"], rows: [["\\input{a}^~$&#"], ["[t]"], [3]] });
    expect(text).toContain("\\caption{50 \\% of a\\_b}");
    expect(text).toContain(
      "\\textbackslash{}input\\{a\\}\\textasciicircum{}\\textasciitilde{}\\$\\&\\# \\\\",
    );
    expect(text).toContain("{}[t] \\\\");
    expect(text).toContain("\\begin{tabular}{l}");
    expect(latex(rankingGrid(ranking))).toContain("\\begin{tabular}{rllrrrrr}");
  });

  it("show the families with both tests", () => {
    const rows = familyRows(evaluation, [{ a: nasty.id, b: "plain" }], 1);
    const line = markdown(familiesGrid(rows))
      .split("\n")
      .find((row) => row.includes("plain"));
    expect(line).toMatch(
      /\| 32 × 32 \| judge \| 0\.79\d \| 0\.58\d \| 0\.2\d+ .* \| \\< 0\.001 \| \\< 0\.001 \|$/,
    );
  });
});

/** Attributes of the elements of a kind. */
function elements(svg: string, name: string): Record<string, string>[] {
  return Array.from(svg.matchAll(new RegExp(`<${name}((?: [\\w:-]+="[^"]*")*)/?>`, "g")), ([, all]) =>
    Object.fromEntries(Array.from(all.matchAll(/ ([\w:-]+)="([^"]*)"/g), ([, key, value]) => [key, value])),
  );
}

describe("figures", () => {
  it("draw a bar an entry as long as its mean, an interval each, and names that cannot break out", () => {
    const svg = barsFigure(cosines);
    const bars = elements(svg, "rect");
    expect(bars.map((bar) => bar.class)).toEqual(["encoder", "encoder", "control", "control"]);
    const perUnit = bars.map(({ width }, i) => Number(width) / cosines[i].mean);
    for (const scale of perUnit) expect(scale / perUnit[0]).toBeCloseTo(1, 2);
    expect(elements(svg, "path")).toHaveLength(4);
    expect(svg).toContain("&lt;b&gt;&amp;&quot;|$_%");
    expect(svg).not.toContain("<b>");
    expect(svg).toContain("cosine under judge, mean of 40 images");
  });

  it("draw negative means to the left of zero", () => {
    const below = cosines.map((row) => ({ ...row, mean: -row.mean, low: -row.high, high: -row.low }));
    const [bar] = elements(barsFigure(below), "rect");
    expect(Number(bar.width)).toBeGreaterThan(0);
  });

  it("draw scores against tokens, higher ones higher, controls without tokens left out", () => {
    const circles = elements(tokensFigure(cosines), "circle");
    expect(circles).toHaveLength(3);
    // 16 tokens stand to the left of 64, 0.8 above 0.6.
    expect(Number(circles[0].cx)).toBeLessThan(Number(circles[1].cx));
    expect(circles[1].cx).toBe(circles[2].cx);
    expect(Number(circles[0].cy)).toBeLessThan(Number(circles[1].cy));
  });

  it("draw scores against blocks where an encoder comes with several, joined in order", () => {
    expect(layersFigure(cosines)).toBeUndefined();
    const deep = [encoder("deep", 16, "last", 6), encoder("deep", 16, "4", 4), encoder("deep", 16, "0", 0)];
    const layers = evaluationOf([...deep, encoder("alone", 16)], {
      deep: noisy(30, 0.5, 1),
      "deep@4": noisy(30, 0.7, 2),
      "deep@0": noisy(30, 0.9, 3),
      alone: noisy(30, 0.9, 3),
    });
    const rows = rankingOf(layers, comparisonsOf(layers), 1).slice(0, 4);
    const svg = layersFigure(rows) as string;
    const places = elements(svg, "circle").map(({ cx, cy }) => [Number(cx), Number(cy)]);
    expect(places).toHaveLength(3);
    expect(places.map(([x]) => x)).toEqual(places.map(([x]) => x).sort((a, b) => a - b));
    expect(places.map(([, y]) => y)).toEqual(places.map(([, y]) => y).sort((a, b) => a - b));
    expect(svg).toMatch(/>0<.*>4<.*>last</s);
  });
});
