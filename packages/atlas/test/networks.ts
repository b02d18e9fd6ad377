import {
  add,
  averagePool,
  div,
  encodeModel,
  float32,
  GraphBuilder,
  matmul,
  mul,
  reduceL2,
  reshape,
} from "@optogram/onnx";

/** Edge of what the small encoder sees and the small decoder paints. */
export const networkSize = 16;

/** Three colours of four quadrants. */
const colours = 12;

/** Numbers between −1 and 1 in no order. */
export function mixed(count: number, step: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin((i + 1) * step));
}

/** `pixels` [1, 3, 16, 16] → `embedding` [1, d]: the mean colours of the four quadrants, mixed, of unit length. */
export function smallEncoder(dimensions: number): Uint8Array {
  const graph = new GraphBuilder();
  const pixels = graph.input("pixels", [1, 3, networkSize, networkSize]);
  const half = networkSize / 2;
  const means = averagePool(pixels, { kernel: [half, half], stride: half });
  const mix = graph.constant(float32(mixed(colours * dimensions, 2.7), [colours, dimensions]));
  const mixture = matmul(reshape(means, [1, colours]), mix);
  graph.output("embedding", div(mixture, reduceL2(mixture, { axes: [1], keep: true })));
  return encodeModel(graph.model("small-encoder"));
}

/** `directions` [batch, d] → `pictures` [batch, 3, 16, 16]: every pixel is its own mixture of the direction's numbers. */
export function smallDecoder(dimensions: number): Uint8Array {
  const shape = [3, networkSize, networkSize];
  const elements = 3 * networkSize ** 2;
  const graph = new GraphBuilder();
  const directions = graph.input("directions", [1, dimensions]);
  const weights = graph.constant(float32(mixed(dimensions * elements, 1.3), [dimensions, elements]));
  const [pictures] = graph.node(
    "Reshape",
    [add(mul(matmul(directions, weights), 0.25), 0.5), graph.integers([-1, ...shape])],
    [{ dtype: "float32", shape: [1, ...shape] }],
  );
  graph.output("pictures", pictures!);
  const model = graph.model("small-decoder");
  const batched = ({ name, dtype, shape }: (typeof model.graph.inputs)[number]) => ({
    name,
    dtype,
    shape: ["batch", ...(shape ?? []).slice(1)],
  });
  return encodeModel({
    ...model,
    graph: {
      ...model.graph,
      inputs: model.graph.inputs.map(batched),
      outputs: model.graph.outputs.map(batched),
      values: new Map(),
    },
  });
}
