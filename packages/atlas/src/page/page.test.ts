import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { curated, drawnFeatures, isDrawn } from "./data/drawn.ts";
import { assemble } from "./data/encoder.ts";
import { featuresOfWord, search } from "./data/search.ts";
import { measure, percent } from "./format.ts";
import { labelOpacity, placeLabels } from "./map/labels.ts";
import { cellAt, hasFeature, overviewLevel } from "./map/tiles.ts";
import { formatRoute, parseRoute } from "./router.ts";
import { aurocInterval } from "./statistics.ts";

const map = { url: "e/map.dzi", extension: "webp", columns: 3, rows: 2, tileSize: 256, levels: 11 };
const encoder = {
  name: "e",
  folder: "e",
  dimensions: 4,
  latents: 4,
  living: 3,
  images: { description: "", count: 10 },
  map,
  tables: {},
  metrics: {},
  provenance: [],
};
const rows = [
  { feature: 0, density: 0.5, dead: false, column: 0, row: 0, region: 0, answers: "boat", strength: 1 },
  { feature: 1, density: 0.2, dead: false, column: 2, row: 1, region: 1, answers: "boat", strength: 2 },
  { feature: 2, density: 0, dead: true, column: -1, row: -1, region: -1, answers: null, auroc: Number.NaN },
  {
    feature: 3,
    density: 0.1,
    dead: false,
    column: 1,
    row: 0,
    region: 1,
    answers: "cat",
    auroc: 0.9,
    strength: 1,
  },
];
const data = assemble(encoder, rows, [{ region: 1, label: "shore", column: 1, row: 1, features: 2 }]);

describe("addresses", () => {
  test("come back as they went", () => {
    const text = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]+$/), text),
        (path, query) => {
          fc.pre(!("__proto__" in query && Object.keys(query).includes("__proto__")));
          const route = parseRoute(formatRoute(path, query));
          expect(route.path).toEqual(path);
          expect({ ...route.query }).toEqual({ ...query });
        },
      ),
    );
  });

  test("survive what nobody wrote", () => {
    expect(parseRoute("#/feature/%E0%A4%A?f")).toEqual({ path: ["feature", "%E0%A4%A"], query: { f: "" } });
    expect(parseRoute("")).toEqual({ path: [], query: {} });
  });
});

describe("an encoder's features", () => {
  test("are found by cell, and missing numbers are null", () => {
    expect([...data.cells]).toEqual([0, 3, -1, -1, -1, 1]);
    expect(data.features[2]).toMatchObject({ dead: true, cell: null, region: null, auroc: null });
    expect(data.living.map(({ feature }) => feature)).toEqual([0, 1, 3]);
  });

  test("are found by number, by what they answer to and by region", () => {
    expect(search(data, "3")).toMatchObject([{ type: "feature", feature: { feature: 3 } }]);
    expect(search(data, "#2")).toMatchObject([{ type: "feature", feature: { feature: 2 } }]);
    expect(search(data, "bo")).toMatchObject([{ type: "word", word: "boat" }]);
    expect(featuresOfWord(data, "Boat").map(({ feature }) => feature)).toEqual([1, 0]);
    expect(featuresOfWord(data, "shore").map(({ feature }) => feature)).toEqual([1, 3]);
    expect(search(data, "zebra")).toEqual([]);
    expect(featuresOfWord(data, "zebra")).toEqual([]);
  });
});

