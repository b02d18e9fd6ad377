/** The visitor's photo: read in the page, kept while the page is open, sent nowhere. */

import type { Activation } from "@optogram/dictionary";
import type { SiteEncoder } from "@optogram/render-atlas/site";
import { useEffect, useSyncExternalStore } from "react";
import { once } from "../data/load.ts";

export interface Photo {
  /** Another for every photo of this visit. */
  readonly id: number;
  readonly name: string;
  readonly picture: ImageBitmap;
  /** Shows the picture in an `img`. */
  readonly url: string;
}

export interface PhotoState {
  readonly photo?: Photo;
  /** Why the last file is not the photo, and what to do. */
  readonly problem?: string;
}

const largestBytes = 64 << 20;
const largestPixels = 100e6;

let state: PhotoState = {};
let opened = 0;
const listeners = new Set<() => void>();

/** The photo; what was wrong with a file is forgotten when the page that said so is left. */
export function usePhoto(): PhotoState {
  useEffect(
    () => () => {
      if (state.problem) set(state.photo ? { photo: state.photo } : {});
    },
    [],
  );
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** Makes a file the photo, or says what is wrong with it and keeps the photo before. */
export async function openPhoto(file: Blob | undefined, name: string): Promise<void> {
  opened += 1;
  const id = opened;
  const result = await readPhoto(file, name, id);
  // Of two files, the later one counts, whichever is read first.
  if (id !== opened) return;
  if (result.photo && state.photo) URL.revokeObjectURL(state.photo.url);
  set({ ...(state.photo && { photo: state.photo }), ...result });
}

function set(next: PhotoState): void {
  state = next;
  for (const listener of listeners) listener();
}

async function readPhoto(file: Blob | undefined, name: string, id: number): Promise<PhotoState> {
  if (!file) return { problem: "There was no file in that. Drop or choose an image file." };
  if (file.size > largestBytes) {
    const megabytes = Math.round(file.size / 2 ** 20);
    return {
      problem: `${name} is too large: ${megabytes} MB, and at most ${largestBytes >> 20} are read. Save it smaller.`,
    };
  }
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (!picture) {
    return {
      problem: `${name} is not an image that this browser reads. JPEG, PNG, WebP, AVIF and GIF will do.`,
    };
  }
  const { width, height } = picture;
  if (width * height > largestPixels) {
    picture.close();
    return { problem: `${name} is too large: ${width} × ${height} pixels. Save it smaller.` };
  }
  return { photo: { id, name, picture, url: URL.createObjectURL(file) } };
}

/** The first file of what was dropped, pasted or chosen. */
export function openFirst(files: FileList | undefined | null): Promise<void> {
  const file = files?.[0];
  return openPhoto(file, file?.name || "The pasted image");
}

export interface Analysis {
  /** Unit length. */
  readonly embedding: Float32Array;
  /** Its features, strongest first. */
  readonly code: readonly Activation[];
}

/** A photo through the encoder and its dictionary. */
export function analyse(encoder: SiteEncoder, photo: Photo): Promise<Analysis> {
  return once(`analysis ${encoder.folder} ${photo.id}`, async () => {
    const { codeOf, loadDictionary, loadEmbed } = await import("./analyse.ts");
    const [embed, dictionary] = await Promise.all([loadEmbed(encoder), loadDictionary(encoder)]);
    const embedding = await embed(photo.picture);
    return { embedding, code: codeOf(dictionary, embedding) };
  });
}
