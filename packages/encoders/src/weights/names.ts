/** Checkpoints as their authors publish them, in timm's names. */

import { float32, type Tensor } from "@optogram/onnx";
import type { Weights } from "../architectures/parameters.ts";
import { EncoderError } from "../error.ts";

interface Naming {
  /** A tensor that only this naming has. */
  readonly sign: string;
  readonly renames: readonly (readonly [RegExp, string])[];
  /** What else is different, on timm's names. */
  readonly mend?: (weights: Record<string, Tensor>) => void;
}

const namings: readonly Naming[] = [
  // DINOv3's vision transformers.
  {
    sign: "storage_tokens",
    renames: [
      [/^storage_tokens$/, "reg_token"],
      [/\.ls([12])\.gamma$/, ".gamma_$1"],
      [/\.mlp\.w1\./, ".mlp.fc1_g."],
      [/\.mlp\.w2\./, ".mlp.fc1_x."],
      [/\.mlp\.w3\./, ".mlp.fc2."],
    ],
    mend: requireNoBias,
  },
  // DINOv2 with registers.
  { sign: "register_tokens", renames: [[/^register_tokens$/, "reg_token"]], mend: moveClassPosition },
  // Segment Anything.
  {
    sign: "image_encoder.patch_embed.proj.weight",
    renames: [
      [/^image_encoder\./, ""],
      [/\.mlp\.lin([12])\./, ".mlp.fc$1."],
    ],
  },
  // ConvNeXt, DINOv3's included.
  {
    sign: "downsample_layers.0.0.weight",
    renames: [
      [/^downsample_layers\.0\./, "stem."],
      [/^downsample_layers\.(\d+)\./, "stages.$1.downsample."],
      [/^stages\.(\d+)\.(\d+)\./, "stages.$1.blocks.$2."],
      [/\.dwconv\./, ".conv_dw."],
      [/\.pwconv([12])\./, ".mlp.fc$1."],
      [/^norm\./, "head.norm."],
    ],
  },
];

/** The weights under timm's names where they are recognised by another naming's, or as they are. */
export function timmNames(weights: Weights): Weights {
  const naming = namings.find(({ sign }) => Object.hasOwn(weights, sign));
  if (!naming) return weights;
  const renamed: Record<string, Tensor> = Object.create(null);
  for (const [name, tensor] of Object.entries(weights))
    renamed[naming.renames.reduce((text, [from, to]) => text.replace(from, to), name)] = tensor;
  naming.mend?.(renamed);
  return renamed;
}

/** The published DINOv3 models have biases, those of keys masked and all others zero: timm leaves them out. */
function requireNoBias(weights: Record<string, Tensor>): void {
  for (const [name, { data, shape }] of Object.entries(weights)) {
    if (!name.endsWith(".attn.qkv.bias")) continue;
    const width = shape[0] / 3;
    const isKey = (i: number) => i >= width && i < 2 * width;
    if ((data as Float32Array).some((value, i) => value !== 0 && !isKey(i)))
      throw new EncoderError(
        `the weights have ${name} other than zero, for which the architecture has no place`,
      );
  }
}

/** timm adds the class token's position to the class token, so that patches alone have positions. */
function moveClassPosition(weights: Record<string, Tensor>): void {
  const { cls_token: token, pos_embed: positions } = weights;
  if (!token || !positions) return;
  const [, n, d] = positions.shape;
  const all = positions.data as Float32Array;
  weights.cls_token = float32(
    (token.data as Float32Array).map((value, i) => value + all[i]),
    token.shape,
  );
  weights.pos_embed = float32(all.subarray(d), [1, n - 1, d]);
}
