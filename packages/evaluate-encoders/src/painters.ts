/** What paints images: reconstructors, and the controls beside them. */

import { readArtifact } from "@optogram/artifacts";
import { type Card, readCard } from "@optogram/encoders";
import type { Picture } from "@optogram/images";
import {
  type About,
  aboutFile,
  aboutSchema,
  bytesOf,
  openReconstructor,
  outputOf,
  planesOf,
  sized,
} from "@optogram/reconstruction";
import { rowsOf, seededRandom, stacked } from "@optogram/statistics";
import type { EncoderFacts, Entry } from "./evaluation.ts";

/** One or several entries whose pictures are made together. */
export interface Painter {
  readonly entries: readonly Entry[];
  open(): Promise<OpenPainter>;
}

export interface OpenPainter {
  /** By entry, a picture a frame; `positions` are the frames' in their set. */
  paint(frames: readonly Picture[], positions: readonly number[]): Promise<Picture[][]>;
  close(): Promise<void>;
}

export interface PaintOptions {
  readonly seed: number;
  readonly device: string;
  /** Images that an encoder takes at a time. */
  readonly batch: number;
}

/** A reconstructor as it is described, without its networks. */
export interface ReconstructorFacts {
  /** Folder of the artifact. */
  readonly folder: string;
  readonly about: About;
  readonly card: Card;
  /** Whether the encoder's weights are drawn anew. */
  readonly isRandom: boolean;
}

/** @throws ArtifactError where the folder holds no reconstructor, EncoderError where its encoder is missing. */
export async function readFacts(folder: string): Promise<ReconstructorFacts> {
  const about = await (await readArtifact(folder, "reconstructor")).json(aboutFile, aboutSchema);
  const { card, randomSeed } = await readCard(about.encoder);
  return { folder, about, card, isRandom: randomSeed !== undefined };
}

export function idOf({ about, card }: ReconstructorFacts): string {
  return about.layer === "last" ? card.name : `${card.name}@${about.layer}`;
}

/** A reconstructor, and the same with its tokens shuffled: R(f(x)) and R(σ f(x)), σ another for each image. */
export function reconstructorPainter(reconstructor: ReconstructorFacts, options: PaintOptions): Painter {
  const { about, card, isRandom } = reconstructor;
  const id = idOf(reconstructor);
  const block = blockOf(reconstructor);
  const objective = card.objective ?? card.objectives?.join(", ");
  const facts: EncoderFacts = {
    ...{ name: card.name, title: card.title, layer: String(about.layer) },
    ...{ input: about.input, width: about.tokenWidth, tokens: about.grid[0] * about.grid[1] },
    ...(objective !== undefined && { objective }),
    ...(block !== undefined && { block }),
  };
  const { size } = about;
  const { interpolation } = card.input.preprocessing;
  return {
    entries: [
      { id, kind: isRandom ? "random-weights" : "encoder", encoder: facts, size },
      { id: `${id}, tokens shuffled`, kind: "shuffled-tokens", encoder: facts, size },
    ],
    async open() {
      const opened = await openReconstructor(reconstructor.folder, options);
      const [height, width] = size;
      const painted = async (tokens: Float32Array, count: number) =>
        rowsOf(await opened.paint(tokens), count).map(
          (planes): Picture => ({ width, height, data: bytesOf(planes) }),
        );
      return {
        async paint(frames, positions) {
          const seen = frames.map((frame) => planesOf(sized(frame, about.input, interpolation)));
          const tokens = await opened.tokens(stacked(seen));
          const shuffled = stacked(
            rowsOf(tokens, frames.length).map((rows, i) =>
              shuffledRows(rows, about.tokenWidth, options.seed, positions[i]),
            ),
          );
          return [await painted(tokens, frames.length), await painted(shuffled, frames.length)];
        },
        close: () => opened.close(),
      };
    },
  };
}

/** The block that a reconstructor's tokens come from; of `last`, one above the highest that the card numbers. */
function blockOf({ about: { layer }, card }: ReconstructorFacts): number | undefined {
  if (layer !== "last") return Number(outputOf(card, layer).split(".").pop());
  const numbers = Object.keys(card.outputs.layers).flatMap((key) => /^block\.(\d+)$/.exec(key)?.[1] ?? []);
  return numbers.length === 0 ? undefined : 1 + Math.max(...numbers.map(Number));
}

/** Rows of `width` in another order, which the seed and the image's position decide. */
export function shuffledRows(
  rows: Float32Array,
  width: number,
  seed: number,
  position: number,
): Float32Array {
  const order = seededRandom(seed, position).shuffle(
    Array.from({ length: rows.length / width }, (_, i) => i),
  );
  return stacked(order.map((from) => rows.subarray(from * width, (from + 1) * width)));
}

/** The same picture in the place of every image. */
export function constantPainter(id: string, picture: Picture): Painter {
  return {
    entries: [{ id, kind: "mean-image", size: [picture.height, picture.width] }],
    open: async () => ({ paint: async (frames) => [frames.map(() => picture)], close: async () => {} }),
  };
}

/** The originals themselves at a size and 8 bits: what no reconstructor that paints this size can exceed. */
export function pixelsPainter(size: readonly [number, number]): Painter {
  return {
    entries: [{ id: `pixels ${size.join(" × ")}`, kind: "pixels", size }],
    open: async () => ({
      paint: async (frames) => [frames.map((frame) => sized(frame, size))],
      close: async () => {},
    }),
  };
}
