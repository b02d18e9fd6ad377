/** Embeddings of views of finished pictures. */

import { type EncoderParts, encoderGraph } from "@optogram/encoders";
import { inputSize, type Preprocessing } from "@optogram/images";
import { type Device, float32, GraphBuilder, openSession, type TypedModel } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import { normalise } from "./normalise.ts";
import { embed } from "./objective.ts";
import { applyViews, drawView, plainViews, type View, viewFeeder, viewInputs } from "./views.ts";

/** What is needed of an encoder here. */
export type Network = Pick<EncoderParts, "card" | "model">;

/** The encoder's graph from `pixels` [batch, 3, h, w] to `embedding` [batch, d]. */
export async function embeddingGraph({ card, model }: Network, batch: number): Promise<TypedModel> {
  const graph = await encoderGraph(card, model, batch, ["embedding"]);
  const [{ shape }] = graph.graph.inputs;
  if (shape?.[0] !== batch)
    throw new Error(
      `${card.name}: the model was exported for batches of ${shape?.[0]} and cannot run on ${batch}: export it with a free batch size`,
    );
  return graph;
}

export interface JudgeOptions {
  /** Side of the pictures. */
  readonly size: number;
  /** Views a run. */
  readonly batch: number;
  readonly device?: Device;
  readonly threads?: number;
  /** Ends `embed` between two runs. */
  readonly signal?: AbortSignal;
  /** Told of each run's views. */
  readonly looked?: (views: number) => void;
}

export interface Judge {
  /** Length of an embedding. */
  readonly dimension: number;
  /** Embeddings [n, d] of views of pictures [n, 3, size, size] in 0..1: one view a picture, as given or plain. */
  embed(pictures: Float32Array, views?: readonly View[]): Promise<Float32Array>;
  close(): Promise<void>;
}

export async function openJudge(encoder: Network, options: JudgeOptions): Promise<Judge> {
  const network = await embeddingGraph(encoder, options.batch);
  return await openNetworkJudge(network, encoder.card.input.preprocessing, options);
}

/** The same for an encoder's graph that is already there. */
export async function openNetworkJudge(
  network: TypedModel,
  preprocessing: Preprocessing,
  options: JudgeOptions,
): Promise<Judge> {
  const { size, batch } = options;
  const shape = { count: batch, views: 1, size, out: inputSize(preprocessing) };
  const graph = new GraphBuilder();
  const seen = applyViews(graph.input("pictures", [batch, 3, size, size]), viewInputs(graph, shape));
  const embedding = embed(network, normalise(seen, preprocessing));
  graph.output("embedding", embedding);
  const session = await openSession(graph.model("judge"), {
    ...(options.device && { device: options.device }),
    ...(options.threads && { threads: options.threads }),
  });
  const feeder = viewFeeder(shape);
  // What the card's preprocessing keeps of a picture: its middle.
  const side = preprocessing.cropFraction;
  const edge = (1 - side) / 2;
  const plain = { ...drawView(plainViews, seededRandom(0)), side, left: edge, top: edge };
  const each = 3 * size * size;
  const dimension = embedding.shape[1];
  return {
    dimension,
    async embed(pictures, views) {
      const n = pictures.length / each;
      if (!Number.isInteger(n))
        throw new RangeError(`${pictures.length} numbers are no pictures of ${size} pixels`);
      const embeddings = new Float32Array(n * dimension);
      for (let first = 0; first < n; first += batch) {
        options.signal?.throwIfAborted();
        const rows = Math.min(batch, n - first);
        const data = new Float32Array(batch * each);
        data.set(pictures.subarray(first * each, (first + rows) * each));
        const drawn = Array.from({ length: batch }, (_, i) => (i < rows && views?.[first + i]) || plain);
        const feeds = { pictures: float32(data, [batch, 3, size, size]), ...feeder(drawn) };
        const { embedding: part } = await session.run(feeds);
        embeddings.set((part.data as Float32Array).subarray(0, rows * dimension), first * dimension);
        options.looked?.(rows);
      }
      return embeddings;
    },
    close: () => session.close(),
  };
}
