/** The card of an encoder that was trained here. */

import { sizeOf } from "@optogram/onnx";
import type { Probes } from "./evaluate.ts";
import type { Objective, ObjectiveEntry, OwnScore, Tensors } from "./objective.ts";
import { type EncoderSettings, stepsOf, towerOf } from "./settings.ts";

const percent = (share: number) => Math.round(share * 1000) / 10;
const digits = (value: number) => Number(value.toPrecision(3));

/** The file in the card's folder that holds the network. */
export const modelFile = "model.onnx";

export interface Judged {
  readonly probes: Probes;
  readonly own: OwnScore;
}

export interface CardFacts {
  readonly name: string;
  /** What to type to train it again. */
  readonly command: string;
  readonly settings: EncoderSettings;
  readonly entry: ObjectiveEntry;
  readonly teacher: Objective["teacher"];
  /** Where it is another than the settings name. */
  readonly network: Objective["network"];
  readonly weights: Tensors;
  readonly trained: Judged;
  /** The same network before it was trained. */
  readonly random: Judged;
}

export function encoderCard(facts: CardFacts) {
  const { name, command, settings, entry, teacher, network, weights, trained, random } = facts;
  const tower = network ?? towerOf(settings);
  const samples = stepsOf(settings) * settings.batch;
  const parameters = Object.entries(weights)
    .filter(([key]) => key.startsWith("vision."))
    .reduce((sum, [, tensor]) => sum + sizeOf(tensor.shape), tower.frozen ?? 0);
  const tokens = (tensor: string, side: number) => ({
    tensor,
    layout: tower.layout,
    prefix: 0,
    grid: [side, side],
  });
  const { measure, baseline } = trained.own;
  const unit = measure.endsWith(", %") ? ", %" : "";
  const by = (who: string) => `${measure.slice(0, measure.length - unit.length)}, ${who}${unit}`;
  return {
    name,
    title: `Small ${tower.title} trained on ${entry.data}`,
    file: modelFile,
    parameters,
    objective: teacher ? `${entry.objective}, ${teacher.name}` : entry.objective,
    licence: "Apache-2.0",
    source: "trained by train-encoder",
    command,
    trainedOn: `${samples} scenes`,
    samples,
    reference: entry.reference ?? tower.reference,
    input: {
      tensor: "images",
      preprocessing: {
        size: tower.size,
        resize: "cover",
        interpolation: "bicubic",
        cropFraction: 1,
        mean: [0.5, 0.5, 0.5],
        std: [0.5, 0.5, 0.5],
      },
    },
    outputs: {
      embedding: { tensor: "embedding" },
      tokens: tokens("tokens", tower.side),
      layers: Object.fromEntries(
        Object.entries(tower.layers).map(([layer, side]) => [layer, tokens(layer, side)]),
      ),
    },
    normalised: true,
    scores: {
      [measure]: digits(trained.own.value),
      [by("random weights")]: digits(random.own.value),
      [by(baseline.name)]: digits(baseline.value),
      "kind by 20 nearest neighbours, %": percent(trained.probes.nearestNeighbours),
      "kind by linear probe, %": percent(trained.probes.linearProbe),
      "kind by 20 nearest neighbours, random weights, %": percent(random.probes.nearestNeighbours),
      "kind by linear probe, random weights, %": percent(random.probes.linearProbe),
      "chance, %": percent(trained.probes.chance),
      "held-out scenes of a single thing": trained.probes.testedOn,
    },
  };
}
