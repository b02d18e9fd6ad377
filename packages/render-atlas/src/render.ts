import { availableParallelism } from "node:os";
import { combinationFiles } from "./combinations.ts";
import { drawCover, planCover } from "./cover.ts";
import { type EvaluationPart, writeEvaluation } from "./evaluation.ts";
import { chooseFaces } from "./faces.ts";
import { drawFeature } from "./feature-pictures.ts";
import { sheet, tileSize } from "./layout.ts";
import { type MapsPart, writeMaps } from "./maps.ts";
import { type OperatorsPart, writeOperators } from "./operators.ts";
import { type CoactivationPart, type EncoderParts, gridSize, type LivePart, topImages } from "./parts.ts";
import { decodePicture, SquarePictures, sheetFormat, tileFormat } from "./pictures.ts";
import { writeProbes } from "./probes.ts";
import { buildPyramid, dziXml, levelCount } from "./pyramid.ts";
import type {
  PageName,
  Site,
  SiteCover,
  SiteEncoder,
  SiteLive,
  SiteMap,
  SiteMaps,
  SiteOperators,
  SiteSheets,
  SiteTable,
  SiteWords,
} from "./site.ts";
import { spreadFiles } from "./spread.ts";
import type { Store } from "./store.ts";
import { type SuperpositionPart, writeSuperposition } from "./superposition.ts";
import { type PageTable, pageTables } from "./tables.ts";
import { type WordsPart, writeWords } from "./words.ts";

/** Where the site goes; paths are relative to its root. */
export interface SiteWriter {
  bytes(path: string, bytes: Uint8Array): Promise<void>;
  /** Writes a Parquet file and says how large it became. */
  table(path: string, table: PageTable, rowGroupRows?: number): Promise<number>;
}

export interface RenderProgress {
  phase(name: string, total: number): { advance(): void; done(): void };
}

export interface RenderContext {
  readonly writer: SiteWriter;
  readonly store: Store;
  readonly progress: RenderProgress;
  readonly signal: AbortSignal;
}

/** What belongs to no encoder. */
export interface SharedParts {
  readonly superposition?: SuperpositionPart;
  readonly evaluation?: EvaluationPart;
  readonly operators?: readonly OperatorsPart[];
  readonly maps?: readonly MapsPart[];
  readonly words?: readonly WordsPart[];
}

/** Writes everything of the site but the page itself, and returns what `atlas.json` says. */
export async function renderSite(
  title: string,
  encoders: readonly EncoderParts[],
  context: RenderContext,
  shared: SharedParts = {},
): Promise<Site> {
  const written: SiteEncoder[] = [];
  const folders = folderNames(encoders.map(({ name }) => name));
  for (const [i, parts] of encoders.entries()) written.push(await renderEncoder(parts, folders[i]!, context));
  const some = <P extends PageName>(has: unknown, ...names: P[]) => (has ? names : []);
  const pages: PageName[] = [
    ...some(
      written.find(({ map }) => map),
      "map",
    ),
    ...some(encoders.length > 0, "features", "feature"),
    ...some(
      encoders.find(({ pictures }) => pictures),
      "gallery",
    ),
    ...some(
      written.find(({ live }) => live),
      "photo",
      "combine",
    ),
    ...some(
      written.find(({ tables }) => tables.generations),
      "spread",
    ),
    ...some(
      written.find(({ probes }) => probes),
      "compare",
    ),
    ...some(shared.evaluation ?? shared.operators?.length, "encoders"),
    ...some(shared.maps?.length, "maps"),
    ...some(shared.words?.length, "words"),
    ...some(shared.superposition, "superposition"),
    "about",
  ];
  const { writer } = context;
  const superposition = shared.superposition && (await writeSuperposition(shared.superposition, writer));
  const evaluation = shared.evaluation && (await writeEvaluation(shared.evaluation, writer));
  const operators: SiteOperators[] = [];
  const operatorFolders = folderNames((shared.operators ?? []).map(({ encoder }) => encoder));
  for (const [i, part] of (shared.operators ?? []).entries())
    operators.push(await writeOperators(part, `encoders/operators/${operatorFolders[i]!}`, writer));
  const maps: SiteMaps[] = [];
  const mapNames = numbered((shared.maps ?? []).map(({ about }) => about.encoder.name));
  const mapFolders = folderNames(mapNames);
  for (const [i, part] of (shared.maps ?? []).entries())
    maps.push(await writeMaps(part, mapNames[i]!, `maps/${mapFolders[i]!}`, writer));
  const words: SiteWords[] = [];
  const wordsNames = numbered((shared.words ?? []).map(({ about }) => about.encoder.name));
  const wordsFolders = folderNames(wordsNames);
  for (const [i, part] of (shared.words ?? []).entries())
    words.push(await writeWords(part, wordsNames[i]!, `words/${wordsFolders[i]!}`, context));
  const site: Site = {
    schemaVersion: 1,
    title,
    pages,
    encoders: written,
    ...(superposition && { superposition }),
    ...(evaluation && { evaluation }),
    ...(operators.length > 0 && { operators }),
    ...(maps.length > 0 && { maps }),
    ...(words.length > 0 && { words }),
  };
  await writer.bytes("atlas.json", new TextEncoder().encode(`${JSON.stringify(site, null, 1)}\n`));
  return site;
}

