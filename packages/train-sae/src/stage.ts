/** The stage train-sae: a table of embeddings in, a dictionary of features and every image's code out. */

import { openCheckpoint, readArtifact, table, writeArtifact } from "@optogram/artifacts";
import type { Stage, StageContext } from "@optogram/cli";
import type { Device, Tensor } from "@optogram/onnx";
import { matchDirections } from "@optogram/statistics";
import { z } from "zod";
import { tensorNames } from "./autoencoder.ts";
import { activeLimit, type CodedCorpus, codeCorpus } from "./code.ts";
import {
  classificationLoss,
  type Judged,
  judgeKinds,
  type KindVerdict,
  kindsOf,
  shownKinds,
} from "./judge.ts";
import { rowsIn } from "./rows.ts";
import { sizeAdvice } from "./size.ts";
import type { Variant } from "./step.ts";
import { type Corpus, codeTable, featureTable, readCorpus, truthTable } from "./tables.ts";
import { type TrainedSae, trainSae } from "./train.ts";

const parameters = z.strictObject({
  latents: z.int().min(2).default(1536).describe("Features of the dictionary."),
  variant: z
    .enum(["relu", "topk"])
    .default("topk")
    .describe("relu: ReLU with an L1 penalty and resampling. topk: the k largest, with an auxiliary loss."),
  l1: z.number().min(0).default(0.02).describe("relu: weight of the mean of the codes' sums."),
  k: z.int().min(1).max(activeLimit).default(32).describe("topk: features active in an image."),
  steps: z.int().min(1).default(2000).describe("Updates."),
  batch: z.int().min(2).default(1024).describe("Embeddings an update."),
  rate: z.number().positive().default(1e-3).describe("Peak learning rate."),
  deadAfter: z
    .number()
    .positive()
    .default(4)
    .describe("Passes over the data in silence after which a feature is dead."),
  seeds: z
    .int()
    .min(1)
    .max(2)
    .default(1)
    .describe("2: train a second dictionary from another seed, to report how stable directions are."),
  seed: z.int().min(0).default(1).describe("Seed of the weights and of the order of images."),
});

type Parameters = z.infer<typeof parameters>;
type Context = StageContext<Parameters>;

const checkpointEvery = 200;
/** A kind counts as found where a feature's held-out AUROC reaches this. */
const found = 0.9;
/** Matched directions count as the same from this cosine on. */
const sameDirection = 0.7;

export const stage: Stage<Parameters> = {
  kind: "train-sae",
  writes: "sae",
  summary: "Train a sparse autoencoder on embeddings: thousands of features, few of them active in an image.",
  scope: "encoder",
  parameters,
  inputs: {
    features: { kind: "features", describe: "the embeddings to train on" },
    heldout: {
      kind: "features",
      describe: "embeddings of other images, to judge features on",
      optional: true,
    },
  },
  packages: ["onnxruntime-node"],
  async run(context) {
    const { parameters: settings, inputs, output, description } = context;
    const corpus = await readCorpus(await readArtifact(inputs.features[0], "features"));
    const advice = sizeAdvice(settings.latents, rowsIn(corpus.rows));
    if (advice) context.progress.note(advice);
    const trained = await train(context, corpus, settings.seed, "train");
    const coded = await code(context, corpus, trained.tensors, "code the images");
    const heldOut = inputs.heldout && (await readCorpus(await readArtifact(inputs.heldout[0], "features")));
    const heldOutCoded = heldOut && (await code(context, heldOut, trained.tensors, "code held-out images"));
    const verdicts = heldOut && heldOutCoded ? judge(corpus, coded, heldOut, heldOutCoded) : [];
    const stability = settings.seeds === 2 ? await compareSeeds(context, corpus, trained.tensors) : undefined;
    await writeArtifact(output, description, async (writer) => {
      await writer.tensors("sae.safetensors", trained.tensors);
      await writer.table("features.parquet", featureTable(coded, rowsIn(corpus.rows)));
      await writer.table("codes.parquet", codeTable(coded, corpus.images));
      await writer.table("history.parquet", table(trained.history.columns()));
      if (verdicts.length > 0) await writer.table("truth.parquet", truthTable(verdicts));
      Object.assign(writer.metrics, coded.metrics, {
        ...(heldOutCoded && { heldOut: heldOutCoded.metrics }),
        ...(stability && { stability }),
        ...(verdicts.length > 0 && kindFigures(verdicts)),
        classification: classificationLoss(corpus.rows, coded.reconstruction, corpus.labels) ?? null,
      });
    });
  },
};

