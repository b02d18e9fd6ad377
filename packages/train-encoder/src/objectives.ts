/** The objectives that an encoder can be trained for. */

import { infonceLoss } from "./infonce.ts";
import type { ObjectiveEntry } from "./objective.ts";
import { contrastive } from "./objectives/contrastive.ts";
import { distillation } from "./objectives/distillation.ts";
import { maskedAutoencoding } from "./objectives/masked-autoencoding.ts";
import { mixed } from "./objectives/mixed.ts";
import { segmentation } from "./objectives/segmentation.ts";
import { selfDistillation } from "./objectives/self-distillation.ts";
import { supervised } from "./objectives/supervised.ts";
import { textAlignment } from "./objectives/text-alignment.ts";
import { sigmoidLoss } from "./sigmoid.ts";

export const objectives = {
  sigmoid: {
    name: "tiny-siglip",
    convNetName: "tiny-convnext-siglip",
    objective: "pairwise sigmoid contrast of images and captions",
    data: "scenes and their captions",
    reference: "Zhai et al. 2023, Sigmoid Loss for Language Image Pre-Training",
    of: contrastive(sigmoidLoss),
  },
  infonce: {
    name: "tiny-clip",
    convNetName: "tiny-convnext-clip",
    objective: "symmetric softmax contrast of images and captions (InfoNCE)",
    data: "scenes and their captions",
    reference: "Radford et al. 2021, Learning Transferable Visual Models From Natural Language Supervision",
    of: contrastive(infonceLoss),
  },
  supervised: {
    name: "tiny-supervised",
    convNetName: "tiny-convnext",
    objective: "supervised classification of the kinds shown",
    data: "scenes and the kinds they show",
    of: supervised,
  },
  segmentation: {
    name: "tiny-sam",
    convNetName: "tiny-convnext-sam",
    objective: "supervised segmentation into kinds and background, patch by patch",
    data: "scenes and their masks",
    reference: "Strudel et al. 2021, Segmenter: Transformer for Semantic Segmentation",
    of: segmentation,
  },
  "masked-autoencoding": {
    name: "tiny-mae",
    objective: "masked autoencoding, 75 % of patches hidden",
    data: "scenes alone",
    reference: "He et al. 2022, Masked Autoencoders Are Scalable Vision Learners",
    of: maskedAutoencoding,
  },
  "self-distillation": {
    name: "tiny-dino",
    objective: "self-distillation between crops and of hidden patches (DINO and iBOT)",
    data: "scenes alone",
    reference: "Zhou et al. 2022, iBOT: Image BERT Pre-Training with Online Tokenizer",
    of: selfDistillation,
  },
  distillation: {
    name: "tiny-vit-dino",
    convNetName: "tiny-convnext-dino",
    objective: "distillation of a frozen encoder's embedding and tokens",
    data: "scenes alone",
    reference: "Siméoni et al. 2025, DINOv3 (of its ConvNeXts; there by prototypes, here by cosines)",
    of: distillation,
  },
  mixed: {
    name: "tiny-siglip2",
    objective: "pairwise sigmoid contrast, captioning, self-distillation and masked prediction",
    data: "scenes and their captions",
    reference: "Tschannen et al. 2025, SigLIP 2: Multilingual Vision-Language Encoders",
    of: mixed,
  },
  "text-alignment": {
    name: "tiny-dinotxt",
    objective: "symmetric softmax contrast of captions and a frozen backbone under a small head",
    data: "scenes and their captions",
    reference: "Jose et al. 2024, DINOv2 Meets Text",
    of: textAlignment,
  },
} as const satisfies Readonly<Record<string, ObjectiveEntry>>;

export type ObjectiveName = keyof typeof objectives;

export const objectiveNames = Object.keys(objectives) as [ObjectiveName, ...ObjectiveName[]];
