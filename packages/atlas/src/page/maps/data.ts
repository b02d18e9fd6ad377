import type { SiteMaps, SiteMapsAbout, SiteMapsLayer } from "@optogram/render-atlas/site";
import { once, PageError } from "../data/load.ts";
import { number, type Row, readWhere, readWhole, textOrNull } from "../data/tables.ts";

/** One image at one layer. */
export interface ImageMap {
  /** [tokens, rank], along the components of all images. */
  readonly projections: Float32Array;
  /** [3, tokens], bytes: the image's own components. */
  readonly own: Uint8Array;
  /** Shares of the image's variance of these three. */
  readonly ownRatio: readonly number[];
  /** [channels, tokens], bytes. */
  readonly channels: Uint8Array;
  /** [tokens], the share that things truly cover; absent where that is not known. */
  readonly coverage: Float32Array | undefined;
}

export interface LayerMaps {
  readonly layer: SiteMapsLayer;
  /** Position among the layers. */
  readonly index: number;
  readonly rank: number;
  /** In the order of `SiteMapsAbout.shown`. */
  readonly images: readonly ImageMap[];
}

export function loadAbout(site: SiteMaps): Promise<SiteMapsAbout> {
  return once(`maps ${site.about.url}`, async () => {
    const response = await fetch(site.about.url).catch(() => undefined);
    if (!response?.ok)
      throw new PageError(
        `${site.about.url} could not be read. Check that the whole folder was copied to the host, then reload.`,
      );
    return (await response.json()) as SiteMapsAbout;
  });
}

/** What `load` gives of several, the same list for the same ones. */
export function loadAll<T>(
  what: string,
  sites: readonly SiteMaps[],
  load: (site: SiteMaps) => Promise<T>,
): Promise<readonly T[]> {
  return once(`all ${what} ${sites.map(({ about }) => about.url).join(" ")}`, () =>
    Promise.all(sites.map(load)),
  );
}

export function loadLayer(site: SiteMaps, index: number): Promise<LayerMaps> {
  return once(`maps ${site.tables.maps.url} ${index}`, async () => {
    const [about, rows] = await Promise.all([loadAbout(site), readWhere(site.tables.maps, "layer", index)]);
    const layer = about.layers[index]!;
    const ordered = [...rows].sort((a, b) => number(a, "image") - number(b, "image"));
    return { layer, index, rank: layer.ratio.length, images: ordered.map((row) => imageOf(row, layer)) };
  });
}

function imageOf(row: Row, { grid, low, step }: SiteMapsLayer): ImageMap {
  const tokens = grid[0] * grid[1];
  const bytes = (column: string) => Uint8Array.from(row[column] as Iterable<number>);
  const packed = bytes("projections");
  const rank = low.length;
  const coverage = bytes("coverage");
  return {
    projections: Float32Array.from(packed, (_, at) => {
      const [token, c] = [Math.floor(at / rank), at % rank];
      return low[c]! + step[c]! * packed[c * tokens + token]!;
    }),
    own: bytes("own"),
    ownRatio: Array.from(row.own_ratio as Iterable<number>),
    channels: bytes("channels"),
    coverage: coverage.length === 0 ? undefined : Float32Array.from(coverage, (byte) => byte / 255),
  };
}

/** Mean IoU of the mask above a threshold, with its 95 % interval. */
export interface CurvePoint {
  readonly threshold: number;
  readonly iou: number;
  readonly low: number;
  readonly high: number;
}

/** Of the first component, by layer; none where it is not known what is truly seen. */
export function loadCurves(site: SiteMaps): Promise<ReadonlyMap<number, readonly CurvePoint[]>> {
  return once(`maps ${site.tables.curves.url}`, async () => {
    const rows = site.tables.curves.rows === 0 ? [] : await readWhole(site.tables.curves);
    const points = rows
      .filter((row) => textOrNull(row, "method") === "component")
      .map((row) => ({
        layer: number(row, "layer"),
        threshold: number(row, "threshold"),
        iou: number(row, "iou"),
        low: number(row, "low"),
        high: number(row, "high"),
      }));
    return Map.groupBy(points, ({ layer }) => layer);
  });
}

export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export const momentNames = ["mean", "deviation", "skewness", "kurtosis"] as const;
export type MomentName = (typeof momentNames)[number];

/** How the activations of a layer, or of one of its channels, are distributed. */
export interface Distribution {
  readonly layer: number;
  /** −1 for all channels. */
  readonly channel: number;
  readonly count: number;
  readonly moments: Readonly<Record<MomentName, Estimate>>;
  readonly p1: number;
  readonly p50: number;
  readonly p99: number;
  readonly outliers: number;
  readonly normal: number;
  readonly laplace: number;
  readonly laplaceLocation: number;
  readonly laplaceScale: number;
  readonly bars: Readonly<Record<"all" | "middle", Bars>>;
}

export interface Bars {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

export function loadDistributions(site: SiteMaps): Promise<readonly Distribution[]> {
  return once(`maps ${site.tables.statistics.url}`, async () => {
    const [rows, histograms] = await Promise.all([
      readWhole(site.tables.statistics),
      readWhole(site.tables.histograms),
    ]);
    const key = (row: Row) => `${number(row, "layer")} ${number(row, "channel")} ${row.range ?? ""}`;
    const bars = new Map(histograms.map((row) => [key(row), barsOf(row)]));
    return rows.map((row) => {
      const of = (column: string) => number(row, column);
      return {
        ...{ layer: of("layer"), channel: of("channel"), count: of("count") },
        moments: Object.fromEntries(
          momentNames.map((name) => [
            name,
            { mean: of(name), low: of(`${name}_low`), high: of(`${name}_high`) },
          ]),
        ) as Distribution["moments"],
        ...{ p1: of("p1"), p50: of("p50"), p99: of("p99"), outliers: of("outliers") },
        ...{ normal: of("normal_distance"), laplace: of("laplace_distance") },
        ...{ laplaceLocation: of("laplace_location"), laplaceScale: of("laplace_scale") },
        bars: { all: bars.get(`${key(row)}all`)!, middle: bars.get(`${key(row)}middle`)! },
      };
    });
  });
}

function barsOf(row: Row): Bars {
  return {
    low: number(row, "low"),
    high: number(row, "high"),
    counts: Array.from(row.counts as Iterable<number>, Number),
  };
}
