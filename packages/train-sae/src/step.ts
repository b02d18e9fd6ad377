/** The training step of a sparse autoencoder as a graph, and the model that judges and encodes. */

import {
  add,
  cast,
  type Device,
  div,
  GraphBuilder,
  greater,
  greaterOrEqual,
  mul,
  not,
  openSession,
  reduceMax,
  reduceMean,
  reduceSum,
  reduceSumSquare,
  relu,
  type Session,
  sub,
  type Tensor,
  topK,
  type Value,
} from "@optogram/onnx";
import { adam, compileTrainingStep, filledWith, type TrainingStep, Variables } from "@optogram/training";
import {
  type Autoencoder,
  auxiliaryError,
  decode,
  keepLargest,
  l1Norm,
  preActivations,
  squaredError,
  tensorNames,
} from "./autoencoder.ts";

export type Variant =
  /** ReLU with an L1 penalty of the given weight. */
  | { readonly kind: "relu"; readonly l1: number }
  /** The k largest activations, with the auxiliary loss of Gao et al. 2024. */
  | { readonly kind: "topk"; readonly k: number };

/** Weight of the auxiliary loss, and how many dead features may take part (Gao et al. 2024, appendix A.2). */
const auxiliaryWeight = 1 / 32;
const auxiliaryFeatures = 512;

/** How often each feature was silent: the number of steps since it last fired. */
export const silentSteps = "silent";

export interface SaeStepOptions {
  /** Starting tensors by name; their shapes are the autoencoder's. */
  readonly initial: Readonly<Record<string, Tensor>>;
  readonly batch: number;
  readonly variant: Variant;
  /** Steps of silence after which a feature is dead. */
  readonly deadAfter: number;
  readonly device?: Device;
}

/** Feed: x [batch, d]. Metrics: fvu of the batch, l0, dead (share of features). */
export async function saeStep(options: SaeStepOptions): Promise<TrainingStep> {
  const { initial, batch, variant, deadAfter, device } = options;
  const graph = new GraphBuilder();
  const variables = new Variables(graph);
  const sae = autoencoderFrom((name) => variables.parameter(name, initial[name]));
  const [latents, d] = sae.decoderWeight.shape;
  const x = graph.input("x", [batch, d]);
  const pre = preActivations(sae, x);
  const codes = variant.kind === "topk" ? keepLargest(pre, variant.k) : relu(pre);
  const reconstruction = decode(sae, codes);
  const error = squaredError(x, reconstruction);

  const silent = variables.state(silentSteps, filledWith(0, [latents]));
  // In how many rows each is active. The gradient of ReLU reads the same table of ones, which is made once.
  const counts = reduceSum(cast(greater(codes, 0), "float32"), { axes: [0] });
  const fired = greater(counts, 0);
  variables.assign(silent, mul(add(silent, 1), cast(not(fired), "float32")));
  const dead = cast(greaterOrEqual(silent, deadAfter), "float32");

  const residual = sub(x, reconstruction);
  const loss =
    variant.kind === "relu"
      ? add(error, mul(l1Norm(codes), variant.l1))
      : add(error, auxiliary(sae, x, pre, residual, dead));
  const spread = reduceSumSquare(sub(x, reduceMean(x, { axes: [0], keep: true })));
  return await compileTrainingStep({
    loss,
    variables,
    optimizer: adam(),
    metrics: {
      fvu: div(mul(error, batch), spread),
      l0: mul(reduceSum(counts), 1 / batch),
      dead: reduceMean(dead),
    },
    constants: [residual],
    unitRows: [tensorNames.decoderWeight],
    ...(device && { device }),
  });
}

/** The weighted auxiliary loss; 0 while no feature is dead. */
function auxiliary(sae: Autoencoder, x: Value, pre: Value, residual: Value, dead: Value): Value {
  const count = Math.min(auxiliaryFeatures, dead.shape[0]);
  const error = auxiliaryError(sae, x, pre, residual, dead, count);
  return mul(mul(error, reduceMax(dead)), auxiliaryWeight);
}

function autoencoderFrom(find: (name: string) => Value): Autoencoder {
  return {
    encoderWeight: find(tensorNames.encoderWeight),
    encoderBias: find(tensorNames.encoderBias),
    decoderWeight: find(tensorNames.decoderWeight),
    decoderBias: find(tensorNames.decoderBias),
  };
}

/** What an autoencoder makes of a batch of rows. */
export interface Coded {
  /** [n, limit]: the largest activations of each row in falling order, zero where fewer are active. */
  readonly values: Float32Array;
  /** [n, limit]: their features. */
  readonly features: BigInt64Array;
  /** [n, d], from these activations alone. */
  readonly reconstruction: Float32Array;
  /** [n]: how many are active before the limit. */
  readonly active: Float32Array;
}

/**
 * Opens the autoencoder for inference on batches of one size, its tensors fed with each call; of each row at most
 * `limit` features stay active.
 */
export async function openCoder(
  shape: { readonly latents: number; readonly d: number },
  batch: number,
  limit: number,
  device?: Device,
): Promise<{
  code(x: Tensor, tensors: Readonly<Record<string, Tensor>>): Promise<Coded>;
  close(): Promise<void>;
}> {
  const { latents, d } = shape;
  const graph = new GraphBuilder();
  const shapes = { W_enc: [d, latents], b_enc: [latents], W_dec: [latents, d], b_dec: [d] };
  const sae = autoencoderFrom((name) => graph.input(name, shapes[name as keyof typeof shapes]));
  const active = relu(preActivations(sae, graph.input("x", [batch, d])));
  const { values, indices } = topK(active, limit);
  graph.output("values", values);
  graph.output("features", indices);
  graph.output("reconstruction", decode(sae, keepLargest(active, limit)));
  graph.output("active", reduceSum(cast(greater(active, 0), "float32"), { axes: [1] }));
  const session: Session = await openSession(graph.model("autoencoder"), device ? { device } : {});
  return {
    async code(x, tensors) {
      const weights = Object.fromEntries(Object.keys(shapes).map((name) => [name, tensors[name]]));
      const out = await session.run({ x, ...weights });
      return {
        values: out.values.data as Float32Array,
        features: out.features.data as BigInt64Array,
        reconstruction: out.reconstruction.data as Float32Array,
        active: out.active.data as Float32Array,
      };
    },
    close: () => session.close(),
  };
}
