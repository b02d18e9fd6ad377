import {
  type Artifact,
  ArtifactError,
  binaries,
  columnOf,
  readArtifact,
  table,
  toBinaries,
  toFloats,
  toNumbers,
  toVectors,
  type Vectors,
  vectors,
} from "@optogram/artifacts";
import sharp from "sharp";
import { z } from "zod";
import { packMoves } from "./moves.ts";
import { provenanceOf } from "./read.ts";
import type { SiteWriter } from "./render.ts";
import type { SiteProvenance, SiteSuperposition } from "./site.ts";

/** All that an atlas shows of ten classes in two dimensions. */
export interface SuperpositionPart {
  /** One entry a frame; `position` [frames, 2 · points], `direction` [frames, 20]. */
  readonly step: ArrayLike<number>;
  readonly loss: Float32Array;
  readonly accuracy: Float32Array;
  readonly position: Vectors;
  readonly direction: Vectors;
  /** One entry a shown digit; pixels of `side` × `side`. */
  readonly label: ArrayLike<number>;
  readonly pixels: readonly Uint8Array[];
  readonly figures: Pick<SiteSuperposition, "drawn" | "training" | "heldOut">;
  readonly provenance: SiteProvenance;
}

const side = 28;
const columns = 24;

const metricsSchema = z.object({
  digits: z.number(),
  heldOut: z.object({ digits: z.number(), accuracy: z.number() }),
});

export async function readSuperposition(folder: string): Promise<SuperpositionPart> {
  const artifact = await readArtifact(folder, "superposition");
  const frames = await artifact.table("frames.parquet");
  const points = await artifact.table("points.parquet");
  const { digits, heldOut } = metricsSchema.parse(artifact.manifest.metrics);
  const part = {
    step: Array.from(toNumbers(columnOf(frames, "step")), Number),
    loss: toFloats(columnOf(frames, "loss")),
    accuracy: toFloats(columnOf(frames, "accuracy")),
    position: toVectors(columnOf(frames, "position")),
    direction: toVectors(columnOf(frames, "direction")),
    label: Array.from(toNumbers(columnOf(points, "label")), Number),
    pixels: toBinaries(columnOf(points, "pixels")),
  };
  checkFit(artifact, part);
  const drawn = artifact.manifest.parameters.mnist === undefined;
  return {
    ...part,
    figures: { drawn, training: digits, heldOut },
    provenance: provenanceOf("superposition", artifact),
  };
}

function checkFit(
  { folder, manifest }: Artifact,
  { position, label, pixels }: Pick<SuperpositionPart, "position" | "label" | "pixels">,
): void {
  if (position.width !== 2 * label.length || pixels.some((picture) => picture.length !== side * side))
    throw new ArtifactError(`${folder}: frames and points do not fit together; run ${manifest.stage} again`);
}

/** Writes the tables and the picture of all shown digits. */
export async function writeSuperposition(
  part: SuperpositionPart,
  writer: SiteWriter,
): Promise<SiteSuperposition> {
  const { step, loss, accuracy, position, direction, label, pixels } = part;
  const { scale, bytes } = packMoves(position.values, position.width);
  const write = async (name: string, rows: ReturnType<typeof table>) => {
    const url = `superposition/${name}.parquet`;
    return { url, bytes: await writer.table(url, rows), rows: rows.numRows };
  };
  const frames = table({
    step: Uint32Array.from(step),
    loss,
    accuracy,
    scale,
    moves: binaries(bytes),
    direction: vectors(direction.values, direction.width),
  });
  const picture = await digitsPicture(pixels);
  const url = "superposition/digits.png";
  await writer.bytes(url, picture);
  return {
    frames: await write("frames", frames),
    points: await write("points", table({ label: Uint8Array.from(label) })),
    digits: { url, bytes: picture.length, columns, side },
    ...part.figures,
    provenance: part.provenance,
  };
}

/** All digits in one picture of 16 greys, `columns` a row. */
async function digitsPicture(pixels: readonly Uint8Array[]): Promise<Uint8Array> {
  const width = columns * side;
  const height = Math.ceil(pixels.length / columns) * side;
  const whole = new Uint8Array(width * height);
  for (const [i, picture] of pixels.entries()) {
    const corner = Math.floor(i / columns) * side * width + (i % columns) * side;
    for (let y = 0; y < side; y++) whole.set(picture.subarray(y * side, (y + 1) * side), corner + y * width);
  }
  return sharp(whole, { raw: { width, height, channels: 1 } })
    .png({ palette: true, colours: 16, dither: 0, effort: 10 })
    .toBuffer();
}
