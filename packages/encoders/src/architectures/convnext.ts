/** ConvNeXt (Liu et al. 2022), supervised and distilled from DINOv3. */

import { add, conv, reduceMean, type Value } from "@optogram/onnx";
import { channelNorm, channelsFirst, channelsLast, mlp, norm, scaled } from "./layers.ts";
import type { Parameters } from "./parameters.ts";
import type { Family } from "./schema.ts";
import type { Trace } from "./vit.ts";

export function convnext(p: Parameters, a: Family<"convnext">, images: Value): Trace {
  const trace: Trace = new Map();
  let x = channelNorm(p, "stem.1", shrink(p, "stem.0", images, a.widths[0], a.patch), a.epsilon);
  for (const [stage, width] of a.widths.entries()) {
    const name = `stages.${stage}`;
    if (stage > 0) {
      const even = channelNorm(p, `${name}.downsample.0`, x, a.epsilon);
      x = shrink(p, `${name}.downsample.1`, even, width, 2);
    }
    for (let i = 0; i < a.depths[stage]; i++) x = block(p, `${name}.blocks.${i}`, x, a);
    trace.set(`stage.${stage}`, x);
  }
  const embedding = norm(p, "head.norm", reduceMean(x, { axes: [2, 3] }), a.epsilon);
  return trace.set("tokens", x).set("embedding", embedding);
}

/** Each channel looks around by itself, then the channels of each place are mixed. */
function block(p: Parameters, name: string, x: Value, a: Family<"convnext">): Value {
  const width = x.shape[1];
  const kernel = p.get(`${name}.conv_dw.weight`, [width, 1, a.kernel, a.kernel], "weight");
  const around = conv(x, kernel, p.get(`${name}.conv_dw.bias`, [width], "bias"), {
    padding: (a.kernel - 1) / 2,
    groups: width,
  });
  const places = norm(p, `${name}.norm`, channelsLast(around), a.epsilon);
  const mixed = mlp(p, `${name}.mlp`, places, Math.floor(width * a.expansion));
  return add(x, channelsFirst(scaled(p, mixed, `${name}.gamma`)));
}

/** Patches without overlap become places. */
function shrink(p: Parameters, name: string, x: Value, width: number, patch: number): Value {
  const weight = p.get(`${name}.weight`, [width, x.shape[1], patch, patch], "weight");
  return conv(x, weight, p.get(`${name}.bias`, [width], "bias"), { stride: patch });
}
