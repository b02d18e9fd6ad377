/** The stage train-encoder: scenes in, an encoder's folder out (card, model, history). */

import { openCheckpoint, table, writeArtifact } from "@optogram/artifacts";
import type { Stage } from "@optogram/cli";
import { freeBatch } from "@optogram/networks";
import { type Device, encodeModel, halveWeights, type Model } from "@optogram/onnx";
import { encoderCard, type Judged, modelFile } from "./card.ts";
import { type ProbeOptions, probeKinds } from "./evaluate.ts";
import type { Tensors } from "./objective.ts";
import { objectives } from "./objectives.ts";
import { checkParameters, commandOf, nameOf, type Parameters, parameters } from "./parameters.ts";
import { stepsOf } from "./settings.ts";
import { textCard, textFile } from "./text-export.ts";
import { trainEncoder } from "./train.ts";

const checkpointEvery = 50;
const probeBatch = 40;
/** A batch size that no size of the network equals, so that it can be told from them. */
const exportBatch = 7;

export const stage: Stage<Parameters> = {
  kind: "train-encoder",
  writes: "encoder",
  summary:
    "Train a small vision encoder on scenes, by one of several objectives (captions, kinds, masks, a teacher, the pictures alone).",
  scope: "pipeline",
  parameters,
  inputs: {},
  packages: ["onnxruntime-node", "sharp"],
  async run({ parameters: settings, output, description: asked, scratch, device, progress, signal }) {
    checkParameters(settings);
    const on = device as Device;
    const entry = objectives[settings.objective];
    const name = nameOf(settings);
    const objective = await entry.of(settings);
    const { teacher, network } = objective;
    const description = teacher
      ? { ...asked, parameters: { ...settings, teacherDigest: teacher.digest } }
      : asked;
    const store = openCheckpoint(scratch, description);
    const resumed = (await store.load())?.step ?? 0;
    const phase = progress.phase("train", stepsOf(settings), resumed);
    const variables = await trainEncoder(objective, settings, {
      checkpoint: { store, every: checkpointEvery },
      signal,
      device: on,
      report: ({ loss }) => phase.advance(1, `loss ${loss.toFixed(3)}`),
    });
    phase.done();
    const measure = async (what: string, state: Tensors): Promise<Judged> => {
      const measuring = progress.phase(`judge the ${what} network`);
      const probes = await probeKinds(await objective.tower(state, probeBatch), probeOptions(settings, on));
      const own = await objective.judge(state, {
        seed: settings.seed + 1_000_003,
        count: settings.heldOut,
        batch: probeBatch,
        device: on,
      });
      const kinds = `${(100 * probes.nearestNeighbours).toFixed(1)} % of kinds by nearest neighbours`;
      measuring.done(`${kinds}; ${own.measure}: ${own.value.toPrecision(3)}`);
      return { probes, own };
    };
    const trained = await measure("trained", variables.final);
    const random = await measure("untrained", variables.initial);
    await writeArtifact(output, description, async (writer) => {
      await writer.bytes(modelFile, exported(await objective.tower(variables.final, exportBatch)));
      const text = objective.text?.(variables.final, exportBatch);
      if (text) await writer.bytes(textFile, exported(text.model));
      const command = commandOf(name, settings);
      const weights = variables.final;
      const facts = { name, command, settings, entry, teacher, network, weights, trained, random };
      await writer.json("card.json", { ...encoderCard(facts), ...(text && { text: textCard(text) }) });
      await writer.table("history.parquet", table(variables.history.columns()));
      writer.metrics.trained = trained.probes;
      writer.metrics.random = random.probes;
      writer.metrics.own = { ...trained.own, random: random.own.value };
    });
  },
};

/** For any batch size, weights in float16. */
function exported(model: Model): Uint8Array {
  return encodeModel(halveWeights(freeBatch(model, exportBatch)));
}

/** Seeds beside the training's own: no scene is shared. */
function probeOptions(settings: Parameters, device: Device): ProbeOptions {
  return {
    size: settings.size,
    batch: probeBatch,
    bankSeed: settings.seed + 1_000_001,
    querySeed: settings.seed + 1_000_002,
    bank: 2 * settings.heldOut,
    queries: settings.heldOut,
    device,
  };
}