async function renderEncoder(
  parts: EncoderParts,
  folder: string,
  context: RenderContext,
): Promise<SiteEncoder> {
  const { coactivation } = parts;
  const pictures = coactivation && (await renderPictures(parts, coactivation, folder, context));
  const live = parts.live && (await writeLive(parts.live, folder, context.writer));
  const files = [
    ...(parts.combinations ? combinationFiles(parts.combinations) : []),
    ...(parts.spread ? spreadFiles(parts.spread) : []),
  ];
  for (const [path, bytes] of files) await context.writer.bytes(`${folder}/${path}`, bytes);
  const probes = parts.probes && (await writeProbes(parts.probes, folder, context.writer.bytes));
  const tables: Partial<Record<string, SiteTable>> = {};
  for (const { name, table, rowGroupRows } of pageTables(parts)) {
    const url = `${folder}/tables/${name}.parquet`;
    const bytes = await context.writer.table(url, table, rowGroupRows);
    tables[name] = { url, bytes, rows: table.numRows };
  }
  return {
    name: parts.name,
    folder,
    dimensions: parts.dimensions,
    latents: parts.sae.dead.length,
    living: parts.sae.dead.filter((dead) => !dead).length,
    images: { description: parts.images.description, count: parts.images.image.length },
    ...pictures,
    ...(live && { live }),
    ...(probes && { probes }),
    tables,
    metrics: parts.metrics,
    provenance: parts.provenance,
  };
}

async function writeLive(
  { encoder, sae, decoder }: LivePart,
  folder: string,
  writer: SiteWriter,
): Promise<SiteLive> {
  const write = async (name: string, file: Uint8Array) => {
    const url = `${folder}/live/${name}`;
    await writer.bytes(url, file);
    return { url, bytes: file.length };
  };
  const { height, width, resize } = encoder;
  return {
    encoder: { ...(await write("encoder.onnx", encoder.file)), height, width, resize },
    sae: { ...(await write("sae.safetensors", sae.file)), active: sae.active },
    decoder: { ...(await write("decoder.onnx", decoder.file)), size: decoder.size },
  };
}

