import type { SiteMaps, SiteMapsAbout } from "@optogram/render-atlas/site";
import { useChoicesOf } from "../choices.ts";

/** What of the page's address chooses something. */
type Choice =
  | "encoders"
  | "layer"
  | "views"
  | "images"
  | "component"
  | "channel"
  | "at"
  | "single"
  | "range"
  | "scale";

export const useChoices = () => useChoicesOf<Choice>("maps");

/** An encoder with the layer that is looked at. */
export interface ChosenEncoder {
  readonly site: SiteMaps;
  readonly about: SiteMapsAbout;
  readonly index: number;
}

/** What is drawn of a layer, by the name in the address. */
export const views = {
  mask: "subject",
  masked: "subjects’ components",
  all: "components of all",
  own: "own components",
  component: "one component",
  part: "one of subjects",
  channel: "one channel",
} as const;
export type View = keyof typeof views;
export const viewNames = Object.keys(views) as readonly View[];

/**
 * The layer of an encoder that stands for the wanted one: that of the same name, else the one as deep in its network as
 * the name is in the first encoder's.
 */
export function layerLike(
  { layers }: SiteMapsAbout,
  wanted: string | undefined,
  { layers: first }: SiteMapsAbout,
): number {
  const same = layers.findIndex(({ name }) => name === wanted);
  if (same >= 0) return same;
  const place = first.findIndex(({ name }) => name === wanted);
  if (place < 0) return layers.length - 1;
  const depth = first.length > 1 ? place / (first.length - 1) : 1;
  return Math.round(depth * (layers.length - 1));
}

/** A patch as the address holds it: which image, and how far across and down. */
export interface Place {
  readonly image: number;
  /** In shares of the picture's width and height. */
  readonly x: number;
  readonly y: number;
}

export function parsePlace(text: string | undefined, images: number): Place | undefined {
  const [image, x, y] = (text ?? "").split(",").map(Number);
  const known = image !== undefined && Number.isInteger(image) && image >= 0 && image < images;
  const within = [x, y].every((share) => share !== undefined && share >= 0 && share < 1);
  return known && within ? { image, x: x!, y: y! } : undefined;
}

export function formatPlace({ image, x, y }: Place): string {
  return [image, x.toFixed(3), y.toFixed(3)].join(",");
}

/** The token of a grid at a place. */
export function tokenAt(
  [rows, columns]: readonly [number, number],
  { x, y }: Pick<Place, "x" | "y">,
): number {
  return Math.floor(y * rows) * columns + Math.floor(x * columns);
}
