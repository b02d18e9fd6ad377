/** What Constant nodes hold. */

import { describe, ModelError } from "./error.ts";
import type { Node } from "./model.ts";
import { float32, int64, type Tensor } from "./tensor.ts";

/** The tensor of a Constant node in any of its forms; `undefined` for a node of another operator. */
export function constantTensor(node: Node): Tensor | undefined {
  if (node.op !== "Constant" || !["", "ai.onnx"].includes(node.domain)) return undefined;
  for (const [name, attribute] of Object.entries(node.attributes)) {
    if (attribute.type === "tensor") return attribute.value;
    if (attribute.type === "float") return float32([attribute.value], []);
    if (attribute.type === "floats") return float32(attribute.value);
    if (attribute.type === "int") return int64([attribute.value], []);
    if (attribute.type === "ints") return int64(attribute.value);
    if (attribute.type === "string") return { dtype: "string", shape: [], data: [attribute.value] };
    if (attribute.type === "strings")
      return { dtype: "string", shape: [attribute.value.length], data: attribute.value };
    throw new ModelError(`${describe(node)} holds a ${name}, which cannot be read`);
  }
  throw new ModelError(`${describe(node)} holds no value`);
}
