/** The only module that imports ONNX Runtime: it is fetched with 14 MB of wasm when a network is first run, never before. */

import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";

// More would need headers that a static host rarely sends, and workers that fetch the runtime again.
env.wasm.numThreads = 1;

/** A network of one input and one output. */
export interface Network {
  /** @returns the output's elements */
  run(input: Float32Array | BigInt64Array, shape: readonly number[]): Promise<Float32Array>;
}

export async function openNetwork(file: Uint8Array): Promise<Network> {
  const session = await InferenceSession.create(file, { executionProviders: ["wasm"] });
  const [input, output] = [session.inputNames[0]!, session.outputNames[0]!];
  // A session runs one feed at a time.
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(data, shape) {
      const result = last.then(async () => {
        const tensor =
          data instanceof Float32Array
            ? new Tensor("float32", data, shape)
            : new Tensor("int64", data, shape);
        const outputs = await session.run({ [input]: tensor });
        return (await outputs[output]!.getData()) as Float32Array;
      });
      last = result.catch(() => undefined);
      return result;
    },
  };
}
