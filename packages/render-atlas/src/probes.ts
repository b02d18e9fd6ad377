/** Probes in the atlas: a table of curves by thing, the pairs that split one, and a sheet of pictures a thing. */

import {
  type Artifact,
  columnOf,
  fieldOfStruct,
  lists,
  structs,
  table,
  texts,
  toBinaries,
  toFloats,
  toLists,
  toNumbers,
  toTexts,
} from "@optogram/artifacts";
import { blank, paste } from "./bitmap.ts";
import { decodePicture, sheetFormat, squareOf } from "./pictures.ts";
import type { SiteProbes } from "./site.ts";
import type { PageTables } from "./tables.ts";

/** One entry an image, those of a thing after one another. */
export interface ProbesPart {
  /** Names of the things, in their order. */
  readonly things: readonly string[];
  /** Position among the things. */
  readonly thing: ArrayLike<number>;
  readonly probe: readonly (string | null)[];
  readonly value: ArrayLike<number>;
  /** Picture files. */
  readonly picture: readonly Uint8Array[];
  /** Active features: those of entry i from offsets[i] to offsets[i + 1]. */
  readonly active: {
    readonly offsets: ArrayLike<number>;
    readonly feature: ArrayLike<number>;
    readonly mean: Float32Array;
    readonly deviation: Float32Array;
  };
  readonly splits: {
    /** Position among the things. */
    readonly thing: ArrayLike<number>;
    readonly probe: readonly (string | null)[];
    /** Columns by name: features `a` and `b`, the score, and the values and activations of each. */
    readonly numbers: Readonly<Record<string, ArrayLike<number>>>;
  };
}

const splitNumbers = [
  "a",
  "b",
  "score",
  "a_value",
  "a_here",
  "a_there",
  "b_value",
  "b_here",
  "b_there",
] as const;

export async function readProbes(artifact: Artifact): Promise<ProbesPart> {
  const probes = await artifact.table("probes.parquet");
  const splits = await artifact.table("splits.parquet");
  const names = toTexts(columnOf(probes, "thing")).map((name) => name ?? "");
  const things = [...new Set(names)];
  const position = new Map(things.map((name, i) => [name, i]));
  const numbersOf = (name: string) => Array.from(toNumbers(columnOf(splits, name)), Number);
  const { offsets, items } = toLists(columnOf(probes, "activations"));
  const field = (name: string) => (items.length > 0 ? fieldOfStruct(items, name) : undefined);
  const floats = (name: string) => {
    const column = field(name);
    return column ? toFloats(column) : new Float32Array();
  };
  const feature = field("feature");
  return {
    things,
    thing: names.map((name) => position.get(name)!),
    probe: toTexts(columnOf(probes, "probe")),
    value: toFloats(columnOf(probes, "value")),
    picture: toBinaries(columnOf(probes, "picture")),
    active: {
      offsets,
      feature: feature ? Array.from(toNumbers(feature), Number) : [],
      mean: floats("mean"),
      deviation: floats("deviation"),
    },
    splits: {
      thing: toTexts(columnOf(splits, "thing")).map((name) => position.get(name ?? "") ?? 0),
      probe: toTexts(columnOf(splits, "probe")),
      numbers: Object.fromEntries(splitNumbers.map((name) => [name, numbersOf(name)])),
    },
  };
}

/** Things whose rows share a row group of the table: what is fetched for one. */
const thingsPerGroup = 2;

export function probeTables({ things, thing, probe, value, active, splits }: ProbesPart): PageTables[] {
  const rows = Math.ceil(thing.length / Math.max(1, things.length));
  return [
    {
      name: "probes",
      table: table({
        thing: Uint16Array.from(thing),
        probe: texts(probe),
        value: Float32Array.from(value),
        cell: Uint16Array.from(cellsOf(thing)),
        activations: lists(
          active.offsets,
          structs({
            feature: Uint32Array.from(active.feature),
            mean: active.mean,
            deviation: active.deviation,
          }),
        ),
      }),
      rowGroupRows: Math.max(1, rows * thingsPerGroup),
    },
    {
      name: "splits",
      table: table({
        thing: Uint16Array.from(splits.thing),
        probe: texts(splits.probe),
        ...Object.fromEntries(
          Object.entries(splits.numbers).map(([name, values]) => [
            name,
            name.length === 1 ? Uint32Array.from(values) : Float32Array.from(values),
          ]),
        ),
      }),
    },
  ];
}

/** Cells of the sheets of pictures: 6 × 6 of 128 px hold all that a thing is probed with. */
const grid = { columns: 6, cell: 128 };

/** The place of each entry on its thing's sheet. */
function cellsOf(thing: ArrayLike<number>): number[] {
  const taken = new Map<number, number>();
  return Array.from(thing, (t) => {
    const cell = taken.get(t) ?? 0;
    taken.set(t, cell + 1);
    return cell;
  });
}

/** Writes a sheet a thing. */
export async function writeProbes(
  { things, thing, picture }: ProbesPart,
  folder: string,
  write: (path: string, bytes: Uint8Array) => Promise<void>,
): Promise<SiteProbes> {
  const cells = cellsOf(thing);
  const rows = Math.max(1, Math.ceil((Math.max(0, ...cells) + 1) / grid.columns));
  const url = `${folder}/probes`;
  for (const t of things.keys()) {
    const whole = blank(grid.columns * grid.cell, rows * grid.cell);
    for (const [i, file] of picture.entries()) {
      if (thing[i] !== t) continue;
      const square = await squareOf(await decodePicture(file), grid.cell);
      const [column, row] = [cells[i]! % grid.columns, Math.floor(cells[i]! / grid.columns)];
      paste(whole, square, column * grid.cell, row * grid.cell);
    }
    await write(`${url}/${t}.${sheetFormat.extension}`, await sheetFormat.encode(whole));
  }
  return { url, extension: sheetFormat.extension, ...grid, rows, things };
}
