/** A model in ONNX Runtime: named tensors in, named tensors out, nothing copied on the way. */

import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { type Device, onDevice } from "./devices.ts";
import { ModelError, reasonOf } from "./error.ts";
import type { Graph, Model, ValueInfo } from "./model.ts";
import { float32Interface, isHalf } from "./precision.ts";
import { decodeModel, readModel } from "./read.ts";
import { inTemporaryFolder } from "./temporary.ts";
import { type DataType, dataTypes, sizeOf, type Tensor } from "./tensor.ts";
import { availableThreads } from "./threads.ts";
import { encodeModel, weightBytes, weightLimit } from "./write.ts";
import { writeModel } from "./write-file.ts";

export interface SessionOptions {
  /** Default `cpu`. */
  readonly device?: Device;
  /** Threads one operator may use; default `availableThreads()`. Sums depend on it in their last bits. */
  readonly threads?: number;
  /** How far ONNX Runtime rewrites the graph; default `all`. */
  readonly optimization?: "disabled" | "basic" | "extended" | "all";
  /** Where to write the rewritten graph as an ONNX file. */
  readonly saveOptimized?: string;
}

export type Tensors = Readonly<Record<string, Tensor>>;

export interface Session {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /**
   * Runs the model once. `fetches` names the outputs wanted (default all), or gives a tensor for each, which is
   * filled in place and returned. Feeds and fetches must not be changed until the promise settles.
   */
  run(feeds: Tensors, fetches?: readonly string[] | Tensors): Promise<Record<string, Tensor>>;
  /** Frees the memory that ONNX Runtime holds. */
  close(): Promise<void>;
}

/**
 * Opens a model: a value, the bytes of a file, or a file's path. The same feeds give the same bytes again for the same
 * number of threads, version of ONNX Runtime and type of processor.
 */
export async function openSession(
  model: Model | Uint8Array | string,
  options: SessionOptions = {},
): Promise<Session> {
  const session = isModel(model) ? undefined : await openFile(model, options);
  if (session !== undefined) return new RuntimeSession(session);
  const value = isModel(model)
    ? model
    : typeof model === "string"
      ? await readModel(model)
      : decodeModel(model);
  const { graph } = float32Interface(value);
  return new RuntimeSession(await openValue({ ...value, graph }, options), graph);
}

function isModel(model: Model | Uint8Array | string): model is Model {
  return typeof model !== "string" && !(model instanceof Uint8Array);
}

/** Opens a file as it is; nothing where its inputs and outputs need float32 put before them. */
async function openFile(
  source: Uint8Array | string,
  options: SessionOptions,
): Promise<ort.InferenceSession | undefined> {
  let session: ort.InferenceSession;
  try {
    session = await createSession(source, options);
  } catch (error) {
    // How the binding reports an input or output of type bfloat16.
    if (reasonOf(error).includes("Unsupported data type")) return undefined;
    throw error;
  }
  const ends = [...session.inputMetadata, ...session.outputMetadata];
  if (!ends.some((end) => end.isTensor && isHalf(end.type))) return session;
  await session.release();
  return undefined;
}

/** A model too large for one file goes through a folder that is removed at once. */
async function openValue(model: Model, options: SessionOptions): Promise<ort.InferenceSession> {
  if (weightBytes(model) <= weightLimit) return createSession(encodeModel(model), options);
  return inTemporaryFolder(async (folder) => {
    const path = join(folder, "model.onnx");
    await writeModel(path, model, { externalData: true });
    return createSession(path, options);
  });
}

function createSession(source: Uint8Array | string, options: SessionOptions): Promise<ort.InferenceSession> {
  const settings = sessionSettings(options);
  return onDevice(options.device ?? "cpu", async (provider) => {
    const executionProviders = provider === "cpu" ? ["cpu"] : [provider, "cpu"];
    try {
      return typeof source === "string"
        ? await ort.InferenceSession.create(source, { ...settings, executionProviders })
        : await ort.InferenceSession.create(source, { ...settings, executionProviders });
    } catch (error) {
      const file = typeof source === "string" ? `${source}: ` : "";
      throw new ModelError(`${file}ONNX Runtime cannot open this model: ${reasonOf(error)}`, {
        cause: error,
      });
    }
  });
}

