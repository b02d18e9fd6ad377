/** An encoder's networks, each fetched when it is first needed and kept. */

import type { Dictionary } from "@optogram/dictionary";
import type { SiteEncoder, SiteFile, SiteLive } from "@optogram/render-atlas/site";
import { once, PageError } from "../data/load.ts";
import { drawForEncoder, planesOf } from "./canvas.ts";
import { readDictionary } from "./dictionary.ts";
import { fromPlanes, type Size } from "./pixels.ts";
import type { Network } from "./runtime.ts";

export function loadDictionary(encoder: SiteEncoder): Promise<Dictionary> {
  return once(`dictionary ${encoder.folder}`, async () => {
    const { sae } = liveOf(encoder);
    return readDictionary((await fetchFile(sae)).buffer, sae.url, sae.active);
  });
}

/** Turns a picture into its embedding, of unit length. */
export type Embed = (picture: CanvasImageSource & Size) => Promise<Float32Array>;

export function loadEmbed(encoder: SiteEncoder): Promise<Embed> {
  return once(`embed ${encoder.folder}`, async () => openEmbed(liveOf(encoder).encoder, encoder.dimensions));
}

export async function openEmbed(seen: SiteLive["encoder"], dimensions: number): Promise<Embed> {
  const network = await openFile(seen);
  return async (picture) => {
    const planes = planesOf(drawForEncoder(picture, seen));
    const embedding = await network.run(planes, [1, 3, seen.height, seen.width]);
    return expectLength(embedding, dimensions, seen);
  };
}

/** Paints unit directions, all in one run. */
export type Paint = (directions: readonly Float32Array[]) => Promise<ImageData[]>;

export function loadPaint(encoder: SiteEncoder): Promise<Paint> {
  return once(`paint ${encoder.folder}`, async () => {
    const { decoder } = liveOf(encoder);
    const { size } = decoder;
    const network = await openFile(decoder);
    return async (directions) => {
      const { dimensions } = encoder;
      const batch = new Float32Array(directions.length * dimensions);
      for (const [i, direction] of directions.entries()) batch.set(direction, i * dimensions);
      const each = 3 * size * size;
      const pictures = expectLength(
        await network.run(batch, [directions.length, dimensions]),
        directions.length * each,
        decoder,
      );
      return directions.map(
        (_, i) => new ImageData(fromPlanes(pictures.subarray(i * each, (i + 1) * each)), size, size),
      );
    };
  });
}

function liveOf({ name, live }: SiteEncoder): SiteLive {
  if (!live) throw new PageError(`This atlas holds no networks of ${name}; choose another encoder above.`);
  return live;
}

export async function openFile(file: SiteFile): Promise<Network> {
  const [bytes, { openNetwork }] = await Promise.all([fetchFile(file), import("./runtime.ts")]).catch(
    (error: unknown) => {
      throw error instanceof PageError
        ? error
        : new PageError(
            "The runtime for networks could not be fetched. Check the connection to the host, then reload.",
          );
    },
  );
  return openNetwork(bytes).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new PageError(
      `${file.url} could not be opened by ONNX Runtime (${why}). It needs a browser with WebAssembly; if this one has it, render the atlas again.`,
    );
  });
}

export async function fetchFile({ url }: SiteFile): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url).catch(() => undefined);
  if (!response?.ok) {
    throw new PageError(
      `${url} could not be read${response ? ` (status ${response.status})` : ""}. Check that the whole folder was copied to the host, then reload.`,
    );
  }
  return new Uint8Array(await response.arrayBuffer());
}

export function expectLength(values: Float32Array, wanted: number, { url }: SiteFile): Float32Array {
  if (values.length !== wanted)
    throw new PageError(
      `${url} gave ${values.length} numbers; ${wanted} are wanted. Render the atlas again.`,
    );
  return values;
}
