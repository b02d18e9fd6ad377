/** What an objective brings to the training of an encoder. The network, the scenes and the loop are the same for all. */

import type { Weights } from "@optogram/networks";
import type { Model, Tensor, Value } from "@optogram/onnx";
import type { Variables } from "@optogram/training";
import type { HeldOut } from "./held-out.ts";
import type { EncoderSettings } from "./settings.ts";
import type { TextExport } from "./text-export.ts";
import type { Tower } from "./tower.ts";

export type Tensors = Readonly<Record<string, Tensor>>;

/** A training step under construction. */
export interface TrainingGraph {
  readonly variables: Variables;
  /** Fresh weights that the step will train, shared ones: the tower may be applied more than once. */
  readonly weights: Weights;
}

export interface TrainingLoss {
  /** A scalar. */
  readonly loss: Value;
  /** What the exported tower's embedding must equal; absent where no whole picture goes through the tower. */
  readonly embedding?: Value;
}

/** How well an encoder does what its objective asked for, on held-out scenes. */
export interface OwnScore {
  /** What is measured, with its unit: "mean average precision of kinds, %". */
  readonly measure: string;
  readonly value: number;
  /** What knows nothing, and its score: "chance". */
  readonly baseline: { readonly name: string; readonly value: number };
}

export interface Objective {
  /** The encoder that it learns from or stands on, if any. */
  readonly teacher?: { readonly name: string; readonly digest: string };
  /** The image tower, where it is another than the settings name. */
  readonly network?: Tower;
  /** Adds inputs, variables and the loss to the graph of a step. The tower's variables come first. */
  loss(training: TrainingGraph): TrainingLoss;
  /** Feeds of the inputs for the step-th batch (from 0): a function of its number alone. */
  batch(step: number): Promise<Tensors>;
  /**
   * The image tower for one batch size, from the variables of the step: input `images`; outputs `embedding` [b, e] of
   * unit length, `tokens` and each layer in the tower's layout.
   */
  tower(variables: Tensors, batch: number): Model | Promise<Model>;
  /** The text tower for one batch size, where there is one. */
  text?(variables: Tensors, batch: number): TextExport;
  judge(variables: Tensors, heldOut: HeldOut): Promise<OwnScore>;
}

/** An entry in the table of objectives. */
export interface ObjectiveEntry {
  /** The encoder's name, where none is given. */
  readonly name: string;
  /** A ConvNet's name; absent where patches are hidden, which a ConvNet cannot leave out. */
  readonly convNetName?: string;
  /** In words, for the card: "masked autoencoding". */
  readonly objective: string;
  /** What it learns from: "scenes and their captions". */
  readonly data: string;
  /** Absent where it is the network's. */
  readonly reference?: string;
  readonly of: (settings: EncoderSettings) => Objective | Promise<Objective>;
}
