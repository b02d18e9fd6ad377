/** Small models as exporters write them, looked through. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { architectureSchema, buildArchitecture, openEncoder, randomWeights } from "@optogram/encoders";
import { cardFor, describeInspection, inspectModel, preprocessingFrom } from "@optogram/inspection";
import {
  conv,
  float32,
  GraphBuilder,
  halveWeights,
  type Model,
  matmul,
  mul,
  reduceMean,
  relu,
  reshape,
  type TypedModel,
  type Value,
  writeModel,
} from "@optogram/onnx";
import { describe, expect, it } from "vitest";

const vit = architectureSchema.parse({ family: "vit", patch: 8, size: 32, width: 16, depth: 3, heads: 2 });

/** A vision transformer whose only outputs are those named. */
function exported(outputs: readonly string[]): TypedModel {
  return buildArchitecture(vit, randomWeights(vit, 1), { batch: 1, size: [32, 32], outputs });
}

/** The scores of three classes on top of the embedding. */
function classifier(): Model {
  const g = new GraphBuilder();
  const network = exported(["embedding"]);
  const embedding = g
    .splice(network, { images: g.input("pixel_values", [1, 3, 32, 32]) }, "vit/")
    .get("embedding") as Value;
  const weights = g.initializer("head", float32(Float32Array.from({ length: 48 }, Math.cos), [16, 3]));
  g.output("logits", matmul(embedding, weights));
  return g.model();
}

