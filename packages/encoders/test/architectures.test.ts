import {
  type Architecture,
  architectureSchema,
  attentionBytes,
  buildArchitecture,
  layoutOf,
  nearestSize,
  type Parameters,
  presets,
  randomWeights,
  traceArchitecture,
  type Weights,
} from "@optogram/encoders";
import { float32, GraphBuilder, openSession, sizeOf, type Tensor } from "@optogram/onnx";
import { describe, expect, test } from "vitest";
import {
  asMap,
  distance,
  goldenNames,
  readGolden,
  readToy,
  sizeOfInput,
  slopesOf,
  type Toy,
  toyNames,
  under,
} from "./networks.ts";

async function run(toy: Toy, images: Tensor, outputs: readonly string[], weights: Weights = toy.weights) {
  const [batch] = images.shape;
  const model = buildArchitecture(toy.architecture, weights, { batch, size: sizeOfInput(images), outputs });
  const session = await openSession(model, { threads: 1 });
  const results = await session.run({ images });
  await session.close();
  return results;
}

/** The largest relative distance from timm's numbers over tokens, embedding and every layer. */
async function largestDistance(toy: Toy): Promise<number> {
  const { input, tokens, embedding } = toy.expected;
  const layout = layoutOf(toy.architecture, sizeOfInput(input));
  const results = await run(toy, input, ["tokens", "embedding", ...layout.layers]);
  const layers = layout.layers.map((name, i) =>
    distance(asMap(results[name], layout), toy.expected[`layer.${i}`]),
  );
  return Math.max(distance(results.tokens, tokens), distance(results.embedding, embedding), ...layers);
}

async function largestSlopeDistance(toy: Toy): Promise<number> {
  const slopes = await slopesOf(toy);
  const expected = Object.entries(toy.expected).filter(([name]) => name.startsWith("grad."));
  expect(expected.length).toBeGreaterThan(20);
  return Math.max(...expected.map(([name, slope]) => distance(slopes[name], slope)));
}

describe("timm's numbers on toy networks", () => {
  for (const name of toyNames) {
    test(`${name}: tokens, embedding and every layer`, async () => {
      expect(await largestDistance(await readToy(name))).toBeLessThan(1e-5);
    });

    test(`${name}: another input size, its positions resampled`, async () => {
      const toy = await readToy(name);
      const other = under(toy.expected, "other.");
      const results = await run(toy, other.input, ["tokens", "embedding"]);
      expect(distance(results.tokens, other.tokens)).toBeLessThan(1e-5);
      expect(distance(results.embedding, other.embedding)).toBeLessThan(1e-5);
    });

    test(`${name}: gradients for the images and every weight`, async () => {
      expect(await largestSlopeDistance(await readToy(name))).toBeLessThan(1e-4);
    });
  }
});

describe.skipIf(goldenNames.length === 0)("the goldens in OPTOGRAM_GOLDENS", () => {
  for (const name of goldenNames)
    test(name, async () => {
      const toy = await readGolden(name);
      const [forward, backward] = [
        await largestDistance(toy),
        toy.expected.cotangent ? await largestSlopeDistance(toy) : undefined,
      ];
      console.log(
        `${name}: ${forward.toExponential(1)}, gradients ${backward?.toExponential(1) ?? "not given"}`,
      );
      expect(forward).toBeLessThan(1e-4);
      expect(backward ?? 0).toBeLessThan(1e-4);
    });
});

