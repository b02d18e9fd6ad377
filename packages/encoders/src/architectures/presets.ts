/**
 * Published encoders by the names that timm gives their networks (version 1.0.29), so that the weights of
 * `timm/NAME.*` on the Hugging Face hub fit.
 */

import type { z } from "zod";
import { type Architecture, architectureSchema } from "./schema.ts";

type Fields<F extends Architecture["family"]> = Omit<
  Extract<z.input<typeof architectureSchema>, { family: F }>,
  "family"
>;

const vit = (fields: Fields<"vit">) => architectureSchema.parse({ family: "vit", ...fields });
const eva = (fields: Fields<"eva">) => architectureSchema.parse({ family: "eva", ...fields });
const convnext = (fields: Fields<"convnext">) => architectureSchema.parse({ family: "convnext", ...fields });

const small = { width: 384, depth: 12, heads: 6 };
const base = { width: 768, depth: 12, heads: 12 };
const large = { width: 1024, depth: 24, heads: 16 };

const clip = { preNorm: true, epsilon: 1e-5 };
const siglip = { classToken: false, pool: "attention" } as const;
const dinov2 = { patch: 14, size: 518, layerScale: true };
const registers = { registers: 4, positions: "patches" } as const;
const dinov3: Fields<"eva"> = {
  size: 256,
  rotary: { kind: "dinov3" },
  registers: 4,
  layerScale: true,
  epsilon: 1e-5,
};

export const presets: Readonly<Record<string, Architecture>> = {
  vit_small_patch16_dinov3: eva({ ...dinov3, ...small }),
  vit_small_plus_patch16_dinov3: eva({ ...dinov3, ...small, gated: true, align: 8 }),
  vit_base_patch16_dinov3: eva({ ...dinov3, ...base }),
  vit_large_patch16_dinov3: eva({ ...dinov3, ...large }),

  convnext_tiny: convnext({}),
  convnext_small: convnext({ depths: [3, 3, 27, 3] }),
  convnext_base: convnext({ depths: [3, 3, 27, 3], widths: [128, 256, 512, 1024] }),
  convnext_large: convnext({ depths: [3, 3, 27, 3], widths: [192, 384, 768, 1536] }),

  vit_small_patch14_dinov2: vit({ ...dinov2, ...small }),
  vit_small_patch14_reg4_dinov2: vit({ ...dinov2, ...small, ...registers }),
  vit_base_patch14_dinov2: vit({ ...dinov2, ...base }),
  vit_base_patch14_reg4_dinov2: vit({ ...dinov2, ...base, ...registers }),

  vit_base_patch16_clip_224: vit({ ...base, ...clip }),
  vit_base_patch16_clip_quickgelu_224: vit({ ...base, ...clip, activation: "quick-gelu" }),
  eva02_base_patch16_clip_224: eva({
    ...base,
    positions: true,
    rotary: { kind: "eva" },
    projections: "separate",
    gated: true,
    expansion: 8 / 3,
    subNorm: true,
    pool: "token",
  }),

  vit_base_patch16_siglip_224: vit({ ...base, ...siglip }),
  vit_base_patch16_siglip_256: vit({ ...base, ...siglip, size: 256 }),
  vit_base_patch16_siglip_384: vit({ ...base, ...siglip, size: 384 }),
  vit_base_patch16_siglip_512: vit({ ...base, ...siglip, size: 512 }),
  vit_so400m_patch14_siglip_224: vit({
    ...siglip,
    patch: 14,
    width: 1152,
    depth: 27,
    heads: 16,
    expansion: 3.7362,
  }),

  samvit_base_patch16: architectureSchema.parse({ family: "sam", ...base }),
  vit_base_patch16_224: vit(base),
  vit_intern300m_patch14_448: vit({ ...large, patch: 14, size: 448, layerScale: true, finalNorm: false }),
};
