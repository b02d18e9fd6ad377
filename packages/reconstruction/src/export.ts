/** A trained reconstructor as an ONNX model for any number of images. */

import { freeBatch } from "@optogram/networks";
import { add, clip, float32, GraphBuilder, type Model, mul, type Node, type Tensor } from "@optogram/onnx";
import type { Colours } from "./colours.ts";
import { type ReconstructorShape, reconstruct } from "./network.ts";
import { trainedReconstructor } from "./weights.ts";

/** The batch size that the graph is built for before its batch axis is freed. */
const builtBatch = 1;

/**
 * Input `tokens` [batch, n, tokenWidth] of any length, as the encoder gives them; output `pictures` [batch, 3, height,
 * width] of red, green, blue, clipped to 0..1.
 */
export function reconstructorModel(
  tensors: Readonly<Record<string, Tensor>>,
  shape: ReconstructorShape,
  { mean, std }: Colours,
): Model {
  const graph = new GraphBuilder();
  const [rows, columns] = shape.grid;
  const tokens = graph.input("tokens", [builtBatch, rows * columns, shape.tokenWidth]);
  const painted = reconstruct(trainedReconstructor(graph, tensors), tokens, shape);
  const triple = (values: readonly number[]) => graph.constant(float32(values, [1, 3, 1, 1]));
  graph.output("pictures", clip(add(mul(painted, triple(std)), triple(mean)), 0, 1));
  return standard(freeBatch(graph.model("reconstructor"), builtBatch));
}

/** Where the operator names none. */
const usualSlope = 1.702;

/** QuickGELU, an operator of ONNX Runtime's own, in ONNX's: x σ(α x). ONNX Runtime fuses it again. */
function standard(model: Model): Model {
  const { graph } = model;
  const slopes = new Map<string, Tensor>();
  const nodes = graph.nodes.flatMap((node): Node[] => {
    if (node.op !== "QuickGelu") return [node];
    const [x] = node.inputs;
    const [y] = node.outputs;
    const part = (op: string, inputs: readonly string[], output: string): Node => ({
      ...{ op, inputs, domain: "", attributes: {} },
      ...{ name: `${node.name}/${op}/${output}`, outputs: [output] },
    });
    const gated = (z: string) => [part("Sigmoid", [z], `${y}/gate`), part("Mul", [x, `${y}/gate`], y)];
    const { alpha } = node.attributes;
    const value = alpha?.type === "float" ? alpha.value : usualSlope;
    if (value === 1) return gated(x);
    const slope = `quick gelu/${value}`;
    slopes.set(slope, float32([value], []));
    return [part("Mul", [x, slope], `${y}/scaled`), ...gated(`${y}/scaled`)];
  });
  const initializers = new Map([...graph.initializers, ...slopes]);
  return { ...model, opsets: { "": model.opsets[""] }, graph: { ...graph, nodes, initializers } };
}