describe("laws", () => {
  for (const name of [
    "vit_base_patch16_siglip_224",
    "vit_small_plus_patch16_dinov3",
    "samvit_base_patch16",
    "convnext_tiny",
  ])
    test(`${name}: an image's outputs do not depend on its batch, and have the layout's shapes`, async () => {
      const toy = await readToy(name);
      const { input } = toy.expected;
      const { shapes } = layoutOf(toy.architecture, sizeOfInput(input));
      const names = Object.keys(shapes).filter((output) => !output.startsWith("attention"));
      const both = await run(toy, input, names);
      const half = input.data.length / 2;
      const second = float32((input.data as Float32Array).slice(half), [1, ...input.shape.slice(1)]);
      const alone = await run(toy, second, names);
      for (const output of names) {
        expect(alone[output].shape, output).toEqual([1, ...shapes[output]]);
        const rest = (both[output].data as Float32Array).slice(both[output].data.length / 2);
        expect(distance(alone[output], float32(rest)), output).toBeLessThan(1e-5);
      }
    });

  test("every row of an attention map adds up to 1, windows of SAM included", async () => {
    for (const name of ["vit_small_patch16_dinov3", "samvit_base_patch16"]) {
      const toy = await readToy(name);
      const { input } = toy.expected;
      const { shapes } = layoutOf(toy.architecture, sizeOfInput(input));
      const results = await run(toy, input, ["attention.0", "attention.1"]);
      for (const [output, { shape, data }] of Object.entries(results)) {
        expect(shape.slice(1)).toEqual(shapes[output]);
        const n = shape[3];
        for (let row = 0; row < data.length / n; row++) {
          const sum = (data as Float32Array).subarray(row * n, (row + 1) * n).reduce((a, b) => a + b);
          expect(sum).toBeCloseTo(1, 4);
        }
      }
    }
  });

  test("positions of the stored size stay as they are", async () => {
    for (const [name, tables] of [
      ["vit_small_patch14_reg4_dinov2", ["pos_embed"]],
      ["samvit_base_patch16", ["pos_embed", "blocks.1.attn.rel_pos_h", "blocks.1.attn.rel_pos_w"]],
    ] as const) {
      const { architecture, weights, expected } = await readToy(name);
      const options = { batch: 1, size: sizeOfInput(expected.input) };
      const { initializers } = buildArchitecture(architecture, weights, options).graph;
      for (const table of tables) expect(initializers.get(table), table).toBe(weights[table]);
    }
  });

  test("what is not asked for is not in the model", async () => {
    const { architecture, weights } = await readToy("vit_base_patch16_siglip_224");
    const { graph } = buildArchitecture(architecture, weights, {
      batch: 1,
      size: [32, 32],
      outputs: ["block.0"],
    });
    expect(graph.outputs.map(({ name }) => name)).toEqual(["block.0"]);
    expect([...graph.initializers.keys()].filter((name) => /blocks\.1|^norm|attn_pool/.test(name))).toEqual(
      [],
    );
    expect(graph.initializers.has("blocks.0.attn.qkv.weight")).toBe(true);
  });
});

