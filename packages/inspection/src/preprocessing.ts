/** What other software writes beside a model about its input, as a card says it. Pure. */

import { type Preprocessing, preprocessingSchema } from "@optogram/images";
import { z } from "zod";

const side = z.int().min(1).max(4096);
const sides = z.union([
  side,
  z.looseObject({ shortest_edge: side }),
  z.looseObject({ height: side, width: side }),
]);
const triple = z.tuple([z.number(), z.number(), z.number()]);

/** `preprocessor_config.json` of Hugging Face's transformers. */
const transformers = z.looseObject({
  size: sides.optional(),
  crop_size: sides.optional(),
  do_center_crop: z.boolean().optional(),
  do_resize: z.boolean().optional(),
  do_rescale: z.boolean().optional(),
  do_normalize: z.boolean().optional(),
  image_mean: triple.optional(),
  image_std: triple.optional(),
  /** Pillow's numbers. */
  resample: z.int().optional(),
});

/** `config.json` of timm. */
const timm = z.looseObject({
  pretrained_cfg: z.looseObject({
    input_size: z.tuple([z.literal(3), side, side]),
    interpolation: z.string().optional(),
    crop_pct: z.number().optional(),
    crop_mode: z.string().optional(),
    mean: triple,
    std: triple,
  }),
});

/** ImageNet's, which most encoders of images alone take. */
export const imagenet = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
} as const;

/** undefined where `json` is neither of the two, or says what cannot be done here. */
export function preprocessingFrom(json: unknown): Preprocessing | undefined {
  const theirs = timm.safeParse(json);
  const stated = theirs.success ? fromTimm(theirs.data) : fromTransformers(json);
  const result = preprocessingSchema.safeParse(stated);
  return result.success ? result.data : undefined;
}

function fromTimm({ pretrained_cfg: cfg }: z.infer<typeof timm>): z.input<typeof preprocessingSchema> {
  const [, height, width] = cfg.input_size;
  return {
    size: [height, width],
    resize: cfg.crop_mode === "squash" ? "squash" : "cover",
    cropFraction: cfg.crop_pct ?? 1,
    interpolation: cfg.interpolation === "bilinear" ? "bilinear" : "bicubic",
    mean: cfg.mean,
    std: cfg.std,
  };
}

function fromTransformers(json: unknown): z.input<typeof preprocessingSchema> | undefined {
  const result = transformers.safeParse(json);
  if (!result.success) return undefined;
  const { size, crop_size, do_center_crop, do_rescale, do_normalize, image_mean, image_std, resample } =
    result.data;
  const cropped = do_center_crop !== false && crop_size !== undefined ? squareOf(crop_size) : undefined;
  const resized = size === undefined ? undefined : squareOf(size);
  const input = cropped ?? resized;
  if (input === undefined) return undefined;
  const covers =
    cropped !== undefined ||
    (typeof size === "object" && "shortest_edge" in size) ||
    typeof size === "number";
  const fraction = cropped && resized ? cropped[0] / resized[0] : 1;
  return {
    size: [input[0], input[1]],
    resize: covers ? "cover" : "squash",
    cropFraction: Math.min(1, fraction),
    interpolation: resample === 2 ? "bilinear" : "bicubic",
    mean: do_normalize === false ? [0, 0, 0] : (image_mean ?? [...imagenet.mean]),
    std: do_normalize === false ? [1, 1, 1] : (image_std ?? [...imagenet.std]),
    scale: do_rescale === false ? 1 : "1/255",
  };
}

function squareOf(size: z.infer<typeof sides>): [number, number] {
  if (typeof size === "number") return [size, size];
  return "shortest_edge" in size
    ? [size.shortest_edge as number, size.shortest_edge as number]
    : [size.height as number, size.width as number];
}
