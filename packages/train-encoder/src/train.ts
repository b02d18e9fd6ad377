/** Contrastive training on scenes, from settings to weights. */

import type { Device, Tensor } from "@optogram/onnx";
import { captionWords } from "@optogram/scenes";
import { seededRandom } from "@optogram/statistics";
import { type CheckpointStore, cosine, type FitReport, fit, History, warmUp } from "@optogram/training";
import { type ContrastiveShape, contrastiveStep } from "./contrastive.ts";
import { drawScenes, matchesOf, scenesOf, textCount, textsOf } from "./samples.ts";
import { presenceOf, tokenize } from "./text.ts";

export interface ContrastiveSettings {
  readonly size: number;
  readonly patch: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  readonly embedding: number;
  readonly samples: number;
  readonly batch: number;
  readonly rate: number;
  readonly weightDecay: number;
  readonly seed: number;
}

/** Words a caption may have; longer ones are cut (the longest of 20,000 has 26). */
const context = 26;

export function contrastiveShape(settings: ContrastiveSettings): ContrastiveShape {
  const { size, patch, width, depth, heads, embedding } = settings;
  return {
    vision: { size, patch, width, depth, heads, expansion: 4 },
    text: { width: 128, depth: 2, heads: 4, expansion: 4, context, vocabulary: captionWords },
    embedding,
  };
}

export interface ContrastiveRun {
  readonly checkpoint?: { readonly store: CheckpointStore; readonly every: number };
  readonly signal?: AbortSignal;
  readonly device?: Device;
  readonly report: (report: FitReport) => void;
}

export interface TrainedWeights {
  readonly initial: Readonly<Record<string, Tensor>>;
  readonly final: Readonly<Record<string, Tensor>>;
  readonly history: History;
}

/** Every sample is a scene that was not seen before; scene i of the run is scene i of the seed. */
export async function trainContrastive(
  settings: ContrastiveSettings,
  run: ContrastiveRun,
): Promise<TrainedWeights> {
  const { batch, rate, seed, size, weightDecay } = settings;
  const shape = contrastiveShape(settings);
  const steps = Math.ceil(settings.samples / batch);
  const random = seededRandom(seed);
  const training = await contrastiveStep({
    shape,
    batch,
    texts: textCount(batch),
    weightDecay,
    random: () => random.normal(),
    ...(run.device && { device: run.device }),
  });
  try {
    const initial = training.state();
    const history = new History();
    const reports = fit(training, {
      steps,
      schedule: warmUp(Math.min(200, steps / 10), cosine(rate, steps)),
      batch: async (step) => {
        const { scenes, images } = await drawScenes(scenesOf(seed, step * batch, batch), size);
        const tokens = tokenize(textsOf(scenes), shape.text);
        return { images, tokens, present: presenceOf(tokens), matches: matchesOf(scenes) };
      },
      state: history,
      ...(run.checkpoint && { checkpoint: run.checkpoint }),
      ...(run.signal && { signal: run.signal }),
    });
    for await (const report of reports) {
      history.record(report);
      run.report(report);
    }
    return { initial, final: training.state(), history };
  } finally {
    await training.close();
  }
}