async function runs(card: Record<string, unknown>, model: Model, outputs: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), "inspection-"));
  try {
    await writeFile(join(folder, "card.json"), JSON.stringify(card));
    await writeModel(join(folder, "m.onnx"), model);
    const encoder = await openEncoder(folder, { batch: 1, outputs: outputs as ["embedding"] });
    const pixels = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => Math.sin(i));
    const results = await encoder.encode(pixels, 1);
    await encoder.close();
    return Object.fromEntries(Object.entries(results).map(([name, { shape }]) => [name, shape]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("a vision transformer", () => {
  it("shows its patches, class token, blocks and embedding, and its card runs", async () => {
    const model = exported(["tokens", "embedding"]);
    const found = await inspectModel(model);
    expect(found).toMatchObject({ input: "images", size: [32, 32], sizeStated: true, patch: 8 });
    expect(found.tokens).toEqual([
      { tensor: "tokens", layout: "tokens", prefix: 1, grid: [4, 4], width: 16 },
    ]);
    expect(found.residuals).toHaveLength(6);
    expect(found.embedding).toMatchObject({ tensor: "embedding", pool: "none" });
    expect(found.obstacles).toEqual({ operators: [] });
    const card = cardFor("m", { file: "m.onnx" }, found);
    expect(card).toMatchObject({ patch: 8, tokens: 17, input: { tensor: "images" } });
    expect(await runs(card, model, ["embedding", "tokens", "layers.block.2"])).toEqual({
      embedding: [1, 16],
      tokens: [1, 16, 16],
      "layers.block.2": [1, 16, 16],
    });
  });

  it("that names its class scores alone has what goes into the classifier as embedding", async () => {
    const found = await inspectModel(classifier());
    expect(found.embedding).toMatchObject({ pool: "none", because: "what the classifier is given" });
    const card = cardFor("m", { file: "m.onnx" }, found);
    expect(await runs(card, classifier(), ["embedding", "tokens"])).toEqual({
      embedding: [1, 16],
      tokens: [1, 16, 16],
    });
  });

  it("with float16 weights is the same", async () => {
    const found = await inspectModel(halveWeights(exported(["tokens"])));
    expect(found.precision).toContain("float16");
    expect(found.patch).toBe(8);
    expect(found.embedding).toMatchObject({ tensor: "tokens", pool: "cls" });
  });

  it("with quantised products runs, and says what cannot be differentiated", async () => {
    const model = quantised();
    const found = await inspectModel(model);
    expect(found.obstacles.operators).toEqual([
      { operator: "DynamicQuantizeLinear", nodes: ["quantise"] },
      { operator: "MatMulInteger", nodes: ["product"] },
    ]);
    const lines = describeInspection(found);
    expect(lines).toContain("gradients: none; it can be extracted from, not searched with");
    expect(lines).toContain("  no rule for MatMulInteger: node product");
    const card = cardFor("m", { file: "m.onnx" }, found);
    expect(await runs(card, model, ["embedding"])).toEqual({ embedding: [1, 4] });
  });
});

/** `embedding` [1, 4]: the mean of each channel, as 8-bit integers times 8-bit weights. */
function quantised(): Model {
  const g = new GraphBuilder();
  const means = reduceMean(g.input("x", [1, 3, 32, 32]), { axes: [2, 3] });
  const rows = reshape(means, [1, 3]);
  const [codes, scale, zero] = g.node(
    "DynamicQuantizeLinear",
    [rows],
    [
      { dtype: "uint8", shape: [1, 3] },
      { dtype: "float32", shape: [] },
      { dtype: "uint8", shape: [] },
    ],
  ) as [Value, Value, Value];
  const bytes = Int8Array.from({ length: 12 }, (_, i) => i - 6);
  const weights = g.initializer("w", { dtype: "int8", shape: [3, 4], data: bytes });
  const [sums] = g.node("MatMulInteger", [codes, weights, zero], [{ dtype: "int32", shape: [1, 4] }]) as [
    Value,
  ];
  const [floats] = g.node("Cast", [sums], [{ dtype: "float32", shape: [1, 4] }], {
    to: { type: "int", value: 1 },
  }) as [Value];
  g.output("embedding", mul(floats, scale));
  const model = g.model();
  const names: Record<string, string> = { DynamicQuantizeLinear: "quantise", MatMulInteger: "product" };
  const nodes = model.graph.nodes.map((node) => ({ ...node, name: names[node.op] ?? node.name }));
  return { ...model, graph: { ...model.graph, nodes } };
}

describe("a convolutional network", () => {
  it("has its last maps as stages and their mean as embedding", async () => {
    const g = new GraphBuilder();
    const kernel = (name: string, shape: number[]) =>
      g.initializer(name, float32(new Float32Array(shape.reduce((a, b) => a * b)).fill(0.01), shape));
    const x = g.input("x", [1, 3, 32, 32]);
    const fine = relu(conv(x, kernel("a", [8, 3, 5, 5]), undefined, { stride: 4, padding: 2 }));
    const coarse = relu(conv(fine, kernel("b", [16, 8, 3, 3]), undefined, { stride: 2, padding: 1 }));
    g.output("maps", coarse);
    const found = await inspectModel(g.model());
    expect(found.maps.map(({ width, grid }) => [width, ...grid])).toEqual([
      [8, 8, 8],
      [16, 4, 4],
    ]);
    expect(found.embedding).toMatchObject({ tensor: "maps", pool: "spatial-mean" });
    const card = cardFor("m", { file: "m.onnx" }, found);
    expect(await runs(card, g.model(), ["embedding", "layers.stage.0"])).toEqual({
      embedding: [1, 16],
      "layers.stage.0": [1, 64, 8],
    });
  });
});

describe("a model that is no encoder of pictures", () => {
  const withInput = (shape: readonly number[]) => {
    const g = new GraphBuilder();
    g.output("y", mul(g.input("x", shape), 2));
    return g.model();
  };
  it("says so in one line", async () => {
    await expect(inspectModel(withInput([1, 32, 32, 3]))).rejects.toThrow(
      /"x" takes pictures with their channels last/,
    );
    await expect(inspectModel(withInput([1, 77]))).rejects.toThrow(
      /no input takes pictures .*x float32 \[1, 77\]/,
    );
    const g = new GraphBuilder();
    const text = reshape(g.input("text", [1, 1]), [1, 1, 1, 1]);
    g.output("both", mul(g.input("x", [1, 3, 32, 32]), text));
    await expect(inspectModel(g.model())).rejects.toThrow(/no output depends on "x" alone/);
  });

  it("may also take text, which the outputs of pictures do without", async () => {
    const g = new GraphBuilder();
    const x = g.input("x", [1, 3, 32, 32]);
    const seen = reduceMean(x, { axes: [2, 3] });
    g.output("image_embeds", seen);
    g.output("logits", mul(reshape(seen, [1, 3]), g.input("text", [1, 3])));
    expect((await inspectModel(g.model())).embedding).toMatchObject({ tensor: "image_embeds" });
  });
});

describe("preprocessing beside a model", () => {
  const stats = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
  it.each([
    [
      "CLIP's",
      { size: { shortest_edge: 224 }, crop_size: { height: 224, width: 224 }, resample: 3, ...stats },
      { size: [224, 224], resize: "cover", cropFraction: 1, interpolation: "bicubic" },
    ],
    [
      "SigLIP's",
      { size: { height: 256, width: 256 }, resample: 2, ...stats },
      { size: [256, 256], resize: "squash", interpolation: "bilinear" },
    ],
    [
      "DINOv2's",
      { size: { shortest_edge: 256 }, crop_size: { height: 224, width: 224 }, do_center_crop: true },
      { size: [224, 224], cropFraction: 0.875, mean: [0.485, 0.456, 0.406] },
    ],
    [
      "an old one",
      { size: 224, do_normalize: false, do_rescale: false },
      { size: [224, 224], mean: [0, 0, 0], std: [1, 1, 1], scale: 1 },
    ],
    [
      "timm's",
      {
        pretrained_cfg: {
          input_size: [3, 288, 288],
          interpolation: "bicubic",
          crop_pct: 0.95,
          crop_mode: "squash",
          mean: [0, 0, 0],
          std: [1, 1, 1],
        },
      },
      { size: [288, 288], resize: "squash", cropFraction: 0.95 },
    ],
  ])("is read: %s", (_, json, expected) => {
    expect(preprocessingFrom(json)).toMatchObject(expected);
  });

  it("is not made up", () => {
    for (const json of [null, 3, {}, { size: "large" }, { pretrained_cfg: {} }]) {
      expect(preprocessingFrom(json)).toBeUndefined();
    }
  });
});
