/** Weights from files that other software wrote: safetensors and PyTorch's checkpoints. */

import { extname } from "node:path";
import { readTensors } from "@optogram/artifacts";
import { bfloatToFloat, float32, halfToFloat, type Tensor } from "@optogram/onnx";
import type { Weights } from "../architectures/parameters.ts";
import { EncoderError } from "../error.ts";
import { readTorchTensors } from "./torch.ts";

/**
 * The tensors of a `.safetensors`, `.pth`, `.pt` or `.bin` file by name. Floating-point ones come as float32, others as
 * they are. Nothing in the file is executed, and what it says is checked against its length.
 * @throws ArtifactError, EncoderError: one line that names the file
 */
export async function readWeights(path: string): Promise<Weights> {
  const tensors = await read(path);
  for (const [name, tensor] of Object.entries(tensors)) tensors[name] = widened(tensor);
  return tensors;
}

async function read(path: string): Promise<Record<string, Tensor>> {
  const ending = extname(path).toLowerCase();
  if (ending === ".safetensors") return (await readTensors(path)).tensors;
  if ([".pth", ".pt", ".bin"].includes(ending)) return readTorchTensors(path);
  throw new EncoderError(`${path}: weights are read from .safetensors, .pth, .pt and .bin files`);
}

function widened(tensor: Tensor): Tensor {
  const { dtype, shape, data } = tensor;
  if (dtype === "float16") return float32(halfToFloat(data as Uint16Array), shape);
  if (dtype === "bfloat16") return float32(bfloatToFloat(data as Uint16Array), shape);
  if (dtype === "float64") return float32(data as Float64Array, shape);
  return tensor;
}