describe("the map", () => {
  test("knows which tiles hold a feature", () => {
    const deepest = map.levels - 1;
    expect(hasFeature(map, data.cells, deepest, 0, 0)).toBe(true);
    expect(hasFeature(map, data.cells, deepest, 2, 0)).toBe(false);
    expect(hasFeature(map, data.cells, deepest - 1, 1, 0)).toBe(true);
    expect(hasFeature(map, data.cells, deepest, 3, 0)).toBe(false);
    expect(hasFeature(map, data.cells, deepest + 1, 0, 0)).toBe(false);
    expect(overviewLevel(map)).toBe(deepest - 2);
  });

  test("finds the cell at a point, and none beyond its edge", () => {
    const frame = { scale: 100, left: 50, top: -20, width: 400, height: 300 };
    expect(cellAt(frame, map, 251, 100)).toEqual({ column: 2, row: 1 });
    expect(cellAt(frame, map, 49, 100)).toBeUndefined();
    expect(cellAt(frame, map, 351, 100)).toBeUndefined();
  });

  test("never shows two labels over one another, and once shown a label stays until pictures take over", () => {
    const label = fc.record({
      text: fc.constant("label"),
      column: fc.double({ min: 0, max: 100, noNaN: true }),
      row: fc.double({ min: 0, max: 100, noNaN: true }),
      width: fc.double({ min: 10, max: 120, noNaN: true }),
      height: fc.constant(22),
      weight: fc.integer({ min: 1, max: 50 }),
    });
    const scales = fc.double({ min: 0.5, max: 80, noNaN: true });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 12 }), scales, scales, (labels, a, b) => {
        const placed = placeLabels(labels);
        const [far, near] = [Math.min(a, b), Math.max(a, b)];
        const shown = placed.filter(({ appears }) => labelOpacity(appears, far) > 0);
        for (const [i, one] of shown.entries()) {
          expect(labelOpacity(one.appears, near)).toBeGreaterThan(0);
          for (const other of shown.slice(0, i)) {
            const apart =
              Math.abs(one.column - other.column) * far >= (one.width + other.width) / 2 ||
              Math.abs(one.row - other.row) * far >= (one.height + other.height) / 2;
            expect(apart).toBe(true);
          }
        }
        expect(placed.every(({ appears }) => labelOpacity(appears, 200) === 0)).toBe(true);
      }),
    );
  });
});

describe("figures", () => {
  test("are written so that they can be read", () => {
    expect([percent(0.0123), percent(0.5), percent(0.00042), percent(0), percent(Number.NaN)]).toEqual([
      "1.2 %",
      "50 %",
      "0.04 %",
      "0 %",
      "–",
    ]);
    expect([measure(0.012345), measure(1234.6), measure(24.31)]).toEqual(["0.0123", "1,230", "24.3"]);
  });

  test("an interval of AUROC lies around it, and narrows with more images", () => {
    const { low, high } = aurocInterval(0.9, 100);
    // Hanley & McNeil's whole formula, with so many images that do not show the kind that they add nothing.
    const [shown, others] = [100, 1e9];
    const variance =
      (0.9 * 0.1 + (shown - 1) * (0.9 / 1.1 - 0.81) + (others - 1) * ((2 * 0.81) / 1.9 - 0.81)) /
      (shown * others);
    expect(high - low).toBeCloseTo(2 * 1.96 * Math.sqrt(variance), 4);
    expect((high + low) / 2).toBeCloseTo(0.9, 6);
    expect(aurocInterval(0.9, 400).low).toBeGreaterThan(low);
    expect(aurocInterval(1, 10)).toEqual({ low: 1, high: 1 });
  });
});

describe("drawn pictures", () => {
  const drawnRow = (feature: number, region: number, picture: string, cosine: number, rank: number) => ({
    ...{ feature, region, picture, density: 0.1, dead: false, column: feature, row: 0, strength: feature },
    ...{ picture_cosine: cosine, picture_rank: rank },
  });
  const { living } = assemble(
    encoder,
    [
      drawnRow(0, 0, "decoder", 0.9, 1),
      drawnRow(1, 0, "ascent", 0.5, 1),
      drawnRow(2, 0, "ascent", 0.8, 2),
      drawnRow(3, 1, "decoder", 0.6, 1),
      drawnRow(4, 1, "decoder", 0.7, 1),
      { feature: 5, density: 0.1, dead: false, column: 5, row: 0, region: 1, strength: 9 },
    ],
    [],
  );
  const all = drawnFeatures({ ...data, living });

  test("are shown strongest first", () => {
    expect(all.map(({ feature }) => feature)).toEqual([4, 3, 2, 1, 0]);
    expect(living.filter(isDrawn)).toHaveLength(5);
  });

  test("are chosen region by region: searched for, strongest in its own picture, larger cosine", () => {
    expect(curated(all, 4).map(({ feature }) => feature)).toEqual([1, 4, 2, 3]);
    expect(curated(all, 32)).toHaveLength(5);
  });
});
