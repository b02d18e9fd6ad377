import { animals } from "./animals.ts";
import { belongings } from "./belongings.ts";
import { buildings } from "./buildings.ts";
import { fruits } from "./fruits.ts";
import { household } from "./household.ts";
import type { Kind } from "./kind.ts";
import { nature } from "./nature.ts";
import { plants } from "./plants.ts";
import { vehicles } from "./vehicles.ts";

/** Every kind of thing, in a fixed order. */
export const kinds: readonly Kind[] = [
  ...fruits,
  ...plants,
  ...animals,
  ...vehicles,
  ...household,
  ...belongings,
  ...buildings,
  ...nature,
];

const byName = new Map(kinds.map((kind) => [kind.name, kind]));

/** @throws RangeError for a name that no kind has. */
export function kindOf(name: string): Kind {
  const kind = byName.get(name);
  if (!kind)
    throw new RangeError(
      `no kind of thing is called "${name}"; the kinds are ${[...byName.keys()].join(", ")}`,
    );
  return kind;
}
