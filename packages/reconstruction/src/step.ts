/** One update of a reconstructor: mean squared error on normalised pixels, Adam. */

import { type Device, GraphBuilder, reduceMean, sizeOf, square, sub } from "@optogram/onnx";
import { adam, compileTrainingStep, type Normal, type TrainingStep, Variables } from "@optogram/training";
import { pictureSize, type ReconstructorShape, reconstruct } from "./network.ts";
import { freshReconstructor } from "./weights.ts";

export interface ReconstructorStepOptions {
  readonly shape: ReconstructorShape;
  /** Images a step. */
  readonly batch: number;
  readonly random: Normal;
  readonly device?: Device;
  readonly threads?: number;
}

export interface ReconstructorStep {
  readonly training: TrainingStep;
  /** Numbers that are trained. */
  readonly parameters: number;
}

/** Feeds: tokens [b, n, tokenWidth]; pictures [b, 3, height, width], normalised. */
export async function reconstructorStep(options: ReconstructorStepOptions): Promise<ReconstructorStep> {
  const { shape, batch, random, device, threads } = options;
  const graph = new GraphBuilder();
  const variables = new Variables(graph);
  const [rows, columns] = shape.grid;
  const tokens = graph.input("tokens", [batch, rows * columns, shape.tokenWidth]);
  const pictures = graph.input("pictures", [batch, 3, ...pictureSize(shape)]);
  const painted = reconstruct(freshReconstructor(variables, random), tokens, shape);
  const parameters = variables.trained.reduce((sum, { initial }) => sum + sizeOf(initial.shape), 0);
  const training = await compileTrainingStep({
    loss: reduceMean(square(sub(painted, pictures))),
    variables,
    optimizer: adam(),
    ...(device && { device }),
    ...(threads && { threads }),
  });
  return { training, parameters };
}
