import type { Place, Stance } from "../kinds/kind.ts";
import type { Pen } from "../pen.ts";
import type { Random } from "../random.ts";

/** Vertical range, in hundredths of the frame: of the lowest edge for `stand` and `float`, of the centre for `fly` and `swim`. */
export type Zones = Readonly<Record<Stance, readonly [number, number]>>;

export interface Background {
  readonly name: Place;
  /** Where a thing is, in words, by its stance. */
  readonly phrases: Readonly<Record<Stance, string>>;
  /** Has a sky that turns at sunset. */
  readonly sunsets: boolean;
  /** Draws over the whole frame, 0..100 both ways, and says where things may be. */
  readonly draw: (pen: Pen, random: Random, sunset: boolean) => Zones;
}
