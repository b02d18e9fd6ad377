import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Bitmap, blank, ground, halve, paste } from "./bitmap.ts";
import { planCover } from "./cover.ts";
import { chooseFaces } from "./faces.ts";
import {
  faceSize,
  sheetHeight,
  sheetImages,
  sheetSquare,
  sheetWidth,
  tileSize,
  tileSquares,
} from "./layout.ts";
import { buildPyramid, dziXml, levelCount } from "./pyramid.ts";
import { folderNames } from "./render.ts";
import { shareShowing, whatIsShown } from "./shown.ts";

function filled(width: number, height: number, value: number): Bitmap {
  return { width, height, data: new Uint8Array(width * height * 3).fill(value) };
}

describe("bitmaps", () => {
  test("a blank one has the ground's colour everywhere", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (width, height) => {
        const { data } = blank(width, height);
        expect([...data]).toEqual(Array.from({ length: width * height }, () => [...ground]).flat());
      }),
    );
  });

  test("halving takes the mean of 2 × 2 pixels, and an odd edge as it is", () => {
    const data = Uint8Array.from([0, 100, 10, 40, 60, 20, 7, 7, 7].flatMap((value) => [value, value, value]));
    const { width, height, data: half } = halve({ width: 3, height: 3, data });
    expect([width, height]).toEqual([2, 2]);
    expect([...half].filter((_, i) => i % 3 === 0)).toEqual([50, 15, 7, 7]);
  });

  test("pasting changes the given square alone and refuses what does not fit", () => {
    const whole = filled(5, 4, 1);
    paste(whole, filled(2, 3, 9), 2, 1);
    const shown = Array.from({ length: 4 }, (_, y) =>
      Array.from({ length: 5 }, (_, x) => whole.data[(y * 5 + x) * 3]),
    );
    expect(shown).toEqual([
      [1, 1, 1, 1, 1],
      [1, 1, 9, 9, 1],
      [1, 1, 9, 9, 1],
      [1, 1, 9, 9, 1],
    ]);
    expect(() => paste(whole, filled(2, 2, 0), 4, 0)).toThrow(RangeError);
  });
});

describe("layouts", () => {
  const covered = (
    squares: readonly { x: number; y: number; size: number }[],
    width: number,
    height: number,
  ) => {
    const counts = new Uint8Array(width * height);
    for (const { x, y, size } of squares) {
      for (let row = y; row < y + size; row++) {
        for (let column = x; column < x + size; column++) counts[row * width + column]!++;
      }
    }
    return counts;
  };

  test("a sheet's images fill it without gap or overlap", () => {
    expect(sheetImages).toBe(24);
    const squares = Array.from({ length: sheetImages }, (_, rank) => sheetSquare(rank));
    expect(covered(squares, sheetWidth, sheetHeight).every((count) => count === 1)).toBe(true);
  });

  test.each([0, 1, 3, 4, 5, 6, 24])("a tile of %i images keeps its rim and overlaps none", (images) => {
    const squares = tileSquares(images);
    expect(squares.length).toBeLessThanOrEqual(images);
    const counts = covered(squares, tileSize, tileSize);
    expect(counts.every((count) => count <= 1)).toBe(true);
    expect(counts.subarray(0, 4 * tileSize).every((count) => count === 0)).toBe(true);
    if (images > 0) expect(counts.filter((count) => count === 1).length).toBeGreaterThan(0.9 * tileSize ** 2);
  });
});

