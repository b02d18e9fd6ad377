/** A model of another exporter looked through: what goes in, what may be tokens and the embedding, what is in the way. */

import { EncoderError } from "@optogram/encoders";
import { inputSize, type Preprocessing } from "@optogram/images";
import { cut, type Model, ModelError, specialise, type TypedModel, type ValueInfo } from "@optogram/onnx";
import { type Obstacles, obstaclesTo } from "./obstacles.ts";
import { dependents, isFloat, picturePart } from "./part.ts";
import { asTokens, normed, patchOf, residuals, type TokenTensor } from "./tokens.ts";

export interface EmbeddingGuess {
  readonly tensor: string;
  readonly pool: "none" | "mean" | "cls" | "spatial-mean";
  /** With mean: tokens that do not count. */
  readonly prefix: number;
  /** Why it is taken for the embedding. */
  readonly because: string;
}

export interface Inspection {
  readonly inputs: readonly ValueInfo[];
  /** Outputs, with their shapes for one picture where they depend on the picture alone. */
  readonly outputs: readonly ValueInfo[];
  readonly opset: number;
  readonly nodes: number;
  readonly parameters: number;
  /** Element types of the weights, those with most elements first. */
  readonly precision: readonly string[];
  /** The input of pictures. */
  readonly input: string;
  /** [height, width] that shapes are for, and whether the model says so itself. */
  readonly size: readonly [number, number];
  readonly sizeStated: boolean;
  readonly patch?: number;
  /** Outputs that may be tokens, in the order in which they are computed. */
  readonly tokens: readonly TokenTensor[];
  /** What blocks give, in order: two a block in transformers. */
  readonly residuals: readonly TokenTensor[];
  /** What the network ends in: an output where there is one, else what the last block gives, or its last map. */
  readonly last?: TokenTensor;
  /** The last maps of a ConvNet: one a size, the smallest last. */
  readonly maps: readonly TokenTensor[];
  readonly embedding?: EmbeddingGuess;
  /** What keeps the way from pictures to the embedding from being differentiated. */
  readonly obstacles: Obstacles;
}

const usualSide = 224;

/**
 * `preprocessing` is what lies beside the model, if anything does: its size is taken where the model leaves it open.
 * @throws EncoderError, ModelError where the model cannot be looked into
 */
export async function inspectModel(model: Model, preprocessing?: Preprocessing): Promise<Inspection> {
  const { input, outputs: visual } = picturePart(model);
  const [batch, , ...declared] = input.shape ?? [];
  const stated = declared.every((side) => typeof side === "number");
  const size = stated ? (declared as [number, number]) : sizeBeside(preprocessing);
  const part = await cut(model, { outputs: visual });
  const shape = [typeof batch === "number" ? batch : 1, 3, ...size];
  const network = await sized(part, input.name, shape);
  const known = namedValues(model, network);
  const { nodes } = network.graph;
  const patch = patchOf(nodes, (name) => network.graph.initializers.get(name)?.shape);
  const tokens = new Map(
    [...known.values()].flatMap((value) => {
      const found = asTokens(value, size, patch);
      return found === undefined ? [] : [[value.name, found] as const];
    }),
  );
  const outputs = network.graph.outputs;
  const ends = new Set(outputs.map(({ name }) => name));
  const asOutputs = [...tokens.values()].filter(({ tensor }) => ends.has(tensor));
  const sums = residuals(nodes, dependents(nodes, new Set([input.name])), tokens);
  const maps = lastMaps([...tokens.values()]);
  const last = lastTokens(network, asOutputs, sums) ?? maps.at(-1);
  const embedding = guessEmbedding({ network, outputs, known, ...(last && { last }) });
  const parameters = [...model.graph.initializers.values()];
  const specialised = new Map(outputs.map((value) => [value.name, value]));
  return {
    inputs: model.graph.inputs,
    outputs: model.graph.outputs.map((value) => specialised.get(value.name) ?? value),
    opset: model.opsets[""] ?? 0,
    nodes: model.graph.nodes.length,
    parameters: parameters.reduce((sum, { data }) => sum + data.length, 0),
    precision: precisionOf(model),
    input: input.name,
    size,
    sizeStated: stated,
    ...(patch !== undefined && { patch }),
    tokens: asOutputs,
    residuals: sums,
    ...(last !== undefined && { last }),
    maps,
    ...(embedding !== undefined && { embedding }),
    obstacles: obstaclesTo(network, input.name, embedding?.tensor ?? (visual[0] as string)),
  };
}

