/** Which feature maps of an encoder are looked at. */

import { UserError } from "@optogram/cli";
import type { Card, OutputName } from "@optogram/encoders";

export interface LayerChoice {
  /** A name among the card's `layers`, or `last` for its tokens. */
  readonly name: string;
  readonly output: OutputName;
}

/** What the card's `tokens` are called beside its `layers`. */
const last = "last";

/** The layers of those names in the card's order, or all of them. */
export function chooseLayers({ name, outputs }: Card, wanted?: readonly string[]): LayerChoice[] {
  const known: LayerChoice[] = [
    ...Object.keys(outputs.layers).map((layer) => ({ name: layer, output: `layers.${layer}` as const })),
    ...(outputs.tokens ? [{ name: last, output: "tokens" as const }] : []),
  ];
  if (known.length === 0)
    throw new UserError(`the card of ${name} names no feature maps`, {
      advice: 'name some in "outputs": tokens, or layers',
    });
  const strange = wanted?.find((one) => known.every((layer) => layer.name !== one));
  if (strange !== undefined)
    throw new UserError(`${name} has no layer "${strange}"`, {
      advice: `its card names ${known.map((layer) => layer.name).join(", ")}`,
    });
  return wanted ? known.filter((layer) => wanted.includes(layer.name)) : known;
}
