/** timm's numbers on toy networks, and how ours are held against them. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gradients } from "@optogram/autodiff";
import {
  type Architecture,
  architectureSchema,
  type Layout,
  type Parameters,
  presets,
  readWeights,
  type Size,
  traceArchitecture,
  type Weights,
} from "@optogram/encoders";
import { GraphBuilder, mul, openSession, reduceSum, type Tensor, type Value } from "@optogram/onnx";

export interface Toy {
  readonly name: string;
  readonly architecture: Architecture;
  readonly weights: Weights;
  /** By name: input, tokens, embedding, layer.i, other.input and so on. */
  readonly expected: Weights;
}

const folder = fileURLToPath(new URL("../fixtures/networks/", import.meta.url));

/** The toys' sizes; everything else is as in the preset of that name. */
const sizes = {
  vit: { width: 16, depth: 2, heads: 2, size: 32, patch: 8 },
  sam: { width: 16, depth: 2, heads: 2, size: 64, patch: 8, window: 3, globalBlocks: [1], neck: 8 },
  convnext: { depths: [1, 1, 2, 1], widths: [8, 12, 16, 20], size: 64 },
};

export const toyNames = readdirSync(folder).map((file) => file.replace(".safetensors", ""));

/**
 * timm 1.0.29 on PyTorch 2.13 made them: random weights, inputs and weights in float16, results in float32; another
 * input size; gradients of Σ cotangent · embedding.
 */
export async function readToy(name: string): Promise<Toy> {
  const preset = presets[name];
  const { family } = preset;
  const architecture = architectureSchema.parse({ ...preset, ...sizes[family === "eva" ? "vit" : family] });
  const tensors = await readWeights(join(folder, `${name}.safetensors`));
  return { name, architecture, weights: under(tensors, "w."), expected: tensors };
}

/** The goldens' folder, where there is one. */
export const goldens = process.env.OPTOGRAM_GOLDENS;
const goldenNetworks = goldens === undefined ? "" : join(goldens, "encoders");
export const goldenNames = existsSync(goldenNetworks)
  ? readdirSync(goldenNetworks).filter((name) => !name.endsWith(".json"))
  : [];

export async function readGolden(name: string): Promise<Toy> {
  const read = (file: string) => join(goldenNetworks, name, file);
  const { architecture, model_args: args } = JSON.parse(readFileSync(read("config.json"), "utf8"));
  const preset = presets[architecture];
  const changed =
    preset.family === "convnext"
      ? { depths: args.depths, widths: args.dims }
      : { width: args.embed_dim, depth: args.depth, heads: args.num_heads, size: args.img_size };
  const blocks = preset.family === "sam" ? { globalBlocks: args.global_attn_indexes } : {};
  const expected = await readWeights(read("expected.safetensors"));
  const layers = Object.entries(under(expected, "intermediate.")).map(([i, t]) => [`layer.${i}`, t] as const);
  const gradients = goldens && join(goldens, "gradients", `encoder.${name}.safetensors`);
  const { cotangent, ...slopes } = gradients && existsSync(gradients) ? await readWeights(gradients) : {};
  const renamed = Object.entries(under(slopes, "grad.")).map(
    ([key, t]) => [key === "input" ? "grad.input" : `grad.w.${key}`, t] as const,
  );
  return {
    name,
    architecture: architectureSchema.parse({ ...preset, ...changed, ...blocks }),
    weights: await readWeights(read("model.safetensors")),
    expected: {
      input: expected.input,
      tokens: expected.forward_features,
      embedding: expected.pooled,
      ...Object.fromEntries([...layers, ...renamed]),
      ...(cotangent && { cotangent }),
    },
  };
}

export const sizeOfInput = ({ shape }: Tensor): Size => [shape[2], shape[3]];

/** Those whose name starts with `prefix`, by the rest of it. */
export function under(tensors: Weights, prefix: string): Weights {
  return Object.fromEntries(
    Object.entries(tensors).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
    ),
  );
}

/** ‖a − b‖ / ‖b‖ */
export function distance(a: Tensor, b: Tensor): number {
  const [x, y] = [a.data as Float32Array, b.data as Float32Array];
  if (x.length !== y.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let square = 0;
  for (const [i, value] of y.entries()) {
    difference += (x[i] - value) ** 2;
    square += value ** 2;
  }
  return Math.sqrt(difference / square);
}

/** Tokens [b, prefix + rows · columns, d] as timm gives a layer's output: without the prefix, [b, d, rows, columns]. */
export function asMap(tokens: Tensor, { prefix, grid }: Layout): Tensor {
  if (tokens.shape.length === 4) return tokens;
  const [b, n, d] = tokens.shape;
  const patches = n - prefix;
  const from = tokens.data as Float32Array;
  const data = new Float32Array(b * d * patches);
  for (let image = 0; image < b; image++)
    for (let patch = 0; patch < patches; patch++)
      for (let channel = 0; channel < d; channel++)
        data[(image * d + channel) * patches + patch] = from[(image * n + prefix + patch) * d + channel];
  return { dtype: "float32", shape: [b, d, ...grid], data };
}

/** The gradients of Σ cotangent · embedding for the images and for each weight, by the golden's names. */
export async function slopesOf({ architecture, weights, expected }: Toy): Promise<Record<string, Tensor>> {
  const graph = new GraphBuilder();
  const images = graph.input("images", expected.input.shape);
  const cotangent = graph.input("cotangent", expected.cotangent.shape);
  const inputs = new Map<string, Value>();
  const fed: Parameters = {
    graph,
    get: (name, shape) => {
      const value = graph.input(name, shape);
      inputs.set(name, value);
      return value;
    },
  };
  const embedding = traceArchitecture(architecture, fed, images).get("embedding") as Value;
  const names = [...inputs.keys()];
  const slopes = gradients(reduceSum(mul(embedding, cotangent)), [images, ...inputs.values()]);
  graph.output("grad.input", slopes[0]);
  for (const [i, name] of names.entries()) graph.output(`grad.w.${name}`, slopes[i + 1]);
  const session = await openSession(graph.model(), { threads: 1 });
  const feeds = Object.fromEntries(names.map((name) => [name, weights[name]]));
  const results = await session.run({ images: expected.input, cotangent: expected.cotangent, ...feeds });
  await session.close();
  return results;
}
