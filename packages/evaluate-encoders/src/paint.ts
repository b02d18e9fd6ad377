/** Every painter at work on every image, and the scores of what it paints. */

import { openCheckpoint, type Tensor } from "@optogram/artifacts";
import type { StageContext } from "@optogram/cli";
import { type Picture, spacedPositions } from "@optogram/images";
import { sized } from "@optogram/reconstruction";
import { rowsOf } from "@optogram/statistics";
import { type Entry, entryKinds, measuresOf } from "./evaluation.ts";
import { type Frames, grey } from "./frames.ts";
import type { OpenJudge } from "./judges.ts";
import type { Painter } from "./painters.ts";
import { scoresBeside } from "./score.ts";

const mostShown = 8;

/** Which of so many images have their pictures kept: spread over them, for sets are often sorted by what they show. */
export function shownOf(images: number): readonly number[] {
  return spacedPositions(images, mostShown);
}

export interface Work {
  readonly painters: readonly Painter[];
  readonly judges: readonly OpenJudge[];
  readonly frames: Frames;
  /** Positions in the set. */
  readonly images: readonly number[];
}

export interface Painted {
  readonly entry: Entry;
  /** [measures, images] */
  readonly scores: Float32Array;
  /** The shown images as they were painted, at the frames' side. */
  readonly pictures: readonly Picture[];
}

type Context = Pick<
  StageContext<{ readonly batch: number; readonly grey: boolean }>,
  "parameters" | "scratch" | "description" | "progress" | "signal"
>;

/** Encoders in their order, then controls by kind. A painter that was done before a kill is not asked again. */
export async function paintAll(context: Context, work: Work): Promise<Painted[]> {
  const { painters, judges, frames, images } = work;
  const phase = context.progress.phase("paint and score", (painters.length + 1) * images.length);
  const originals = await embedOriginals(context, work, (count) => phase.advance(count, "originals"));
  const key = { ...context.description, judges: judges.map(({ digest }) => digest), images };
  const painted: Painted[] = [];
  for (const [i, painter] of painters.entries()) {
    const store = openCheckpoint(context.scratch, key, `painter-${i}`);
    const advance = (count: number) => phase.advance(count, painter.entries[0].id);
    let tensors: Readonly<Record<string, Tensor>> | undefined = (await store.load())?.tensors;
    if (tensors) advance(images.length);
    else {
      tensors = await paintOne(context, painter, work, originals, advance);
      await store.save(i, tensors);
    }
    const scores = rowsOf(tensors.scores.data as Float32Array, painter.entries.length);
    const pictures = rowsOf(tensors.pictures.data as Uint8Array, painter.entries.length);
    for (const [e, entry] of painter.entries.entries())
      painted.push({ entry, scores: scores[e], pictures: picturesOf(pictures[e], frames.side) });
  }
  phase.done();
  // Random weights stand among the encoders.
  const order = ({ entry }: Painted) => Math.max(1, entryKinds.indexOf(entry.kind));
  return painted.sort((a, b) => order(a) - order(b));
}

/** Embeddings of the originals: [images][judges]. */
async function embedOriginals(
  { parameters, signal }: Context,
  { judges, frames, images }: Work,
  advance: (count: number) => void,
): Promise<Float32Array[][]> {
  const found: Float32Array[][] = [];
  for (let from = 0; from < images.length; from += parameters.batch) {
    signal.throwIfAborted();
    const part = await readAll(frames, images.slice(from, from + parameters.batch));
    const seen = parameters.grey ? part.map(grey) : part;
    const rows = await Promise.all(judges.map((judge) => judge.embed(seen)));
    for (const i of part.keys()) found.push(rows.map((row) => row[i]));
    advance(part.length);
  }
  return found;
}

/** scores [entries, measures, images] and the shown pictures [entries, shown, side, side, 3]. */
async function paintOne(
  { parameters, signal }: Context,
  painter: Painter,
  { judges, frames, images }: Work,
  embeddings: readonly (readonly Float32Array[])[],
  advance: (count: number) => void,
): Promise<Record<"scores" | "pictures", Tensor>> {
  const entries = painter.entries.length;
  const measures = measuresOf(judges).length;
  const { side } = frames;
  const shown = shownOf(images.length);
  const scores = new Float32Array(entries * measures * images.length);
  const pictures = new Uint8Array(entries * shown.length * 3 * side * side);
  const open = await painter.open();
  try {
    for (let from = 0; from < images.length; from += parameters.batch) {
      signal.throwIfAborted();
      const positions = images.slice(from, from + parameters.batch);
      const originals = await readAll(frames, positions);
      for (const [e, painted] of (await open.paint(originals, positions)).entries()) {
        const framed = painted.map((picture) => sized(picture, [side, side]));
        const rows = await scoresBeside(
          { judges, grey: parameters.grey },
          originals.map((picture, i) => ({ picture, embeddings: embeddings[from + i] })),
          framed,
        );
        for (const [i, row] of rows.entries())
          for (const [m, score] of row.entries())
            scores[(e * measures + m) * images.length + from + i] = score;
        for (const [i, { data }] of framed.entries()) {
          const place = shown.indexOf(from + i);
          if (place >= 0) pictures.set(data, (e * shown.length + place) * 3 * side * side);
        }
      }
      advance(positions.length);
    }
  } finally {
    await open.close();
  }
  return {
    scores: { dtype: "float32", shape: [entries, measures, images.length], data: scores },
    pictures: { dtype: "uint8", shape: [entries, shown.length, side, side, 3], data: pictures },
  };
}

function readAll(frames: Frames, positions: readonly number[]): Promise<Picture[]> {
  return Promise.all(positions.map((position) => frames.read(position)));
}

function picturesOf(data: Uint8Array, side: number): Picture[] {
  return rowsOf(data, data.length / (3 * side * side)).map((bytes) => ({
    width: side,
    height: side,
    data: bytes,
  }));
}
