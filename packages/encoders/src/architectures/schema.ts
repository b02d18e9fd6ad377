/** What it takes to build an encoder's network: a family and its sizes, as data. */

import { z } from "zod";

const count = z.int().min(1);

const shared = {
  patch: count.default(16).describe("Pixels along a patch's side."),
  size: count
    .default(224)
    .describe(
      "Pixels along the side of the square images that stored positions are for; others are resampled.",
    ),
  width: count.default(768).describe("Length of a token."),
  depth: count.default(12).describe("Number of blocks."),
  heads: count.default(12).describe("Attention heads a block."),
  expansion: z
    .number()
    .positive()
    .default(4)
    .describe("Length of a hidden layer over that of a token, rounded down."),
  epsilon: z.number().positive().default(1e-6).describe("Added to variances by LayerNorm."),
};

const vitSchema = z.strictObject({
  family: z.literal("vit").describe("Vision transformer with learned positions."),
  ...shared,
  classToken: z.boolean().default(true),
  registers: z.int().min(0).default(0).describe("Learned tokens between class token and patches."),
  positions: z
    .enum(["all", "patches"])
    .default("all")
    .describe("Which tokens have a position embedding: the patches alone, or those before them too."),
  activation: z.enum(["gelu", "quick-gelu"]).default("gelu").describe("quick-gelu: x σ(1.702 x)."),
  preNorm: z
    .boolean()
    .default(false)
    .describe("LayerNorm before the first block, and no bias of patches (CLIP)."),
  finalNorm: z.boolean().default(true).describe("LayerNorm after the last block."),
  layerScale: z.boolean().default(false).describe("Each block's two branches scaled by channel."),
  pool: z
    .enum(["token", "mean", "attention"])
    .default("token")
    .describe("token: the class token. mean: of the patches. attention: of a learned query (SigLIP)."),
});

const rotarySchema = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("eva"),
      grid: count.default(16).describe("Patches along a side in pretraining, to which places are scaled."),
      temperature: z.number().positive().default(10_000),
    }),
    z.strictObject({
      kind: z.literal("dinov3"),
      temperature: z.number().positive().default(100),
    }),
  ])
  .describe(
    "eva: neighbouring channels are turned, by place in the grid. dinov3: halves, by place from -1 to 1.",
  );

const evaSchema = z.strictObject({
  family: z.literal("eva").describe("Vision transformer with rotary positions: EVA-02, DINOv3."),
  ...shared,
  registers: z.int().min(0).default(0).describe("Learned tokens between class token and patches."),
  positions: z.boolean().default(false).describe("Learned positions of all tokens besides the rotary ones."),
  rotary: rotarySchema,
  projections: z
    .enum(["joint", "separate"])
    .default("joint")
    .describe(
      "joint: query, key and value from one matrix without bias. separate: from three, query and value with bias.",
    ),
  gated: z.boolean().default(false).describe("SwiGLU in the hidden layer."),
  align: count.default(1).describe("The hidden layer's length is rounded up to a multiple of this."),
  subNorm: z.boolean().default(false).describe("LayerNorm of what attention mixed and of the hidden layer."),
  layerScale: z.boolean().default(false).describe("Each block's two branches scaled by channel."),
  pool: z
    .enum(["token", "mean"])
    .default("mean")
    .describe("token: the class token. mean: of the patches (timm's DINOv3; its authors use the token)."),
});

const samSchema = z.strictObject({
  family: z.literal("sam").describe("Segment Anything's vision transformer: windows, relative positions."),
  ...shared,
  size: shared.size.default(1024),
  window: count.default(14).describe("Patches along the side of an attention window."),
  globalBlocks: z
    .array(z.int().min(0))
    .default([2, 5, 8, 11])
    .describe("Blocks in which every patch sees every other."),
  neck: count.default(256).describe("Channels of the map after the neck."),
});

const convnextSchema = z.strictObject({
  family: z.literal("convnext"),
  patch: count.default(4).describe("Pixels along a patch's side in the stem."),
  size: count.default(224).describe("Pixels along the side of the images it was trained on."),
  depths: z.array(count).min(1).default([3, 3, 9, 3]).describe("Blocks a stage."),
  widths: z.array(count).min(1).default([96, 192, 384, 768]).describe("Channels a stage."),
  kernel: count.default(7).describe("Places along the side of a depthwise kernel."),
  expansion: shared.expansion,
  epsilon: shared.epsilon,
});

const divides = ({ width, heads, ...rest }: { width: number; heads: number; rotary?: unknown }) =>
  width % (rest.rotary ? 4 * heads : heads) === 0;
const uneven = "heads must divide width (with rotary positions, four times the heads)";

export const architectureSchema = z.discriminatedUnion("family", [
  vitSchema
    .refine(divides, uneven)
    .refine(({ pool, classToken }) => pool !== "token" || classToken, "pool token needs a class token"),
  evaSchema.refine(divides, uneven),
  samSchema.refine(divides, uneven),
  convnextSchema
    .refine(({ depths, widths }) => depths.length === widths.length, "depths and widths are one a stage")
    .refine(({ kernel }) => kernel % 2 === 1, "kernel must be odd"),
]);

export type Architecture = z.infer<typeof architectureSchema>;
export type Family<F extends Architecture["family"]> = Extract<Architecture, { family: F }>;
export type Rotary = z.infer<typeof rotarySchema>;
