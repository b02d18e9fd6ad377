/** An encoder at another input size than its card's. */

import { inputSize } from "@optogram/images";
import type { Model, ValueInfo } from "@optogram/onnx";
import { architectureOf } from "./architecture-card.ts";
import { type Architecture, attentionBytes, layoutOf, nearestSize } from "./architectures/index.ts";
import type { Card, TokensOutput } from "./card.ts";
import { EncoderError } from "./error.ts";

/** Attention maps of one image that take more are worth a warning. */
const largeBytes = 2 ** 28;

/** Side of the square, or [height, width], in pixels. */
export type InputSize = number | readonly [height: number, width: number];

/**
 * The card for images of `size`; where that is no multiple of the patch, of the nearest size. `warn` is told so, and of
 * tokens and memory where they are large.
 * @throws EncoderError where the card does not say enough to work out its outputs at another size
 */
export function resizedCard(card: Card, size: InputSize, warn: (line: string) => void): Card {
  const wanted = typeof size === "number" ? ([size, size] as const) : size;
  if (!wanted.every((pixels) => Number.isInteger(pixels) && pixels >= 1)) {
    throw new EncoderError(`${card.name}: [${wanted}] is no size of images in pixels`);
  }
  const stated = inputSize(card.input.preprocessing);
  if (wanted[0] === stated[0] && wanted[1] === stated[1]) return card;
  const architecture =
    card.architecture === undefined ? undefined : architectureOf(card.architecture, card.name);
  const patch = architecture?.patch ?? card.patch ?? patchOf(card, stated);
  if (patch === undefined) {
    throw new EncoderError(
      `${card.name}: to run it on images of ${wanted.join(" × ")}, its card has to say "patch", the side of a patch in pixels`,
    );
  }
  const [height, width] = architecture ? nearestSize(architecture, wanted) : multiples(wanted, patch);
  if (height !== wanted[0] || width !== wanted[1]) {
    warn(
      `${card.name}: ${wanted.join(" × ")} pixels are no multiples of the patch; taking ${height} × ${width}`,
    );
  }
  if (architecture) warnOfMemory(card.name, architecture, [height, width], warn);

  const regrid = ({ grid, ...output }: TokensOutput): TokensOutput =>
    output.layout === "tokens" ? { ...output, grid: [height / patch, width / patch] } : output;
  const { outputs, input } = card;
  // Their number was that of the former size.
  const { tokens: _, ...rest } = card;
  return {
    ...rest,
    input: { ...input, preprocessing: { ...input.preprocessing, size: [height, width] } },
    outputs: {
      ...outputs,
      ...(outputs.tokens !== undefined && { tokens: regrid(outputs.tokens) }),
      layers: Object.fromEntries(
        Object.entries(outputs.layers).map(([name, output]) => [name, regrid(output)]),
      ),
    },
  };
}

/** The side of the patches that the card's grids cut the input into; one pixel where all its outputs are maps. */
function patchOf({ outputs }: Card, [height]: readonly number[]): number | undefined {
  const tokens = [outputs.tokens, ...Object.values(outputs.layers)].filter((output) => output !== undefined);
  const rows = tokens.find(({ layout, grid }) => layout === "tokens" && grid !== undefined)?.grid?.[0];
  if (rows !== undefined) return Number.isInteger(height / rows) ? height / rows : undefined;
  return tokens.length > 0 && tokens.every(({ layout }) => layout === "map") ? 1 : undefined;
}

/** The model without what its file says of pictures' sizes, which a ConvNet's exporter wrote down without a need. */
export function anySize(model: Model): Model {
  const { graph } = model;
  const free = (info: ValueInfo): ValueInfo => ({
    ...info,
    ...(info.shape && { shape: info.shape.map((size, axis) => (axis < 2 ? size : undefined)) }),
  });
  return {
    ...model,
    graph: {
      ...graph,
      inputs: graph.inputs.map((info) => (info.shape?.length === 4 ? free(info) : info)),
      outputs: graph.outputs.map(({ shape: _, ...output }) => output),
      values: new Map(),
    },
  };
}

function multiples([height, width]: readonly [number, number], patch: number): readonly [number, number] {
  const nearest = (pixels: number) => Math.max(1, Math.round(pixels / patch)) * patch;
  return [nearest(height), nearest(width)];
}

function warnOfMemory(
  name: string,
  architecture: Architecture,
  size: readonly [number, number],
  warn: (line: string) => void,
): void {
  const bytes = attentionBytes(architecture, size);
  if (bytes <= largeBytes) return;
  const { grid, prefix } = layoutOf(architecture, size);
  warn(
    `${name}: ${size.join(" × ")} pixels are ${prefix + grid[0] * grid[1]} tokens, and the attention of one image takes ${(bytes / 2 ** 30).toFixed(1)} GiB`,
  );
}
