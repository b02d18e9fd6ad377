/** A card to start from. Pure. */

import type { Preprocessing } from "@optogram/images";
import type { Inspection } from "./inspect.ts";
import { imagenet } from "./preprocessing.ts";
import type { TokenTensor } from "./tokens.ts";

/** Where the card says that the file is. */
export type FilePlace =
  | { readonly file: string }
  | {
      readonly weights: {
        readonly repo: string;
        readonly file: string;
        readonly with?: readonly string[];
        readonly revision: string;
      };
    };

/** A card's JSON; what was guessed is for its reader to correct. */
export function cardFor(
  name: string,
  place: FilePlace,
  inspection: Inspection,
  preprocessing?: Preprocessing,
): Record<string, unknown> {
  const { input, size, patch, parameters, maps, embedding, residuals, last } = inspection;
  const { mean, std, ...how } = preprocessing ?? { ...imagenet };
  const side = patch ?? (last?.layout === "tokens" ? size[0] / last.grid[0] : undefined);
  const even = residuals.length % 2 === 0;
  const blocks = even ? residuals.filter((_, i) => i % 2 === 1) : [];
  const stages = residuals.length === 0 && last?.layout === "map" ? maps : [];
  const layers = [
    ...blocks.map((block, i) => [`block.${i}`, outputOf(block)] as const),
    ...stages.map((stage, i) => [`stage.${i}`, outputOf(stage)] as const),
  ];
  return {
    name,
    title: name,
    parameters,
    ...place,
    ...(side !== undefined && { patch: side }),
    ...(last?.layout === "tokens" && { tokens: last.prefix + last.grid[0] * last.grid[1] }),
    input: {
      tensor: input,
      preprocessing: { ...how, size: size[0] === size[1] ? size[0] : size, mean: [...mean], std: [...std] },
    },
    ...(embedding && {
      outputs: {
        embedding: {
          tensor: embedding.tensor,
          ...(embedding.pool !== "none" && { pool: embedding.pool }),
          ...(embedding.prefix > 0 && { prefix: embedding.prefix }),
        },
        ...(last && { tokens: outputOf(last) }),
        ...(layers.length > 0 && { layers: Object.fromEntries(layers) }),
      },
    }),
    normalised: true,
  };
}

function outputOf({ tensor, layout, prefix, grid }: TokenTensor): object {
  if (layout === "map") return { tensor, layout };
  const square = grid[0] === grid[1];
  return { tensor, ...(prefix > 0 && { prefix }), ...(!square && { grid }) };
}
