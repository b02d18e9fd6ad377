/** The files of the artifact: tables, the same to read, figures, pictures, and what all of it is about. */

import { type ArtifactWriter, writeArtifact } from "@optogram/artifacts";
import type { StageContext } from "@optogram/cli";
import { type ImageSource, sheetGap, sheetOf, webpOf } from "@optogram/images";
import { barsFigure } from "./bars.ts";
import { comparisonsOf } from "./comparisons.ts";
import type { Evaluation } from "./evaluation.ts";
import { type FamilyPair, familyRows } from "./families.ts";
import { csv, type Grid, latex, markdown } from "./formats.ts";
import type { Frames } from "./frames.ts";
import { familiesGrid, familiesNumbers, rankingGrid, rankingNumbers } from "./grids.ts";
import type { OpenJudge } from "./judges.ts";
import { type Painted, shownOf } from "./paint.ts";
import { layersFigure, tokensFigure } from "./points.ts";
import { type RankingRow, rankingOf } from "./ranking.ts";
import { comparisonsTable, familiesTable, rankingTable, scoresTable } from "./tables.ts";

export interface Findings {
  readonly evaluation: Evaluation;
  readonly painted: readonly Painted[];
  readonly judges: readonly OpenJudge[];
  readonly frames: Frames;
  readonly source: ImageSource;
}

interface Settings {
  readonly seed: number;
  readonly grey: boolean;
  readonly pairs: readonly FamilyPair[];
}

export async function writeEvaluation(
  { output, description, parameters }: StageContext<Settings>,
  findings: Findings,
): Promise<void> {
  const { evaluation } = findings;
  await writeArtifact(output, description, async (writer) => {
    const comparisons = comparisonsOf(evaluation);
    const ranking = rankingOf(evaluation, comparisons, parameters.seed);
    await writer.table("scores.parquet", scoresTable(evaluation));
    await writer.table("comparisons.parquet", comparisonsTable(evaluation, comparisons));
    await writer.table("ranking.parquet", rankingTable(ranking));
    await writeGrids(writer, "ranking", rankingGrid(ranking), rankingNumbers(ranking));
    if (parameters.pairs.length > 0) {
      const rows = familyRows(evaluation, parameters.pairs, parameters.seed);
      await writer.table("families.parquet", familiesTable(rows));
      await writeGrids(writer, "families", familiesGrid(rows), familiesNumbers(rows));
    }
    const figures = await writeFigures(writer, ranking);
    const pictures = await writePictures(writer, findings);
    await writer.json("evaluation.json", aboutOf(findings, parameters, { figures, pictures }));
    Object.assign(writer.metrics, figuresOf(ranking, evaluation));
  });
}

async function writeGrids(writer: ArtifactWriter, name: string, toRead: Grid, numbers: Grid): Promise<void> {
  await writer.bytes(`${name}.md`, markdown(toRead));
  await writer.bytes(`${name}.tex`, latex(toRead));
  await writer.bytes(`${name}.csv`, csv(numbers));
}

interface FigureFile {
  readonly file: string;
  readonly kind: "bars" | "tokens" | "layers";
  readonly measure: string;
}

async function writeFigures(writer: ArtifactWriter, ranking: readonly RankingRow[]): Promise<FigureFile[]> {
  const written: FigureFile[] = [];
  for (const [measure, rows] of Map.groupBy(ranking, (row) => row.measure.key)) {
    const drawn = { bars: barsFigure(rows), tokens: tokensFigure(rows), layers: layersFigure(rows) } as const;
    for (const kind of ["bars", "tokens", "layers"] as const) {
      const svg = drawn[kind];
      if (svg === undefined) continue;
      const file = `figures/${kind}-${measure}.svg`;
      await writer.bytes(file, svg);
      written.push({ file, kind, measure });
    }
  }
  return written;
}

/** A row an entry, below the originals; where each picture lies is said for who cuts them out. */
async function writePictures(writer: ArtifactWriter, { evaluation, painted, frames }: Findings) {
  const columns = shownOf(evaluation.images.length).map((i) => evaluation.images[i]);
  const originals = await Promise.all(columns.map((position) => frames.read(position)));
  const file = "pictures.webp";
  const { side } = frames;
  const rows = [originals, ...painted.map(({ pictures }) => pictures)];
  const sheet = sheetOf(
    rows.map((row) => row.map(({ data }) => data)),
    [side, side],
  );
  await writer.bytes(file, await webpOf(sheet));
  return {
    file,
    side,
    gap: sheetGap,
    columns,
    rows: ["original", ...painted.map(({ entry }) => entry.id)],
  };
}

function aboutOf(
  { evaluation, judges, frames, source }: Findings,
  { grey }: Settings,
  files: Readonly<Record<"figures" | "pictures", unknown>>,
) {
  const { entries, images, measures } = evaluation;
  return {
    ...{ side: frames.side, grey },
    images: images.map((position) => ({ position, id: source.id(position) })),
    judges: judges.map(({ name, title, digest, compared }) => ({ name, title, card: digest, compared })),
    measures: measures.map(({ judge, ...measure }) => ({ ...measure, ...(judge && { judge: judge.name }) })),
    entries,
    ...files,
  };
}

/** For the manifest; best and worst among encoders that have learnt, by the first judge. */
function figuresOf(ranking: readonly RankingRow[], { entries, images, measures }: Evaluation) {
  const learnt = ranking.filter(
    ({ entry, measure }) => entry.kind === "encoder" && measure.key === measures[0].key,
  );
  return {
    encoders: entries.filter(({ kind }) => kind === "encoder").length,
    images: images.length,
    measure: measures[0].key,
    best: learnt[0]?.entry.id ?? null,
    worst: learnt.at(-1)?.entry.id ?? null,
    scores: Object.fromEntries(
      ranking
        .filter(({ measure }) => measure.key === measures[0].key)
        .map(({ entry, mean }) => [entry.id, mean]),
    ),
  };
}
