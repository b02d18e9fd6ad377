/** Which feature maps of an encoder are looked at, and at which size of input. */

import { UserError } from "@optogram/cli";
import type { Card, EncoderParts, OutputName } from "@optogram/encoders";
import { inputSize } from "@optogram/images";
import type { Model, ValueInfo } from "@optogram/onnx";

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

type Size = number | readonly [height: number, width: number];

/**
 * The encoder for inputs of another size: grids on its card grow in proportion. Whether its network takes that size shows
 * when it is opened.
 */
export function atSize(parts: EncoderParts, size: Size | undefined): EncoderParts {
  if (size === undefined) return parts;
  const { card } = parts;
  const { preprocessing } = card.input;
  const before = inputSize(preprocessing);
  const after = inputSize({ ...preprocessing, size: typeof size === "number" ? size : [...size] });
  const grown = <T extends { grid?: [number, number] | undefined }>(tokens: T): T => {
    if (!tokens.grid) return tokens;
    const grid = tokens.grid.map((along, i) => (along * after[i]) / before[i]);
    if (grid.every(Number.isInteger)) return { ...tokens, grid };
    throw new UserError(
      `${card.name}: an input of ${after.join(" × ")} is no whole number of patches of ${before.map((side, i) => side / tokens.grid![i]).join(" × ")}`,
      { advice: "name a size that the patch divides" },
    );
  };
  const { tokens, layers, embedding } = card.outputs;
  return {
    ...parts,
    model: anySize(parts.model),
    card: {
      ...card,
      input: { ...card.input, preprocessing: { ...preprocessing, size: [after[0], after[1]] } },
      outputs: {
        embedding,
        ...(tokens && { tokens: grown(tokens) }),
        layers: Object.fromEntries(Object.entries(layers).map(([name, layer]) => [name, grown(layer)])),
      },
    },
  };
}

/** The model without what its file says of pictures' sizes, which a ConvNet's exporter wrote down without a need. */
function anySize(model: Model): Model {
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
