/** PyTorch's numbers, and training on the host to hold against them. */

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gradients } from "@optogram/autodiff";
import {
  float32,
  GraphBuilder,
  halfToFloat,
  openSession,
  type Session,
  type Tensor,
  type Value,
} from "@optogram/onnx";

export type Tensors = Readonly<Record<string, Tensor>>;

/** A file of this package's fixtures. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** A file of the goldens beside the checkout, where they are. */
export function shared(name: string): string | undefined {
  const path = fileURLToPath(new URL(`../../../../shared/${name}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}

/** The tensors of a safetensors file in float32 (halves are widened). */
export function readTensors(path: string): Tensors {
  const bytes = readFileSync(path);
  const headerSize = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + headerSize)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const tensors = Object.entries(header).map(([name, { dtype, shape, data_offsets }]) => {
    const [from, to] = data_offsets.map((offset) => 8 + headerSize + offset);
    const part = new Uint8Array(bytes.subarray(from, to)).buffer;
    const data = dtype === "F16" ? halfToFloat(new Uint16Array(part)) : new Float32Array(part);
    return [name, float32(data, shape)] as const;
  });
  return Object.fromEntries(tensors);
}

/** Those whose name starts with `prefix`, by the rest of it. */
export function under(tensors: Tensors, prefix: string): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
    ),
  );
}

/** Part i of a tensor along its first axis. */
export function part({ shape, data }: Tensor, i: number): Tensor {
  const rest = shape.slice(1);
  const size = rest.reduce((a, b) => a * b, 1);
  return float32((data as Float32Array).slice(i * size, (i + 1) * size), rest);
}

export function numbers(tensor: Tensor): Float32Array {
  return tensor.data as Float32Array;
}

/** The largest difference of two tensors, as a share of the second's largest element. */
export function distance(a: Tensor, b: Tensor): number {
  const [x, y] = [numbers(a), numbers(b)];
  if (x.length !== y.length) return Number.POSITIVE_INFINITY;
  const scale = y.reduce((largest, v) => Math.max(largest, Math.abs(v)), 0);
  const error = y.reduce((largest, v, i) => Math.max(largest, Math.abs(x[i] - v)), 0);
  return error / scale;
}

export interface Network {
  readonly loss: Value;
  /** What a step computes beside the gradients: the next value of parameters that are no optimiser's. */
  readonly assigned?: Readonly<Record<string, Value>>;
}

/** A network's loss and the gradients for `trained`, as a model that is fed everything. */
export async function openGradients(
  tensors: Tensors,
  trained: readonly string[],
  build: (x: Readonly<Record<string, Value>>, graph: GraphBuilder) => Network,
): Promise<Session> {
  const graph = new GraphBuilder();
  const x = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape }]) => [name, graph.input(name, shape)]),
  );
  const { loss, assigned = {} } = build(x, graph);
  const results = gradients(
    loss,
    trained.map((name) => x[name]),
  );
  graph.output("loss", loss);
  for (const [i, name] of trained.entries()) graph.output(`grad.${name}`, results[i]);
  for (const [name, value] of Object.entries(assigned)) graph.output(`next.${name}`, value);
  return openSession(graph.model(), { threads: 1 });
}

/** Adam on the host (Kingma & Ba 2015), in place. */
export class Adam {
  readonly #rate: number;
  readonly #moments = new Map<string, { first: Float64Array; second: Float64Array }>();
  #step = 0;

  constructor(rate: number) {
    this.#rate = rate;
  }

  update(parameters: Tensors, gradientOf: Tensors): void {
    this.#step += 1;
    for (const [name, gradient] of Object.entries(gradientOf)) {
      const g = numbers(gradient);
      const known = this.#moments.get(name);
      const { first, second } = known ?? {
        first: new Float64Array(g.length),
        second: new Float64Array(g.length),
      };
      this.#moments.set(name, { first, second });
      const weights = numbers(parameters[name]);
      for (const [i, slope] of g.entries()) {
        first[i] = 0.9 * first[i] + 0.1 * slope;
        second[i] = 0.999 * second[i] + 0.001 * slope ** 2;
        const mean = first[i] / (1 - 0.9 ** this.#step);
        const size = Math.sqrt(second[i] / (1 - 0.999 ** this.#step)) + 1e-8;
        weights[i] -= (this.#rate * mean) / size;
      }
    }
  }
}