function sizeBeside(preprocessing: Preprocessing | undefined): readonly [number, number] {
  return preprocessing ? inputSize(preprocessing) : [usualSide, usualSide];
}

async function sized(part: Model, input: string, shape: readonly number[]): Promise<TypedModel> {
  try {
    return await specialise(part, { [input]: shape });
  } catch (error) {
    // ONNX Runtime throws plain errors.
    if (!(error instanceof ModelError || (error instanceof Error && error.name === "Error"))) throw error;
    throw new EncoderError(
      `the model does not run on pictures [${shape}]: ${String(error.message).split("\n")[0]}`,
      { cause: error },
    );
  }
}

/** Tensors whose names are the file's own: a card can name them. ONNX Runtime makes up others as it folds. */
function namedValues({ graph }: Model, network: TypedModel): Map<string, ValueInfo> {
  const own = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  return new Map([...network.graph.values].filter(([name]) => own.has(name)));
}

function lastMaps(tokens: readonly TokenTensor[]): TokenTensor[] {
  const last = new Map(tokens.filter(({ layout }) => layout === "map").map((map) => [String(map.grid), map]));
  return [...last.values()].sort((a, b) => b.grid[0] - a.grid[0]);
}

interface Found {
  readonly network: TypedModel;
  readonly outputs: readonly ValueInfo[];
  readonly known: ReadonlyMap<string, ValueInfo>;
  readonly last?: TokenTensor;
}

function guessEmbedding({ network, outputs, known, last }: Found): EmbeddingGuess | undefined {
  const rows = outputs.filter(({ dtype, shape }) => isFloat(dtype) && shape?.length === 2);
  const row = (tensor: string, because: string) => ({ tensor, pool: "none", prefix: 0, because }) as const;
  const pooled = rows.find(({ name }) => /pool|emb|feat/i.test(name));
  if (pooled) return row(pooled.name, "an output of that name");
  const [scores] = rows;
  const classified = scores && beforeClassifier(network, scores.name, known);
  if (classified !== undefined) return row(classified, "what the classifier is given");
  if (last === undefined) return scores && row(scores.name, "the only output that is a row");
  const { tensor, layout, prefix } = last;
  if (layout === "map") return { tensor, pool: "spatial-mean", prefix, because: "the mean of the last map" };
  return prefix > 0
    ? { tensor, pool: "cls", prefix: 0, because: "the first of the last tokens" }
    : { tensor, pool: "mean", prefix: 0, because: "the mean of the last tokens" };
}

function lastTokens(
  { graph }: TypedModel,
  outputs: readonly TokenTensor[],
  sums: readonly TokenTensor[],
): TokenTensor | undefined {
  const output = outputs.filter(({ layout }) => layout === "tokens").at(-1);
  const sum = sums.at(-1);
  return output ?? (sum && { ...sum, tensor: normed(graph, sum.tensor) });
}

/** The rows [1, d] that the product which makes `scores` takes, as far as the file has a name for them. */
function beforeClassifier(
  { graph }: TypedModel,
  scores: string,
  known: ReadonlyMap<string, ValueInfo>,
): string | undefined {
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  for (let name = scores; ; ) {
    const node = makers.get(name);
    const [first = ""] = node?.inputs ?? [];
    if (node === undefined) return undefined;
    if (node.op === "Gemm" || node.op === "MatMul")
      return known.get(first)?.shape?.length === 2 ? first : undefined;
    name = first;
  }
}

function precisionOf({ graph }: Model): string[] {
  const counts = new Map<string, number>();
  for (const { dtype, data } of graph.initializers.values()) {
    counts.set(dtype, (counts.get(dtype) ?? 0) + data.length);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([dtype]) => dtype);
}