function variantOf({ variant, l1, k, latents }: Parameters): Variant {
  return variant === "relu" ? { kind: "relu", l1 } : { kind: "topk", k: Math.min(k, latents) };
}

async function train(context: Context, corpus: Corpus, seed: number, name: string): Promise<TrainedSae> {
  const { parameters: settings, scratch, description, progress, signal, device } = context;
  const store = openCheckpoint(scratch, description, `seed-${seed}`);
  const phase = progress.phase(name, settings.steps, (await store.load())?.step ?? 0);
  const trained = await trainSae(
    corpus.rows,
    { ...settings, seed, variant: variantOf(settings) },
    {
      checkpoint: { store, every: checkpointEvery },
      signal,
      device: device as Device,
      report: ({ metrics: { fvu, l0, dead } }) =>
        phase.advance(1, `fvu ${fvu.toFixed(3)}, l0 ${l0.toFixed(1)}, dead ${(100 * dead).toFixed(1)} %`),
    },
  );
  phase.done();
  return trained;
}

async function code(
  { parameters: { variant, k }, device, progress }: Context,
  corpus: Corpus,
  tensors: Readonly<Record<string, Tensor>>,
  name: string,
): Promise<CodedCorpus> {
  const phase = progress.phase(name, rowsIn(corpus.rows));
  const coded = await codeCorpus(corpus.rows, tensors, {
    limit: variant === "topk" ? k : activeLimit,
    device: device as Device,
    advance: (rows) => phase.advance(rows),
  });
  phase.done(`fvu ${coded.metrics.fvu.toFixed(3)}, l0 ${coded.metrics.l0.toFixed(1)}`);
  return coded;
}

/** Verdicts on every kind that both corpora show; none where either does not know what it shows. */
function judge(
  corpus: Corpus,
  coded: CodedCorpus,
  heldOut: Corpus,
  heldOutCoded: CodedCorpus,
): KindVerdict[] {
  if (!corpus.truths || !heldOut.truths) return [];
  const kinds = kindsOf(corpus.truths);
  const judged = ({ rows, truths = [] }: Corpus, { codes }: CodedCorpus): Judged => ({
    codes,
    rows,
    shown: shownKinds(truths, kinds),
  });
  return judgeKinds(judged(corpus, coded), judged(heldOut, heldOutCoded));
}

function kindFigures(verdicts: readonly KindVerdict[]) {
  const share = (pick: (verdict: KindVerdict) => number) =>
    verdicts.filter((verdict) => pick(verdict) >= found).length / verdicts.length;
  return {
    kinds: verdicts.length,
    kindsAbove90: share((verdict) => verdict.auroc),
    kindsAbove90ByDimension: share((verdict) => verdict.dimensionAuroc),
  };
}

/** How many directions a dictionary from another seed finds again, matched one to one. */
async function compareSeeds(context: Context, corpus: Corpus, tensors: Readonly<Record<string, Tensor>>) {
  const second = await train(context, corpus, context.parameters.seed + 1, "train a second dictionary");
  const rows = (of: Readonly<Record<string, Tensor>>) => of[tensorNames.decoderWeight].data as Float32Array;
  const { cosine } = matchDirections(rows(tensors), rows(second.tensors), corpus.rows.d);
  return {
    meanCosine: cosine.reduce((sum, value) => sum + value, 0) / cosine.length,
    foundAgain: cosine.filter((value) => value >= sameDirection).length / cosine.length,
  };
}