describe("the pyramid", () => {
  async function build(columns: number, rows: number, occupied: (column: number, row: number) => boolean) {
    const written = new Map<string, Bitmap>();
    const pyramid = { columns, rows, tileSize };
    await buildPyramid(pyramid, {
      leaf: async (column, row) => (occupied(column, row) ? filled(tileSize, tileSize, 200) : undefined),
      face: async (column, row) => (occupied(column, row) ? filled(faceSize, faceSize, 100) : undefined),
      write: async (level, column, row, tile) => {
        expect(written.has(`${level}/${column}_${row}`)).toBe(false);
        written.set(`${level}/${column}_${row}`, tile);
      },
    });
    return { pyramid, written };
  }

  test("has every tile over a feature, each of its level's size, and no other", async () => {
    const size = fc.integer({ min: 1, max: 7 });
    await fc.assert(
      fc.asyncProperty(size, size, fc.integer({ min: 0, max: 48 }), async (columns, rows, only) => {
        const at = only % (columns * rows);
        const occupied = (column: number, row: number) => row * columns + column === at;
        const { pyramid, written } = await build(columns, rows, occupied);
        const levels = levelCount(pyramid);
        for (let level = 0; level < levels - 1; level++) {
          const shrink = 2 ** (levels - 1 - level);
          const width = Math.ceil((columns * tileSize) / shrink);
          const height = Math.ceil((rows * tileSize) / shrink);
          const column = Math.floor((at % columns) / shrink);
          const row = Math.floor(Math.floor(at / columns) / shrink);
          const own = [...written.keys()].filter((name) => name.startsWith(`${level}/`));
          expect(own).toEqual([`${level}/${column}_${row}`]);
          const tile = written.get(own[0]!)!;
          expect(tile.width).toBe(Math.min(tileSize, width - column * tileSize));
          expect(tile.height).toBe(Math.min(tileSize, height - row * tileSize));
        }
      }),
      { numRuns: 12 },
    );
  });

  test("shows faces from four cells a tile on", async () => {
    const { written } = await build(4, 4, () => true);
    const value = (name: string) => written.get(name)!.data[0];
    const deepest = levelCount({ columns: 4, rows: 4, tileSize }) - 1;
    expect(value(`${deepest - 1}/0_0`)).toBe(200);
    expect(value(`${deepest - 2}/0_0`)).toBe(100);
    expect(value("0/0_0")).toBe(100);
  });

  test("an empty map has no tiles", async () => {
    expect((await build(3, 2, () => false)).written.size).toBe(0);
  });

  test("says its size as DeepZoom has it", () => {
    expect(dziXml({ columns: 3, rows: 2, tileSize }, "webp")).toContain(
      'Format="webp" Overlap="0" TileSize="256">\n  <Size Width="768" Height="512"/>',
    );
  });
});

describe("what stands for features", () => {
  test("no two have the same face where another image is left", () => {
    const tops = new Map([
      [0, [5, 6]],
      [1, [5, 6, 7]],
      [2, [5]],
      [3, []],
    ]);
    expect([...chooseFaces([1, 0, 2, 3], tops)]).toEqual([
      [1, 5],
      [0, 6],
      [2, 5],
    ]);
  });

  test("the cover is a full grid of the strongest, those high on the map above", () => {
    const cells = fc.uniqueArray(fc.nat(9999), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(cells, (places) => {
        const feature = places.map((_, i) => 3 * i);
        const strength = places.map((place) => (place * 7919) % 1013);
        const cover = planCover({
          feature,
          strength,
          column: places.map((place) => place % 100),
          row: places.map((place) => Math.floor(place / 100)),
        } as never);
        expect(cover.features).toHaveLength(cover.columns * cover.rows);
        expect(new Set(cover.features).size).toBe(cover.features.length);
        const weakest = Math.min(...cover.features.map((number) => strength[number / 3]!));
        const left = feature.filter((number) => !cover.features.includes(number));
        for (const number of left) expect(strength[number / 3]!).toBeLessThanOrEqual(weakest);
        const rowOf = (number: number) => Math.floor(places[number / 3]! / 100);
        for (let line = 1; line < cover.rows; line++) {
          const above = cover.features.slice((line - 1) * cover.columns, line * cover.columns).map(rowOf);
          const below = cover.features.slice(line * cover.columns, (line + 1) * cover.columns).map(rowOf);
          expect(Math.max(...above)).toBeLessThanOrEqual(Math.min(...below));
        }
      }),
    );
  });

  test("ground truth decides what an image shows; without it, class and caption", () => {
    const common = {
      image: [4, 9],
      label: ["cat", null],
      caption: ["a Boat at sea", "two boats, one house"],
    };
    const truth = { offsets: [0, 2, 3], kind: ["boat", "cat", "house"], coverage: [0.2, 0.01, 0.06] };
    const known = whatIsShown({ ...common, truth });
    expect([
      known.shows(4, "boat"),
      known.shows(4, "cat"),
      known.shows(9, "house"),
      known.shows(5, "boat"),
    ]).toEqual([true, false, true, false]);
    expect([known.shows(4, "sea"), known.shows(9, "sea")]).toEqual([true, false]);
    const guessed = whatIsShown(common);
    expect([guessed.shows(4, "boat"), guessed.shows(4, "cat"), guessed.shows(9, "boat")]).toEqual([
      true,
      true,
      false,
    ]);
    expect(shareShowing(known, [4, 9, 5, 4], "boat")).toBe(0.5);
  });

  test("encoders' folders are safe and distinct", () => {
    expect(folderNames(["tiny-siglip", "../x y", "assets", "X-Y", "é", "tiny-siglip"])).toEqual([
      "tiny-siglip",
      "x-y",
      "assets-2",
      "x-y-2",
      "encoder",
      "tiny-siglip-2",
    ]);
  });
});
