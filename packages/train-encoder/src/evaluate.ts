/** How well an encoder's embeddings tell what a scene shows: the kind of thing in scenes of a single thing. */

import { type Device, type Model, openSession } from "@optogram/onnx";
import { kinds, type Scene } from "@optogram/scenes";
import { accuracy, knnClassify, type Labelled, linearProbe } from "@optogram/statistics";
import { drawScenes, scenesOf } from "./samples.ts";

export interface Probes {
  /** Share of held-out scenes whose kind the 20 nearest neighbours name. */
  readonly nearestNeighbours: number;
  /** Share that a linear probe names. */
  readonly linearProbe: number;
  readonly chance: number;
  readonly trainedOn: number;
  readonly testedOn: number;
}

export interface ProbeOptions {
  readonly size: number;
  /** The batch size that the model was built for. */
  readonly batch: number;
  /** Seeds of scenes that the encoder was not trained on. */
  readonly bankSeed: number;
  readonly querySeed: number;
  readonly bank: number;
  readonly queries: number;
  readonly device?: Device;
}

export async function probeKinds(tower: Model, options: ProbeOptions): Promise<Probes> {
  const session = await openSession(tower, options.device ? { device: options.device } : {});
  try {
    const embed = async (seed: number, count: number): Promise<Labelled & { readonly width: number }> => {
      const rows: Float32Array[] = [];
      const labels: number[] = [];
      for (let first = 0; first < count; first += options.batch) {
        const { scenes, images } = await drawScenes(scenesOf(seed, first, options.batch, 1), options.size);
        const { embedding } = await session.run({ images }, ["embedding"]);
        rows.push(embedding.data as Float32Array);
        labels.push(...scenes.map(kindOf));
      }
      const width = rows[0].length / options.batch;
      const flat = new Float32Array(rows.length * rows[0].length);
      rows.forEach((part, i) => {
        flat.set(part, i * part.length);
      });
      return { rows: flat, labels: Int32Array.from(labels), width };
    };
    const bank = await embed(options.bankSeed, options.bank);
    const queries = await embed(options.querySeed, options.queries);
    const right = (predicted: Int32Array) => accuracy(predicted, queries.labels);
    return {
      nearestNeighbours: right(knnClassify(bank, queries.rows, bank.width)),
      linearProbe: right(linearProbe(bank, bank.width).predict(queries.rows)),
      chance: 1 / kinds.length,
      trainedOn: bank.labels.length,
      testedOn: queries.labels.length,
    };
  } finally {
    await session.close();
  }
}

function kindOf(scene: Scene): number {
  return kinds.findIndex((kind) => kind.name === scene.objects[0].kind);
}
