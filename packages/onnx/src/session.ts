/** A model in ONNX Runtime: named tensors in, named tensors out, nothing copied on the way. */

import { availableParallelism } from "node:os";
import * as ort from "onnxruntime-node";
import { type Device, onDevice } from "./devices.ts";
import type { Model, ValueInfo } from "./model.ts";
import { type DataType, dataTypes, sizeOf, type Tensor } from "./tensor.ts";
import { encodeModel } from "./write.ts";

export interface SessionOptions {
  /** Default `cpu`. */
  readonly device?: Device;
  /** Threads one operator may use; default all cores. Sums depend on it in their last bits. */
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
  const session = await createSession(model, options);
  return new RuntimeSession(session);
}

function createSession(
  model: Model | Uint8Array | string,
  options: SessionOptions,
): Promise<ort.InferenceSession> {
  const settings: ort.InferenceSession.SessionOptions = {
    intraOpNumThreads: options.threads ?? availableParallelism(),
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: options.optimization ?? "all",
    // Errors only: warnings would go straight to the terminal.
    logSeverityLevel: 3,
    ...(options.saveOptimized === undefined ? {} : { optimizedModelFilePath: options.saveOptimized }),
  };
  const source = typeof model === "string" || model instanceof Uint8Array ? model : encodeModel(model);
  return onDevice(options.device ?? "cpu", (provider) => {
    const executionProviders = provider === "cpu" ? ["cpu"] : [provider, "cpu"];
    return typeof source === "string"
      ? ort.InferenceSession.create(source, { ...settings, executionProviders })
      : ort.InferenceSession.create(source, { ...settings, executionProviders });
  });
}

class RuntimeSession implements Session {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  #session: ort.InferenceSession | undefined;

  constructor(session: ort.InferenceSession) {
    this.#session = session;
    this.inputs = session.inputMetadata.map(valueInfo);
    this.outputs = session.outputMetadata.map(valueInfo);
  }

  async run(feeds: Tensors, fetches?: readonly string[] | Tensors): Promise<Record<string, Tensor>> {
    if (this.#session === undefined) throw new Error("this session is closed");
    const fed = mapValues(feeds, runtimeTensor);
    if (fetches === undefined || isNames(fetches)) {
      const wanted = fetches ?? this.outputs.map((output) => output.name);
      const results = await this.#session.run(fed, wanted);
      return mapValues(results, plainTensor);
    }
    await this.#session.run(fed, mapValues(fetches, runtimeTensor));
    return { ...fetches };
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }
}

function isNames(fetches: readonly string[] | Tensors): fetches is readonly string[] {
  return Array.isArray(fetches);
}

function valueInfo(metadata: ort.InferenceSession.ValueMetadata): ValueInfo {
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
