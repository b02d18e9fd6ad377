import { readFileSync } from "node:fs";
import { add, float32, GraphBuilder, matmul, reduceMean, square, sub } from "@optogram/onnx";
import { compileTrainingStep, type Optimizer, type TrainingStepOptions, Variables } from "@optogram/training";

interface Run {
  readonly losses: readonly number[];
  readonly W: readonly number[][];
  readonly b: readonly number[];
}

interface Fixture {
  readonly A: readonly number[][];
  readonly y: readonly number[][];
  readonly W: readonly number[][];
  readonly b: readonly number[];
  readonly runs: Readonly<Record<string, Run>>;
}

/** PyTorch's trajectories on a linear regression of 5 rows (fixtures/optimizers.json). */
export const fixture = JSON.parse(
  readFileSync(new URL("../fixtures/optimizers.json", import.meta.url), "utf8"),
) as Fixture;

export const batch = { A: float32(fixture.A.flat(), [5, 3]), y: float32(fixture.y.flat(), [5, 2]) };

/** The training step of that regression. */
export function regression(optimizer: Optimizer, options: Partial<TrainingStepOptions> = {}) {
  const graph = new GraphBuilder();
  const variables = new Variables(graph);
  const w = variables.parameter("W", float32(fixture.W.flat(), [3, 2]));
  const b = variables.parameter("b", float32(fixture.b));
  const error = sub(add(matmul(graph.input("A", [5, 3]), w), b), graph.input("y", [5, 2]));
  return compileTrainingStep({ loss: reduceMean(square(error)), variables, optimizer, ...options });
}
