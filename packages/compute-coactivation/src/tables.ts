/** The map as the tables that the stage writes; their columns are described in the package's README. */

import { bools, lists, table } from "@optogram/artifacts";
import { lift, pointwiseMutualInformation } from "./coactivation.ts";
import type { CoactivationMap } from "./map.ts";
import { histogramBins } from "./summaries.ts";

type Table = ReturnType<typeof table>;

/** The stage's tables by file name. `imageIds` gives the image of each row of the codes. */
export function tablesOf(map: CoactivationMap, imageIds: Uint32Array): Record<string, Table> {
  return {
    "map.parquet": mapTable(map),
    "tops.parquet": topsTable(map, imageIds),
    "neighbours.parquet": neighboursTable(map, imageIds.length),
    "regions.parquet": regionsTable(map),
  };
}

function mapTable({
  living,
  layout,
  side,
  cells,
  summaries,
  regions,
  tags,
  byWords,
}: CoactivationMap): Table {
  const n = living.length;
  return table({
    feature: living,
    x: Float32Array.from({ length: n }, (_, i) => layout[2 * i]),
    y: Float32Array.from({ length: n }, (_, i) => layout[2 * i + 1]),
    column: Uint16Array.from(cells, (cell) => cell % side),
    row: Uint16Array.from(cells, (cell) => Math.floor(cell / side)),
    strength: summaries.strength,
    density: summaries.density,
    count: summaries.count,
    max: summaries.max,
    mean: summaries.mean,
    histogram: lists(
      Int32Array.from({ length: n + 1 }, (_, i) => i * histogramBins),
      summaries.histogram,
    ),
    region: regions.of,
    label: tags,
    by_words: bools(byWords),
  });
}

function topsTable({ living, summaries }: CoactivationMap, imageIds: Uint32Array): Table {
  const { offsets, images, values } = summaries.tops;
  const feature = new Uint32Array(images.length);
  const rank = new Uint16Array(images.length);
  living.forEach((number, i) => {
    for (let p = offsets[i]; p < offsets[i + 1]; p++) {
      feature[p] = number;
      rank[p] = p - offsets[i];
    }
  });
  return table({ feature, rank, image: images.map((row) => imageIds[row]), value: values });
}

function neighboursTable(
  { living, coactivation, similar, summaries }: CoactivationMap,
  images: number,
): Table {
  const rows = coactivation.others.length + similar.indices.length;
  const feature = new Uint32Array(rows);
  const relation: string[] = [];
  const rank = new Uint16Array(rows);
  const other = new Uint32Array(rows);
  const score = new Float32Array(rows);
  const count = new Uint32Array(rows);
  const lifts = new Float32Array(rows);
  const information = new Float32Array(rows);
  const add = (i: number, how: string, place: number, j: number, value: number, together: number): void => {
    const at = relation.length;
    const chances = [together, summaries.count[i], summaries.count[j], images] as const;
    feature[at] = living[i];
    relation.push(how);
    rank[at] = place;
    other[at] = living[j];
    score[at] = value;
    count[at] = together;
    lifts[at] = lift(...chances);
    information[at] = pointwiseMutualInformation(...chances);
  };
  living.forEach((_, i) => {
    const { offsets, others, scores, together } = coactivation;
    for (let p = offsets[i]; p < offsets[i + 1]; p++)
      add(i, "coactivation", p - offsets[i], others[p], scores[p], together[p]);
    for (let p = i * similar.k; p < (i + 1) * similar.k; p++)
      add(i, "cosine", p - i * similar.k, similar.indices[p], similar.cosines[p], similar.together[p]);
  });
  return table({ feature, relation, rank, other, score, count, lift: lifts, pmi: information });
}

function regionsTable({ regions: { regions } }: CoactivationMap): Table {
  return table({
    region: Uint16Array.from(regions.keys()),
    label: regions.map((region) => region.label),
    x: Float32Array.from(regions, (region) => region.x),
    y: Float32Array.from(regions, (region) => region.y),
    features: Uint32Array.from(regions, (region) => region.features),
  });
}
