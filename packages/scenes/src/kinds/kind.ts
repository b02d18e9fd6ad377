import type { ColourName, Hex } from "../colour.ts";
import type { Pen } from "../pen.ts";
import type { Random } from "../random.ts";

/** Where a thing is in its surroundings: on the ground, in the air, on water, in water. */
export type Stance = "stand" | "fly" | "float" | "swim";

export type Place =
  | "sea"
  | "desert"
  | "night"
  | "kitchen"
  | "meadow"
  | "street"
  | "snow"
  | "forest"
  | "beach"
  | "room"
  | "valley"
  | "underwater"
  | "sky"
  | "workshop";

/** A kind of thing that scenes can hold. */
export interface Kind {
  /** One lower-case word. */
  readonly name: string;
  readonly plural: string;
  /** The colours it comes in; one where nature decides. */
  readonly colours: readonly ColourName[];
  readonly habitats: readonly Place[];
  readonly stance: Stance;
  /** Largest turn from upright, degrees. */
  readonly tilt: number;
  /** The colour of its inside, seen where it is cut; kinds without are never cut. */
  readonly inside?: Hex;
  /** Always in the drawn proportions (what is round stays round). */
  readonly rigid?: boolean;
  /** Draws one of the many of this kind in `colour`, light from the upper left; any scale, y downwards. */
  readonly draw: (pen: Pen, random: Random, colour: Hex) => void;
  /** Draws one cut open; where a kind has none, the whole one is cut in two. */
  readonly section?: (pen: Pen, random: Random, colour: Hex) => void;
}

export const paintColours: readonly ColourName[] = [
  "red",
  "orange",
  "yellow",
  "green",
  "turquoise",
  "blue",
  "purple",
  "pink",
];
