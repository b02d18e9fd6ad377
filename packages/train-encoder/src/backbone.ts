/**
 * A frozen backbone under a small head, as a tower. After dino.txt (Jose et al. 2024, arXiv 2412.16334): two blocks over
 * class token and patches, then the class token beside the mean of the patches. The tiny encoders have no class token, so
 * one is learned; the head's blocks begin with small weights instead of layer scales.
 */

import type { EncoderParts } from "@optogram/encoders";
import { norm, transformer } from "@optogram/networks";
import { add, concat, mul, reduceMean, slice, squeeze } from "@optogram/onnx";
import { openTeacher } from "./teacher.ts";
import type { Tower } from "./tower.ts";

const depth = 2;

/** Channels of a head of attention, as far as they divide the width. */
const headWidth = 32;

/**
 * For batches of one size. `pooled` is [b, 2 · width], `tokens` the patches after the head.
 * @throws EncoderError where the backbone has no tokens, or a grid that is no square
 */
export async function backboneTower(backbone: EncoderParts, size: number, batch: number): Promise<Tower> {
  const { card } = backbone;
  const frozen = await openTeacher(backbone, batch);
  const { width } = frozen;
  const [rows, columns] = frozen.grid;
  const heads = width % headWidth === 0 ? width / headWidth : 1;
  return {
    title: `head of ${depth} blocks (width ${width}) on the frozen ${card.name}`,
    reference: "Jose et al. 2024, DINOv2 Meets Text",
    size,
    width,
    side: rows,
    layout: "tokens",
    layers: {},
    ...(card.parameters !== undefined && { frozen: card.parameters }),
    see(w, images) {
      const { tokens } = frozen.see(images);
      // Times zero and not expanded: no number in the graph stands for the batch.
      const room = mul(slice(tokens, 1, 0, 1), 0);
      const start = concat([add(room, w.table("vision.class", [1, 1, width])), tokens], 1);
      const blocks = transformer(w, "vision.text", start, { width, depth, heads, expansion: 4 });
      const final = norm(w, "vision.text.norm", blocks[depth - 1]);
      const patches = slice(final, 1, 1, 1 + rows * columns);
      const pooled = concat([squeeze(slice(final, 1, 0, 1), [1]), reduceMean(patches, { axes: [1] })], 1);
      return { pooled, tokens: patches, layers: {} };
    },
  };
}
