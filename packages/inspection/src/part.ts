/** The part of a model that sees pictures and nothing else. */

import { EncoderError } from "@optogram/encoders";
import type { Dimension, Model, Node, ValueInfo } from "@optogram/onnx";

export interface PicturePart {
  /** The input of pictures. */
  readonly input: ValueInfo;
  /** Outputs that depend on no other input, by name. */
  readonly outputs: readonly string[];
}

/** @throws EncoderError where no input takes pictures, or nothing depends on it alone */
export function picturePart({ graph }: Model): PicturePart {
  const input = graph.inputs.find(({ dtype, shape }) => isFloat(dtype) && isPictures(shape));
  if (input === undefined) {
    const channelsLast = graph.inputs.find(({ shape }) => shape?.length === 4 && shape[3] === 3);
    throw new EncoderError(
      channelsLast
        ? `input "${channelsLast.name}" takes pictures with their channels last; export the model with [n, 3, height, width]`
        : `no input takes pictures [n, 3, height, width]; there are ${graph.inputs.map(shown).join(", ")}`,
    );
  }
  const others = new Set(graph.inputs.flatMap(({ name }) => (name === input.name ? [] : [name])));
  const tainted = dependents(graph.nodes, others);
  const seeing = dependents(graph.nodes, new Set([input.name]));
  const outputs = graph.outputs.flatMap(({ name }) => (seeing.has(name) && !tainted.has(name) ? [name] : []));
  if (outputs.length > 0) return { input, outputs };
  throw new EncoderError(
    `no output depends on "${input.name}" alone; export the part of the model that sees pictures by itself`,
  );
}

/** Tensors that depend on one of `sources`, these included. */
export function dependents(nodes: readonly Node[], sources: ReadonlySet<string>): ReadonlySet<string> {
  const reached = new Set(sources);
  for (const node of nodes) {
    if (node.inputs.some((name) => reached.has(name))) for (const name of node.outputs) reached.add(name);
  }
  reached.delete("");
  return reached;
}

/** `pixel_values float32 [batch, 3, 224, 224]` */
export function shown({ name, dtype, shape }: ValueInfo): string {
  return `${name} ${dtype} [${shape?.map((size) => size ?? "?").join(", ") ?? "…"}]`;
}

export function isFloat(dtype: string): boolean {
  return /^b?float/.test(dtype);
}

function isPictures(shape: readonly Dimension[] | undefined): boolean {
  return shape?.length === 4 && (shape[1] === 3 || typeof shape[1] !== "number") && shape[3] !== 3;
}
