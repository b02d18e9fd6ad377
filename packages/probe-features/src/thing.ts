/** Things to probe with: kinds of the small world. */

import type { Picture } from "@optogram/images";
import { kindOf, LayeredRaster, probeScenes } from "@optogram/scenes";
import type { Shot } from "./probe.ts";

export interface Thing {
  readonly name: string;
  /** What its pictures depend on besides their arguments. */
  readonly key: string;
  readonly sliceable: boolean;
  /** One of the many drawings of it, and of what is behind it. */
  drawing(seed: number): Drawing;
}

/** A square picture of a shot, `side` pixels wide. */
export type Drawing = (shot: Shot, side: number) => Promise<Picture>;

/** @param colour behind it, instead of a place where the kind lives */
export function kindThing(name: string, colour?: string): Thing {
  return {
    name,
    key: colour ?? "",
    sliceable: kindOf(name).inside !== undefined,
    drawing(seed) {
      const sceneOf = probeScenes(name, seed, colour);
      const rasters = new Map<number, LayeredRaster>();
      return async (shot, side) => {
        const raster = rasters.get(side) ?? new LayeredRaster(side);
        rasters.set(side, raster);
        return { width: side, height: side, data: await raster.raster(sceneOf(shot)) };
      };
    },
  };
}
