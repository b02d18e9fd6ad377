/** The first pass: components over all tokens of all images, and how activations are distributed. */

import { UserError } from "@optogram/cli";
import { type Principal, principalComponents } from "@optogram/statistics";
import { Activations, type Distribution, weightsOf } from "./activations.ts";
import { openScatter } from "./scatter.ts";
import { checkFinite, eachLook, type LayerShape, type Phases, type Study } from "./study.ts";
import { isAtBorder, subjectSide } from "./subject.ts";

/** Components that are kept of a layer, where it is as wide. */
export const rank = 16;

export interface LayerSummary {
  readonly tokens: number;
  /** The first `rank` components, the first with the subject on its positive side. */
  readonly principal: Principal;
  /** Whether the first component was turned round for that. */
  readonly turned: boolean;
  /** Of all channels. */
  readonly whole: Distribution;
  /** Of the layer's single channels. */
  readonly channels: readonly Distribution[];
}

export async function sumUp(study: Study, phases: Phases): Promise<LayerSummary[]> {
  const sums = await Promise.all(study.layers.map((layer) => openSum(layer, study)));
  const phase = phases("sum up feature maps", study.positions.length);
  try {
    const seen = await eachLook(study, phase, async (look) => {
      checkFinite(look, study);
      const weights = weightsOf(study.seed, look.position);
      for (const [i, sum] of sums.entries()) await sum.add(look.tokens[i], weights);
    });
    if (seen < 2)
      throw new UserError(`${seen} images are too few to compare`, { advice: "name a larger set of images" });
    const found = await Promise.all(sums.map((sum) => sum.summary()));
    phase.done(`${seen} images`);
    return found;
  } finally {
    await Promise.all(sums.map((sum) => sum.close()));
  }
}

async function openSum({ width, grid, channels }: LayerShape, { device }: Study) {
  const scatter = await openScatter(width, device);
  const whole = new Activations();
  const singles = channels.map(() => new Activations());
  const border = new Float64Array(width);
  let atBorder = 0;
  return {
    async add(tokens: Float32Array, weights: Uint8Array): Promise<void> {
      await scatter.add(tokens);
      whole.add(tokens, weights);
      const count = tokens.length / width;
      for (const [i, channel] of channels.entries()) {
        const values = Float32Array.from({ length: count }, (_, token) => tokens[token * width + channel]);
        singles[i].add(values, weights);
      }
      for (let token = 0; token < count; token++) {
        if (!isAtBorder(token, grid)) continue;
        atBorder++;
        for (let j = 0; j < width; j++) border[j] += tokens[token * width + j];
      }
    },
    async summary(): Promise<LayerSummary> {
      const sums = await scatter.scatter();
      const found = principalComponents(sums, Math.min(rank, width));
      const mean = border.map((sum) => sum / atBorder);
      return {
        ...{ tokens: sums.n, ...subjectSide(found, mean) },
        whole: whole.distribution(),
        channels: singles.map((one) => one.distribution()),
      };
    },
    close: () => scatter.close(),
  };
}
