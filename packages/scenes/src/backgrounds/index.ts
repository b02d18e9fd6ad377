import type { Background } from "./background.ts";
import { desert, forest, meadow, snow, valley } from "./countryside.ts";
import { heaven, night } from "./skies.ts";
import { kitchen, room, street, workshop } from "./town.ts";
import { beach, sea, underwater } from "./waters.ts";

export const backgrounds: readonly Background[] = [
  sea,
  desert,
  night,
  kitchen,
  meadow,
  street,
  snow,
  forest,
  beach,
  room,
  valley,
  underwater,
  heaven,
  workshop,
];

/** @throws RangeError for a name that no background has. */
export function backgroundOf(name: string): Background {
  const background = backgrounds.find((candidate) => candidate.name === name);
  if (!background)
    throw new RangeError(
      `no background is called "${name}"; there are ${backgrounds.map((b) => b.name).join(", ")}`,
    );
  return background;
}
