/** Encoders that run: pixels in, embeddings and tokens out. */

import type { Watcher } from "@optogram/hub";
import { type Picture, preprocess } from "@optogram/images";
import { devices, openSession, type Session, type Tensor, type ValueInfo } from "@optogram/onnx";
import type { Card } from "./card.ts";
import { EncoderError, firstLine } from "./error.ts";
import { type EncoderNetwork, findFiles, readNetwork } from "./network.ts";
import { encoderGraph, type OutputName } from "./outputs.ts";
import { readCard } from "./read-card.ts";
import { anySize, type InputSize, resizedCard } from "./resize.ts";

export interface ReadOptions {
  /** Another size of images than the card's, in pixels; the nearest multiple of the patch is taken. */
  readonly size?: InputSize;
  /** Told of downloads and warnings: `Progress` of `@optogram/cli`. */
  readonly progress?: Watcher;
  /** Stops a download. */
  readonly signal?: AbortSignal;
}

export interface EncoderOptions extends ReadOptions {
  /** `cpu` (default), `webgpu`, `cuda`, `coreml`, `dml` or `auto`. */
  readonly device?: string;
  /** Images a run; default 16. A model that was exported for one batch size has that one. */
  readonly batch?: number;
  /** Default: the embedding alone. */
  readonly outputs?: readonly OutputName[];
}

export interface Encoder {
  readonly card: Card;
  /** sha256 over card and weights. */
  readonly digest: string;
  /** Length of an embedding; 0 where the embedding is not among the outputs. */
  readonly dimension: number;
  /** Images a run. */
  readonly batch: number;
  /** A picture as [3, height, width], normalised as the card says. */
  preprocess(picture: Picture): Float32Array;
  /** Embeddings [n, dimension] of `n` inputs [n, 3, height, width]; any n, run in batches, the last one filled up. */
  embed(pixels: Float32Array, n: number): Promise<Float32Array>;
  /** Every output that was asked for, of `n` inputs; the first axis of each is n. */
  encode(pixels: Float32Array, n: number): Promise<Record<string, Tensor & { data: Float32Array }>>;
  close(): Promise<void>;
}

/** An encoder's card and network, its weights drawn anew for a control. */
export interface EncoderParts {
  readonly card: Card;
  /** sha256 over card and weights. */
  readonly digest: string;
  readonly model: EncoderNetwork;
}

/**
 * Reads an encoder by name (a folder in `models/`) or by the path of its folder; what lies on the hub is fetched where
 * it is not in the cache.
 * @throws EncoderError where the card or the model is missing or wrong.
 */
export async function readEncoder(nameOrFolder: string, options: ReadOptions = {}): Promise<EncoderParts> {
  const { size, progress, signal } = options;
  const stated = await readCard(nameOrFolder);
  const card =
    size === undefined ? stated.card : resizedCard(stated.card, size, (line) => progress?.note(line));
  const resolved = { ...stated, card };
  const files = await findFiles(resolved, {
    ...(progress && { watcher: progress }),
    ...(signal && { signal }),
  });
  const network = await readNetwork(resolved, files);
  const model = size === undefined || "build" in network ? network : anySize(network);
  return { card, digest: files.digest, model };
}

/**
 * Opens an encoder by name (a folder in `models/`), by the path of its folder, or one that was read already.
 * @throws EncoderError where the card or the model is missing or wrong.
 */
export async function openEncoder(
  encoder: string | EncoderParts,
  options: EncoderOptions = {},
): Promise<Encoder> {
  const { batch = 16, outputs = ["embedding"], device = "cpu" } = options;
  const known = devices.find((name) => name === device);
  if (known === undefined) throw new EncoderError(`no device "${device}"; there are ${devices.join(", ")}`);
  const parts = typeof encoder === "string" ? await readEncoder(encoder, options) : encoder;
  const graph = await encoderGraph(parts.card, parts.model, batch, outputs);
  return new SessionEncoder(parts, await openSession(graph, { device: known }));
}

class SessionEncoder implements Encoder {
  readonly card: Card;
  readonly digest: string;
  readonly dimension: number;
  readonly batch: number;
  readonly #session: Session;
  readonly #inputShape: readonly number[];

  constructor({ card, digest }: EncoderParts, session: Session) {
    this.card = card;
    this.digest = digest;
    this.#session = session;
    this.#inputShape = staticShape(session.inputs[0]);
    this.batch = this.#inputShape[0];
    const embedding = session.outputs.find(({ name }) => name === "embedding");
    this.dimension = embedding === undefined ? 0 : staticShape(embedding)[1];
  }

  preprocess(picture: Picture): Float32Array {
    return preprocess(picture, this.card.input.preprocessing);
  }

  async embed(pixels: Float32Array, n: number): Promise<Float32Array> {
    const { embedding } = await this.encode(pixels, n);
    if (!embedding) throw new EncoderError(`${this.card.name} was opened without its embedding`);
    return embedding.data;
  }

  async encode(pixels: Float32Array, n: number): Promise<Record<string, Tensor & { data: Float32Array }>> {
    const size = this.#inputShape.slice(1).reduce((product, axis) => product * axis);
    if (pixels.length !== n * size) {
      throw new EncoderError(`${this.card.name}: ${n} inputs take ${n * size} numbers, not ${pixels.length}`);
    }
    const results = Object.fromEntries(
      this.#session.outputs.map((output) => {
        const { name } = output;
        const axes = staticShape(output).slice(1);
        const data = new Float32Array(n * axes.reduce((product, axis) => product * axis, 1));
        return [name, { dtype: "float32" as const, shape: [n, ...axes], data }];
      }),
    );
    for (let first = 0; first < n; first += this.batch) {
      const count = Math.min(this.batch, n - first);
      let data = pixels.subarray(first * size, (first + count) * size);
      if (count < this.batch) {
        const padded = new Float32Array(this.batch * size);
        padded.set(data);
        data = padded;
      }
      const part = await this.#run(data);
      for (const [name, { data: target, shape }] of Object.entries(results)) {
        const row = target.length / shape[0];
        const { data: filled } = part[name] as Tensor;
        target.set((filled as Float32Array).subarray(0, count * row), first * row);
      }
    }
    return results;
  }

  async #run(data: Float32Array): Promise<Record<string, Tensor>> {
    try {
      return await this.#session.run({ pixels: { dtype: "float32", shape: this.#inputShape, data } });
    } catch (error) {
      throw new EncoderError(
        `${this.card.name}: the model does not run on batches of ${this.batch}; try another batch size, 1 if need be (${firstLine(error)})`,
        { cause: error },
      );
    }
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

/** The graph was specialised, so its session knows every size. */
function staticShape({ shape }: ValueInfo): readonly number[] {
  return shape as readonly number[];
}
