/** What holds the picture while it is searched for: variables in, display values out. */

import { GraphBuilder, type Tensor, type Value } from "@optogram/onnx";
import { type Normal, Variables } from "@optogram/training";

export interface PaintOptions {
  readonly count: number;
  /** Side of the square pictures in pixels. */
  readonly size: number;
  /** For initial values. */
  readonly random: Normal;
}

/** Variables by name, each [count, ...]. */
export type PainterTensors = Readonly<Record<string, Tensor>>;

/** A parameterisation of pictures. The first axis of all of its variables is `count`: pictures share nothing. */
export interface Painter {
  readonly name: string;
  /** The learning rate of Adam that suits it. */
  readonly rate: number;
  /** Adds the variables of `count` pictures and returns these: [count, 3, size, size], red, green, blue in 0..1. */
  paint(variables: Variables, options: PaintOptions): Value;
  /**
   * The variables [1, ...] of a given picture [3, size, size] in 0..1, or of the nearest one that can be painted.
   * Absent where only a search could tell.
   */
  trace?(picture: Float32Array, size: number): PainterTensors;
}

/** Fresh variables [1, ...] of one picture. */
export function freshTensors(painter: Painter, size: number, random: Normal): PainterTensors {
  const variables = new Variables(new GraphBuilder());
  painter.paint(variables, { count: 1, size, random });
  return Object.fromEntries(variables.all.map(({ name, initial }) => [name, initial]));
}

/** The variables of several pictures from those of each. */
export function stackTensors(pictures: readonly PainterTensors[]): PainterTensors {
  const [first] = pictures;
  return Object.fromEntries(
    Object.entries(first).map(([name, tensor]) => {
      const data = new Float32Array(tensor.data.length * pictures.length);
      for (const [i, picture] of pictures.entries())
        data.set(picture[name].data as Float32Array, i * tensor.data.length);
      return [name, { ...tensor, shape: [pictures.length, ...tensor.shape.slice(1)], data }];
    }),
  );
}
