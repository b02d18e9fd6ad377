/** The decoder's training step as a graph: pictures like images, and an encoder that sees the directions in them. */

import { inputSize, type Preprocessing } from "@optogram/images";
import {
  add,
  type Device,
  div,
  GraphBuilder,
  max,
  mul,
  reduceMean,
  reduceSum,
  reshape,
  resize,
  sameShape,
  sub,
  type Tensor,
  type TypedModel,
  unsqueeze,
  type Value,
} from "@optogram/onnx";
import { adam, compileTrainingStep, type Normal, type TrainingStep, Variables } from "@optogram/training";
import { normalise } from "../normalise.ts";
import { embed, totalVariation } from "../objective.ts";
import { cosineSimilarity, imageLoss } from "./loss.ts";
import { type DecoderShape, decode } from "./network.ts";
import { trainedWeights } from "./weights.ts";

/** Random views (crops, flips, noise) of painted pictures, so that no pattern pleases the encoder at one place alone. */
export interface Views {
  readonly perPicture: number;
  /** pictures [b, 3, s, s] → [b · perPicture, 3, h, w], the views of a picture one after the other. */
  apply(pictures: Value): Value;
  /** What the inputs that `apply` added to the graph hold at a step: a function of its number alone. */
  feeds(step: number): Readonly<Record<string, Tensor>>;
}

/** The frozen encoder. */
export interface FrozenEncoder {
  /** Its graph for a batch of n: input `pixels` [n, 3, h, w], output `embedding` [n, d]. */
  graph(batch: number): Promise<TypedModel>;
  readonly preprocessing: Preprocessing;
}

export interface LossWeights {
  /** Weight of slopes in the image loss. */
  readonly edges: number;
  /** Weight of 1 − cos(embedding of the picture, direction), beside an image loss of weight 1. */
  readonly cosine: number;
  /** Weight of total variation, for pictures of directions that have no image. */
  readonly variation: number;
}

export interface DecoderStepOptions {
  readonly shape: DecoderShape;
  readonly batch: number;
  readonly weights: LossWeights;
  readonly encoder: FrozenEncoder;
  readonly views?: Views;
  readonly random: Normal;
  readonly device?: Device;
}

export interface DecoderStep {
  readonly training: TrainingStep;
  /** Names of the network's weights among the step's variables. */
  readonly parameters: readonly string[];
}

/**
 * Feeds: directions [b, d] of unit length; pictured [b]: 1 where a direction is the embedding of an image, else 0;
 * images [b, 3, s, s]: these images from 0 to 1, anything elsewhere; and the views' own.
 * Metrics: image (loss) and cosine of pictured rows, cosineUnseen of all others; 0 where a batch has none.
 */
export async function decoderStep(options: DecoderStepOptions): Promise<DecoderStep> {
  const { shape, batch, weights, encoder, views, random, device } = options;
  const graph = new GraphBuilder();
  const variables = new Variables(graph);
  const directions = graph.input("directions", [batch, shape.dimension]);
  const images = graph.input("images", [batch, 3, shape.size, shape.size]);
  const pictured = graph.input("pictured", [batch]);
  const unseen = sub(1, pictured);

  const pictures = decode(trainedWeights(variables, random), directions, shape);
  const seen = await embeddings(encoder, views ? views.apply(pictures) : pictures);
  const cosine = similarity(seen, directions);
  const image = imageLoss(pictures, images, weights.edges);
  const likeness = mul(pictured, image);
  const roughness = mul(mul(unseen, totalVariation(pictures)), weights.variation);
  const distance = mul(sub(1, cosine), weights.cosine);
  const parameters = variables.trained.map(({ name }) => name);
  const training = await compileTrainingStep({
    loss: reduceMean(add(add(likeness, roughness), distance)),
    variables,
    optimizer: adam(),
    clipNorm: 1,
    metrics: {
      image: meanWhere(pictured, image),
      cosine: meanWhere(pictured, cosine),
      cosineUnseen: meanWhere(unseen, cosine),
    },
    ...(device && { device }),
  });
  return { training, parameters };
}

/** Embeddings [n, d] of pictures [n, 3, s, s], enlarged or reduced to the encoder's input where they differ. */
async function embeddings(encoder: FrozenEncoder, pictures: Value): Promise<Value> {
  const model = await encoder.graph(pictures.shape[0]);
  const size = inputSize(encoder.preprocessing);
  const fitted = sameShape(size, pictures.shape.slice(2)) ? pictures : resize(pictures, size, "linear");
  return embed(model, normalise(fitted, encoder.preprocessing));
}

/** [b]: the mean cosine of a picture's views, seen [b · k, d], with its direction [b, d]. */
function similarity(seen: Value, directions: Value): Value {
  const [b, d] = directions.shape;
  const grouped = reshape(seen, [b, seen.shape[0] / b, d]);
  return reduceMean(cosineSimilarity(grouped, unsqueeze(directions, [1])), { axes: [1] });
}

/** Σ mask x / Σ mask; 0 where the mask is empty. */
function meanWhere(mask: Value, x: Value): Value {
  return div(reduceSum(mul(mask, x)), max(reduceSum(mask), 1));
}