/** Draws what is not yet drawn, then the pyramid over it. Each feature's pictures are a piece that a kill leaves whole. */
async function renderPictures(
  parts: EncoderParts,
  coactivation: CoactivationPart,
  folder: string,
  { writer, store, progress, signal }: RenderContext,
): Promise<{ map: SiteMap; sheets: SiteSheets; cover: SiteCover }> {
  const tops = topImages(coactivation);
  const cells = cellsInOrder(coactivation);
  const files = new Map(parts.pictures?.picture.map((file, i) => [parts.pictures!.feature[i]!, file]));
  const squares = new SquarePictures(parts.images.source, sheet.cell);
  const faces = chooseFaces(strongestFirst(coactivation), tops);
  const drawnOf = async (feature: number) => {
    const file = files.get(feature);
    return file && decodePicture(file);
  };
  const faceOf = async (feature: number) => {
    const image = faces.get(feature);
    return (await drawnOf(feature)) ?? (image === undefined ? undefined : squares.get(image));
  };
  const sheetPath = (feature: number) => `${folder}/sheets/${feature}.${sheetFormat.extension}`;
  const tilePath = (feature: number) => `${folder}/features/${feature}.${tileFormat.extension}`;
  const facePath = (feature: number) => `${folder}/faces/${feature}.${tileFormat.extension}`;

  const drawing = progress.phase(`draw the features of ${parts.name}`, cells.length);
  await eachOf(cells, async ({ feature }) => {
    signal.throwIfAborted();
    // The tile is written last, so it stands for all three.
    if (!(await store.read(tilePath(feature)))) {
      const top = tops.get(feature) ?? [];
      const { sheet, face, tile } = await drawFeature(
        top,
        squares,
        await faceOf(feature),
        await drawnOf(feature),
      );
      await store.write(sheetPath(feature), await sheetFormat.encode(sheet));
      await store.write(facePath(feature), await tileFormat.encode(face));
      await store.write(tilePath(feature), await tileFormat.encode(tile));
    }
    await writer.bytes(sheetPath(feature), await stored(store, sheetPath(feature)));
    drawing.advance();
  });
  drawing.done();

  const cover = planCover(coactivation);
  const coverPath = `${folder}/cover.${sheetFormat.extension}`;
  await writer.bytes(coverPath, await sheetFormat.encode(await drawCover(cover, faceOf)));

  const pyramid = { ...gridSize(coactivation), tileSize };
  const levels = levelCount(pyramid);
  const at = new Map(cells.map(({ feature, column, row }) => [`${column},${row}`, feature]));
  const file = (level: number, column: number, row: number) =>
    `${folder}/map_files/${level}/${column}_${row}.${tileFormat.extension}`;
  const tiling = progress.phase(`tile the map of ${parts.name}`, cells.length);
  // Built from the encoded pictures, so that an interrupted run ends in the same bytes as an unbroken one.
  await buildPyramid(pyramid, {
    leaf: async (column, row) => {
      const feature = at.get(`${column},${row}`);
      if (feature === undefined) return undefined;
      signal.throwIfAborted();
      const bytes = await stored(store, tilePath(feature));
      await writer.bytes(file(levels - 1, column, row), bytes);
      tiling.advance();
      return decodePicture(bytes);
    },
    face: async (column, row) => {
      const feature = at.get(`${column},${row}`);
      return feature === undefined ? undefined : decodePicture(await stored(store, facePath(feature)));
    },
    write: async (level, column, row, tile) =>
      writer.bytes(file(level, column, row), await tileFormat.encode(tile)),
  });
  await writer.bytes(`${folder}/map.dzi`, new TextEncoder().encode(dziXml(pyramid, tileFormat.extension)));
  tiling.done();

  return {
    map: { url: `${folder}/map.dzi`, extension: tileFormat.extension, ...pyramid, levels },
    sheets: { url: `${folder}/sheets`, extension: sheetFormat.extension, ...sheet },
    cover: { url: coverPath, ...cover },
  };
}

function strongestFirst({ feature, strength }: CoactivationPart): number[] {
  return Array.from({ length: feature.length }, (_, i) => i)
    .sort((a, b) => strength[b]! - strength[a]! || a - b)
    .map((i) => feature[i]!);
}

async function stored(store: Store, path: string): Promise<Uint8Array> {
  const bytes = await store.read(path);
  if (!bytes) throw new Error(`${path} vanished from the scratch folder while it was in use; run again`);
  return bytes;
}

interface Cell {
  readonly feature: number;
  readonly column: number;
  readonly row: number;
}

/** The features along a Z-order curve over the grid: neighbours follow one another, and share the pictures at hand. */
function cellsInOrder({ feature, column, row }: CoactivationPart): Cell[] {
  const cells = Array.from({ length: feature.length }, (_, i) => ({
    feature: feature[i]!,
    column: column[i]!,
    row: row[i]!,
  }));
  return cells.sort((a, b) => interleave(a.column, a.row) - interleave(b.column, b.row));
}

function interleave(column: number, row: number): number {
  let code = 0;
  for (let bit = 0; bit < 12; bit++) code += (((column >> bit) & 1) + 2 * ((row >> bit) & 1)) * 4 ** bit;
  return code;
}

/**
 * Runs `work` over the items, as many at once as there are processors and a little more, to keep them busy while files
 * are written. After a failure nothing new is begun, and it is thrown when what was under way has ended: nobody writes
 * behind the caller's back.
 */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const failures: unknown[] = [];
  const run = async () => {
    for (const item of queue) {
      if (failures.length > 0) return;
      await work(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() + 2 }, run));
  if (failures.length > 0) throw failures[0];
}

/** Names with a number behind those that were there before. */
function numbered(names: readonly string[]): string[] {
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name} ${before + 1}`;
  });
}

/** Folders of the site that hold something else. */
const notEncoders: ReadonlySet<string> = new Set(["assets", "encoders", "maps", "superposition", "words"]);

/** A folder for each encoder: its name where that is safe as one, else made so, and never the same twice. */
export function folderNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const safe =
      name
        .toLowerCase()
        .replace(/[^a-z0-9-]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, 60) || "encoder";
    let folder = safe;
    for (let i = 2; taken.has(folder) || notEncoders.has(folder); i++) folder = `${safe}-${i}`;
    taken.add(folder);
    return folder;
  });
}