describe("weights", () => {
  test("random ones have timm's names and shapes, and the same seed gives the same", async () => {
    for (const name of toyNames) {
      const { architecture, weights } = await readToy(name);
      const drawn = randomWeights(architecture, 3);
      const shapes = (tensors: Weights) =>
        Object.fromEntries(Object.entries(tensors).map(([key, { shape }]) => [key, shape]));
      expect(shapes(drawn), name).toEqual(shapes(weights));
      expect(randomWeights(architecture, 3)).toEqual(drawn);
      const kernel = "patch_embed.proj.weight" in drawn ? "patch_embed.proj.weight" : "stem.0.weight";
      expect(randomWeights(architecture, 4)[kernel]).not.toEqual(drawn[kernel]);
    }
  });

  test("a prefix of the checkpoint's names is taken off", async () => {
    const toy = await readToy("vit_base_patch16_siglip_224");
    const prefixed = Object.fromEntries(
      Object.entries(toy.weights).map(([name, tensor]) => [`visual.trunk.${name}`, tensor]),
    );
    const size = [32, 32] as const;
    const model = buildArchitecture(toy.architecture, prefixed, { batch: 1, size, prefix: "visual.trunk." });
    expect(model.graph.initializers.get("norm.weight")).toBe(toy.weights["norm.weight"]);
  });

  /** From timm's names to the authors'. */
  const authors: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
    vit_small_plus_patch16_dinov3: [
      [/^reg_token$/, "storage_tokens"],
      [/gamma_(\d)$/, "ls$1.gamma"],
      [/fc1_g/, "w1"],
      [/fc1_x/, "w2"],
      [/mlp\.fc2/, "mlp.w3"],
    ],
    samvit_base_patch16: [
      [/^/, "image_encoder."],
      [/mlp\.fc/, "mlp.lin"],
    ],
    convnext_tiny: [
      [/^stem/, "downsample_layers.0"],
      [/^stages\.(\d)\.downsample/, "downsample_layers.$1"],
      [/\.blocks/, ""],
      [/conv_dw/, "dwconv"],
      [/mlp\.fc/, "pwconv"],
      [/^head\.norm/, "norm"],
    ],
  };
  for (const [name, renames] of Object.entries(authors))
    test(`${name}: the names of its authors are understood`, async () => {
      const toy = await readToy(name);
      const renamed = Object.fromEntries(
        Object.entries(toy.weights).map(([key, tensor]) => [
          renames.reduce((text, [from, to]) => text.replace(from, to), key),
          tensor,
        ]),
      );
      expect(Object.keys(renamed)).not.toEqual(Object.keys(toy.weights));
      const { embedding } = await run(toy, toy.expected.input, ["embedding"], renamed);
      expect(distance(embedding, toy.expected.embedding)).toBeLessThan(1e-5);
    });

  test("DINOv2 with registers: its authors' class token has a position", async () => {
    const toy = await readToy("vit_small_patch14_reg4_dinov2");
    const { reg_token, pos_embed, cls_token, ...rest } = toy.weights;
    const place = Float32Array.from({ length: 16 }, (_, i) => (i - 8) / 4);
    const positions = float32([...place, ...(pos_embed.data as Float32Array)], [1, 17, 16]);
    const token = (cls_token.data as Float32Array).map((value, i) => value - place[i]);
    const theirs = {
      ...rest,
      register_tokens: reg_token,
      pos_embed: positions,
      cls_token: float32(token, [1, 1, 16]),
    };
    const { tokens } = await run(toy, toy.expected.input, ["tokens"], theirs);
    expect(distance(tokens, toy.expected.tokens)).toBeLessThan(1e-5);
  });

  test("biases that DINOv3 has no place for are not dropped in silence", async () => {
    const toy = await readToy("vit_small_patch16_dinov3");
    const { reg_token, ...rest } = toy.weights;
    const theirs = (bias: number) => ({
      ...rest,
      storage_tokens: reg_token,
      "blocks.0.attn.qkv.bias": float32(new Float32Array(48).fill(bias)),
      ...Object.fromEntries(
        [0, 1].flatMap((i) =>
          [1, 2].map((j) => [`blocks.${i}.ls${j}.gamma`, rest[`blocks.${i}.gamma_${j}`]]),
        ),
      ),
    });
    const { embedding } = await run(toy, toy.expected.input, ["embedding"], theirs(0));
    expect(distance(embedding, toy.expected.embedding)).toBeLessThan(1e-5);
    await expect(run(toy, toy.expected.input, ["embedding"], theirs(1))).rejects.toThrow(
      /blocks\.0\.attn\.qkv\.bias other than zero/,
    );
  });

  test("what is missing, misshapen or unknown is said in one line", async () => {
    const { architecture, weights } = await readToy("vit_small_patch16_dinov3");
    const options = { batch: 1, size: [32, 32] } as const;
    const { "norm.bias": _, ...less } = weights;
    expect(() => buildArchitecture(architecture, less, options)).toThrow(
      /the weights lack norm\.bias \[16\]/,
    );
    const wrong = { ...weights, "norm.bias": float32([1, 2]) };
    expect(() => buildArchitecture(architecture, wrong, options)).toThrow(/norm\.bias as \[2\]/);
    expect(() => buildArchitecture(architecture, weights, { ...options, outputs: ["stage.0"] })).toThrow(
      /no output stage\.0; it has block\.0/,
    );
    expect(() => buildArchitecture(architecture, weights, { batch: 1, size: [33, 32] })).toThrow(
      /33 × 32 pixels are no multiples of 8: take 32 × 32/,
    );
  });
});

