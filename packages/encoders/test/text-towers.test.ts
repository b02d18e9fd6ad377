import { fileURLToPath } from "node:url";
import { readTensors } from "@optogram/artifacts";
import {
  buildDinotxtHead,
  buildTextTower,
  randomTextWeights,
  readWeights,
  type TextArchitecture,
  textArchitectureSchema,
  textPresets,
  type Weights,
} from "@optogram/encoders";
import { int64, openSession, type Tensor, type TypedModel } from "@optogram/onnx";
import { describe, expect, it } from "vitest";

const fixture = (name: string) =>
  fileURLToPath(new URL(`../fixtures/text/${name}.safetensors`, import.meta.url));

const toy = { vocabulary: 512, width: 64, heads: 2, depth: 2, embedding: 48 };
const clip = textArchitectureSchema.parse(toy);
const siglip = textArchitectureSchema.parse({
  ...toy,
  embedding: 64,
  context: 64,
  causal: false,
  pool: "last",
  projection: "linear-bias",
});
const dinotxt = textArchitectureSchema.parse({
  naming: "dino.txt",
  vocabulary: 40,
  context: 10,
  width: 16,
  heads: 2,
  depth: 2,
  embedding: 24,
  biased: false,
  projection: "linear",
});

const read = async (name: string) => (await readTensors(fixture(name))).tensors;

async function run(model: TypedModel, feeds: Record<string, Tensor>): Promise<Float32Array> {
  const session = await openSession(model);
  try {
    return (await session.run(feeds)).embedding.data as Float32Array;
  } finally {
    await session.close();
  }
}

/** Embeddings of rows of ids. */
function embed(architecture: TextArchitecture, weights: Weights, rows: readonly number[][], prefix = "") {
  const ids = { ...int64(rows.flat()), shape: [rows.length, architecture.context] };
  return run(buildTextTower(architecture, weights, { batch: rows.length, prefix }), { ids });
}

const rowsOf = ({ data, shape: [n, t] }: Tensor) =>
  Array.from({ length: n }, (_, i) => Array.from(data as Int32Array).slice(i * t, (i + 1) * t));

function relativeError(found: Float32Array, expected: Float32Array): number {
  return Math.hypot(...found.map((value, i) => value - expected[i])) / Math.hypot(...expected);
}

describe("text towers", () => {
  it.each([
    ["clip_openai", "clip", { ...clip, activation: "quick-gelu" as const }, ""],
    ["clip_gelu", "clip", clip, ""],
    ["siglip", "siglip", siglip, ""],
    ["dinotxt", "dinotxt", dinotxt, "text_model."],
  ])("agree with PyTorch: %s", async (name, weights, architecture, prefix) => {
    const { tokens, embedding } = await read(`${name}.expected`);
    const found = await embed(architecture, await readWeights(fixture(weights)), rowsOf(tokens), prefix);
    expect(relativeError(found, embedding.data as Float32Array)).toBeLessThan(1e-5);
  });

  it("tell QuickGELU from GELU", async () => {
    const { tokens, embedding } = await read("clip_openai.expected");
    const found = await embed(clip, await readWeights(fixture("clip")), rowsOf(tokens));
    expect(relativeError(found, embedding.data as Float32Array)).toBeGreaterThan(1e-3);
  });

  it("read nothing after CLIP's end of text", async () => {
    const weights = await readWeights(fixture("clip"));
    const text = [5, 6, 7, 511];
    const padded = (id: number) => [...text, ...Array(clip.context - text.length).fill(id)];
    const found = await embed(clip, weights, [padded(0), padded(9)]);
    expect(relativeError(found.subarray(48), found.subarray(0, 48))).toBeLessThan(1e-5);
  });

  it("say which tensor is missing or of another shape", async () => {
    const weights = await readWeights(fixture("clip"));
    const { "ln_final.weight": _, ...lacking } = weights;
    expect(() => buildTextTower(clip, lacking, { batch: 1 })).toThrow(
      "the weights lack ln_final.weight [64]",
    );
    expect(() => buildTextTower({ ...clip, vocabulary: 500 }, weights, { batch: 1 })).toThrow(
      "token_embedding.weight as [512,64]",
    );
  });
});

describe("randomTextWeights", () => {
  it("has a checkpoint's names and shapes", async () => {
    for (const [name, architecture] of [
      ["clip", clip],
      ["siglip", siglip],
    ] as const) {
      const shapes = (weights: Weights) =>
        Object.fromEntries(Object.entries(weights).map(([key, { shape }]) => [key, shape]));
      expect(shapes(randomTextWeights(architecture, 1))).toEqual(shapes(await readWeights(fixture(name))));
    }
  });

  it("has as many weights as CLIP's text tower, 63,428,096", () => {
    const small = { ...textPresets["clip-base"], depth: 1, vocabulary: 1 };
    const drawn = Object.values(randomTextWeights(small, 1)).reduce((sum, { data }) => sum + data.length, 0);
    const [word, block] = [512, 3_152_384];
    expect(drawn + 11 * block + 49_407 * word).toBe(63_428_096);
  });
});

describe("dino.txt's head", () => {
  it("agrees with PyTorch", async () => {
    const { "image.tokens": tokens, "image.embedding": embedding } = await read("dinotxt.expected");
    const [batch, count, width] = tokens.shape;
    const shape = { width, depth: 2, heads: 2, hidden: 64 };
    const model = buildDinotxtHead(shape, await readWeights(fixture("dinotxt")), { batch, count, prefix: 3 });
    const found = await run(model, { tokens });
    expect(relativeError(found, embedding.data as Float32Array)).toBeLessThan(1e-5);
  });
});
