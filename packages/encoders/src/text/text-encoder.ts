/** Texts in, embeddings out: the text side of an encoder, opened. */

import type { FetchOptions } from "@optogram/hub";
import {
  type Device,
  type Model,
  openSession,
  readModel,
  type Session,
  specialise,
  type Tensor,
} from "@optogram/onnx";
import type { Weights } from "../architectures/index.ts";
import { EncoderError, firstLine } from "../error.ts";
import { readCard } from "../read-card.ts";
import { readWeights } from "../weights/read.ts";
import { findTextFiles } from "./files.ts";
import { type TextArchitecture, textPresets } from "./schema.ts";
import { openTokenizer, type TextTokenizer } from "./tokenizer.ts";
import { buildTextTower } from "./tower.ts";

export interface TextEncoderOptions {
  /** Texts a run; default 32. A model that was exported for one batch size has that one. */
  readonly batch?: number;
  readonly device?: Device;
  /** How files of the hub are fetched. */
  readonly fetching?: FetchOptions;
}

export interface TextEncoder {
  /** sha256 over the card's text side and its files. */
  readonly digest: string;
  /** Length of an embedding. */
  readonly dimension: number;
  /** Tokens a text. */
  readonly context: number;
  /** What cosines are multiplied by before a softmax. */
  readonly temperature: number;
  /** Embeddings [n, dimension] of unit length. */
  embed(texts: readonly string[]): Promise<Float32Array>;
  /** Tokens that a text has before it is cut to the context. */
  length(text: string): number;
  /** Image embeddings [n, d] brought to the joint space, [n, dimension] at unit length. */
  project(images: Float32Array, n: number): Float32Array;
  close(): Promise<void>;
}

/**
 * Opens the text side of an encoder, by its name (a folder in `models/`) or the path of its folder.
 * @throws EncoderError where the encoder has none, or it is missing or wrong
 */
export async function openTextEncoder(
  nameOrFolder: string,
  options: TextEncoderOptions = {},
): Promise<TextEncoder> {
  const { batch = 32, device = "cpu", fetching = {} } = options;
  const { card, folder } = await readCard(nameOrFolder);
  const { text } = card;
  if (text === undefined)
    throw new EncoderError(
      `${card.name}: its card has no text side, so it reads no texts; an encoder trained with captions carries one`,
    );
  const files = await findTextFiles(text, folder, card.name, fetching);
  const weights = "weights" in text ? await readWeights(files.model) : undefined;
  const architecture = "weights" in text ? architectureOf(text.architecture, card.name) : undefined;
  const context = "context" in text ? text.context : (architecture as TextArchitecture).context;
  const tokenizer = await openTokenizer(text.tokenizer, context, files.tokenizer);
  const model =
    weights && architecture && "prefix" in text
      ? buildTextTower(architecture, weights, { batch, prefix: text.prefix })
      : await sized(await readModel(files.model), batch, context, files.model);
  const session = await openSession(model, { device });
  const projection =
    weights && "imageProjection" in text && text.imageProjection !== undefined
      ? projectionOf(weights, text.imageProjection, files.model)
      : undefined;
  return new SessionTextEncoder(files.digest, text.temperature, tokenizer, session, projection);
}

class SessionTextEncoder implements TextEncoder {
  readonly digest: string;
  readonly temperature: number;
  readonly dimension: number;
  readonly #tokenizer: TextTokenizer;
  readonly #session: Session;
  readonly #batch: number;
  readonly #projection: Projection | undefined;

  constructor(
    digest: string,
    temperature: number,
    tokenizer: TextTokenizer,
    session: Session,
    projection: Projection | undefined,
  ) {
    this.digest = digest;
    this.temperature = temperature;
    this.#tokenizer = tokenizer;
    this.#session = session;
    this.#batch = session.inputs[0].shape?.[0] as number;
    this.#projection = projection;
    this.dimension = session.outputs[0].shape?.[1] as number;
  }

  get context(): number {
    return this.#tokenizer.context;
  }

  async embed(texts: readonly string[]): Promise<Float32Array> {
    const embeddings = new Float32Array(texts.length * this.dimension);
    for (let first = 0; first < texts.length; first += this.#batch) {
      const some = texts.slice(first, first + this.#batch);
      const filled = [...some, ...Array<string>(this.#batch - some.length).fill(some[0])];
      const rows = await this.#run(this.#tokenizer.encode(filled));
      embeddings.set(rows.subarray(0, some.length * this.dimension), first * this.dimension);
    }
    return toUnit(embeddings, this.dimension);
  }

  async #run(ids: Tensor): Promise<Float32Array> {
    try {
      return (await this.#session.run({ ids })).embedding.data as Float32Array;
    } catch (error) {
      throw new EncoderError(
        `the text tower cannot read what its tokenizer writes: is it another model's? (${firstLine(error)})`,
        { cause: error },
      );
    }
  }

  length(text: string): number {
    return this.#tokenizer.length(text);
  }

  project(images: Float32Array, n: number): Float32Array {
    const d = images.length / n;
    const width = this.#projection?.rows ?? this.dimension;
    if (d !== width)
      throw new EncoderError(
        `the image tower makes embeddings of ${d} numbers, and the text side takes ${width}: the card joins two towers that do not fit`,
      );
    if (!this.#projection) return toUnit(images.slice(), d);
    const { data } = this.#projection;
    const e = this.dimension;
    const joint = new Float32Array(n * e);
    for (let i = 0; i < n; i++)
      for (let k = 0; k < d; k++) {
        const x = images[i * d + k];
        for (let j = 0; j < e; j++) joint[i * e + j] += x * data[k * e + j];
      }
    return toUnit(joint, e);
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

interface Projection {
  readonly rows: number;
  readonly data: Float32Array;
}

function projectionOf(weights: Weights, name: string, path: string): Projection {
  const tensor = Object.hasOwn(weights, name) ? weights[name] : undefined;
  if (tensor?.shape.length !== 2)
    throw new EncoderError(`${path}: the card's imageProjection ${name} is no matrix in this file`);
  return { rows: tensor.shape[0], data: tensor.data as Float32Array };
}

/** Rows of d brought to unit length, in place. */
function toUnit(rows: Float32Array, d: number): Float32Array {
  for (let first = 0; first < rows.length; first += d) {
    const row = rows.subarray(first, first + d);
    const length = Math.hypot(...row) || 1;
    for (let i = 0; i < d; i++) row[i] /= length;
  }
  return rows;
}

function architectureOf(stated: string | TextArchitecture, encoder: string): TextArchitecture {
  if (typeof stated !== "string") return stated;
  if (Object.hasOwn(textPresets, stated)) return textPresets[stated];
  throw new EncoderError(
    `${encoder}: there is no text architecture "${stated}"; there are ${Object.keys(textPresets).join(", ")}`,
  );
}

async function sized(model: Model, batch: number, context: number, path: string) {
  try {
    const declared = model.graph.inputs.find(({ name }) => name === "ids")?.shape?.[0];
    const made = await specialise(model, { ids: [typeof declared === "number" ? declared : batch, context] });
    const [output] = made.graph.outputs;
    if (output.name === "embedding" && output.shape?.length === 2) return made;
    throw new EncoderError(`its first output is ${output.name} [${output.shape}], not embedding [batch, e]`);
  } catch (error) {
    throw new EncoderError(`${path}: not a text tower: ${firstLine(error)}`, { cause: error });
  }
}