/** How many numbers a network's weights are, without drawing them. */
function parameterCount(architecture: Architecture): number {
  const graph = new GraphBuilder();
  let count = 0;
  const counting: Parameters = {
    graph,
    get: (name, shape) => {
      count += sizeOf(shape);
      return graph.input(name, shape);
    },
  };
  const images = graph.input("images", [1, 3, architecture.size, architecture.size]);
  traceArchitecture(architecture, counting, images);
  return count;
}

describe("the published encoders", () => {
  // timm 1.0.29, heads left out.
  const counts = {
    vit_small_patch16_dinov3: 21_586_944,
    vit_small_plus_patch16_dinov3: 28_683_264,
    vit_base_patch16_dinov3: 85_641_216,
    vit_large_patch16_dinov3: 303_079_424,
    convnext_tiny: 27_820_128,
    convnext_small: 49_454_688,
    convnext_base: 87_566_464,
    convnext_large: 196_230_336,
    vit_small_patch14_dinov2: 22_056_192,
    vit_small_patch14_reg4_dinov2: 22_057_344,
    vit_base_patch14_dinov2: 86_579_712,
    vit_base_patch14_reg4_dinov2: 86_582_016,
    vit_base_patch16_clip_224: 85_799_424,
    vit_base_patch16_clip_quickgelu_224: 85_799_424,
    eva02_base_patch16_clip_224: 85_869_312,
    vit_base_patch16_siglip_224: 92_884_224,
    vit_base_patch16_siglip_256: 92_930_304,
    vit_base_patch16_siglip_384: 93_176_064,
    vit_base_patch16_siglip_512: 93_520_128,
    vit_so400m_patch14_siglip_224: 427_680_704,
    samvit_base_patch16: 89_670_912,
    vit_base_patch16_224: 85_798_656,
    vit_intern300m_patch14_448: 304_012_288,
  };

  test("have as many weights as timm gives them", () => {
    const ours = Object.entries(presets).map(([name, preset]) => [name, parameterCount(preset)]);
    expect(Object.fromEntries(ours)).toEqual(counts);
  });

  test("DINOv3 on a photo: 10,375 patches, after a class token and four registers", () => {
    const dinov3 = presets.vit_small_patch16_dinov3;
    const size = nearestSize(dinov3, [1335, 2000]);
    expect(size).toEqual([1328, 2000]);
    const { grid, prefix, shapes } = layoutOf(dinov3, size);
    expect(grid[0] * grid[1]).toBe(10_375);
    expect(prefix).toBe(5);
    expect(shapes.tokens).toEqual([10_380, 384]);
    expect(attentionBytes(dinov3, size)).toBe(4 * 6 * 10_380 ** 2);
  });

  test("no size becomes nothing", () => {
    expect(nearestSize(presets.convnext_tiny, [3, 500])).toEqual([32, 512]);
  });

  test("ConvNeXt's stages and SAM's neck", () => {
    const { shapes, layers, width } = layoutOf(presets.convnext_tiny, [224, 224]);
    expect(layers.map((name) => shapes[name])).toEqual([
      [96, 56, 56],
      [192, 28, 28],
      [384, 14, 14],
      [768, 7, 7],
    ]);
    expect(width).toBe(768);
    const sam = layoutOf(presets.samvit_base_patch16, [1024, 1024]);
    expect([sam.shapes.tokens, sam.shapes["block.11"], sam.shapes["attention.0"]]).toEqual([
      [256, 64, 64],
      [768, 64, 64],
      [12, 196, 196],
    ]);
  });

  test("an architecture that cannot be is refused", () => {
    expect(() => architectureSchema.parse({ family: "vit", width: 10, heads: 3 })).toThrow(
      /heads must divide/,
    );
    expect(() => architectureSchema.parse({ family: "vit", classToken: false })).toThrow(
      /needs a class token/,
    );
    expect(() => architectureSchema.parse({ family: "vit", windows: 3 })).toThrow(/windows/);
  });
});