/** What every session is opened with, but for its device. */
export function sessionSettings(options: SessionOptions): ort.InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: options.threads ?? availableThreads(),
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: options.optimization ?? "all",
    // Errors only: warnings would go straight to the terminal.
    logSeverityLevel: 3,
    ...(options.saveOptimized === undefined ? {} : { optimizedModelFilePath: options.saveOptimized }),
  };
}

class RuntimeSession implements Session {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  #session: ort.InferenceSession | undefined;

  constructor(session: ort.InferenceSession, graph?: Graph) {
    this.#session = session;
    // ONNX Runtime knows shapes that the graph leaves open, but reports an unknown rank like a scalar's.
    const declared = new Map(
      [...(graph?.inputs ?? []), ...(graph?.outputs ?? [])].map((end) => [end.name, end]),
    );
    const describe = (metadata: ort.InferenceSession.ValueMetadata) => {
      const value = valueInfoOf(metadata);
      return value.shape?.length ? value : (declared.get(value.name) ?? value);
    };
    this.inputs = session.inputMetadata.map(describe);
    this.outputs = session.outputMetadata.map(describe);
  }

  async run(feeds: Tensors, fetches?: readonly string[] | Tensors): Promise<Record<string, Tensor>> {
    if (this.#session === undefined) throw new Error("this session is closed");
    expectKnown(Object.keys(feeds), this.inputs, "input");
    const fed = mapValues(feeds, runtimeTensor);
    if (fetches === undefined || isNames(fetches)) {
      if (fetches !== undefined) expectKnown(fetches, this.outputs, "output");
      const wanted = fetches ?? this.outputs.map((output) => output.name);
      const results = await this.#session.run(fed, wanted);
      return mapValues(results, plainTensor);
    }
    expectKnown(Object.keys(fetches), this.outputs, "output");
    await this.#session.run(fed, mapValues(fetches, runtimeTensor));
    return { ...fetches };
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }
}

function expectKnown(names: readonly string[], ends: readonly ValueInfo[], kind: "input" | "output"): void {
  const known = ends.map(({ name }) => name);
  const stranger = names.find((name) => !known.includes(name));
  if (stranger === undefined) return;
  const list = known.map((name) => `"${name}"`).join(", ");
  throw new Error(`the model has no ${kind} "${stranger}"; its ${kind}s are ${list}`);
}

function isNames(fetches: readonly string[] | Tensors): fetches is readonly string[] {
  return Array.isArray(fetches);
}

/** An input or output as ONNX Runtime describes it. */
export function valueInfoOf(metadata: ort.InferenceSession.ValueMetadata): ValueInfo {
  if (!metadata.isTensor) throw new TypeError(`"${metadata.name}" is not a tensor but a sequence or map`);
  const shape = metadata.shape.map((size) => (size === "" ? undefined : size));
  return { name: metadata.name, dtype: metadata.type, shape };
}

/** Over the same memory. */
function runtimeTensor(tensor: Tensor, name: string): ort.Tensor {
  const { dtype, shape, data } = tensor;
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(`"${name}" [${shape}] takes ${sizeOf(shape)} elements, not ${data.length}`);
  }
  return new ort.Tensor(dtype as ort.Tensor.Type, data as ort.Tensor["data"], shape);
}

/** Over the same memory. */
function plainTensor(value: ort.OnnxValue, name: string): Tensor {
  if (!(value instanceof ort.Tensor))
    throw new TypeError(`output "${name}" is not a tensor but a sequence or map`);
  const dtype: DataType = value.type;
  if (!(dtype in dataTypes)) throw new TypeError(`output "${name}" is of type ${dtype}`);
  return { dtype, shape: value.dims, data: value.data as Tensor["data"] };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A, name: string) => B) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
