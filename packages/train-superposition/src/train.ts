/** Trains the network, and looks at the same held-out digits after every step. */

import { add, type Device, GraphBuilder, mul, reduceSumSquare, type Value } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import {
  adam,
  compileTrainingStep,
  cosine,
  fit,
  type TrainingStep,
  Variables,
  warmUp,
} from "@optogram/training";
import { batchOf, classes, type Digits, firstOfEach, pixelsEach } from "./digits.ts";
import {
  directionsName,
  initialParameters,
  type Look,
  network,
  openNetwork,
  type Parameters,
  threads,
} from "./network.ts";

export interface Settings {
  readonly steps: number;
  readonly batch: number;
  readonly rate: number;
  readonly seed: number;
  /** Held-out digits of each class that are looked at. */
  readonly each: number;
}

/** What the network makes of the shown digits after `step` updates. */
export interface Frame extends Look {
  readonly step: number;
  /** [10, 2], unit rows. */
  readonly directions: Float32Array;
}

export interface Trained {
  /** One more than steps: the first before anything is learnt. */
  readonly frames: readonly Frame[];
  /** [10 · each]: which held-out digits the frames show, class after class. */
  readonly shown: Uint32Array;
  /** Of all held-out digits, at the end. */
  readonly heldOut: { readonly loss: number; readonly accuracy: number };
}

export interface Run {
  readonly signal?: AbortSignal;
  readonly device?: Device;
  readonly report?: (frame: Frame) => void;
}

const warmUpSteps = 10;
/** Weight of the positions' mean squared length, which keeps them from running away along their rays. */
const pull = 1e-3;

export async function trainSuperposition(
  training: Digits,
  heldOut: Digits,
  settings: Settings,
  { signal, device, report }: Run = {},
): Promise<Trained> {
  const { steps, rate, seed } = settings;
  const count = training.labels.length;
  const batch = Math.min(settings.batch, count);
  const shown = firstOfEach(heldOut, settings.each);
  const points = batchOf(heldOut, shown);
  const initial = initialParameters(seededRandom(seed));
  const step = await compileStep(initial, batch, device);
  const parameters = () => variablesOf(step, Object.keys(initial));
  const eye = await openNetwork(shown.length, initial, device);
  const frames: Frame[] = [];
  const look = async () => {
    const now = parameters();
    const directions = Float32Array.from(now[directionsName].data as Float32Array);
    const frame = { step: step.updates, ...(await eye.look(points, now)), directions };
    frames.push(frame);
    report?.(frame);
  };
  try {
    await look();
    const reports = fit(step, {
      steps,
      schedule: warmUp(warmUpSteps, cosine(rate, steps)),
      batch: (number) => ({ ...batchOf(training, seededRandom(seed, number + 1).sample(count, batch)) }),
      ...(signal && { signal }),
    });
    for await (const _ of reports) await look();
    const { loss, accuracy } = await lookAtAll(heldOut, parameters(), device);
    return { frames, shown, heldOut: { loss, accuracy } };
  } finally {
    await eye.close();
    await step.close();
  }
}

async function compileStep(initial: Parameters, batch: number, device?: Device): Promise<TrainingStep> {
  const graph = new GraphBuilder();
  const variables = new Variables(graph);
  const values = new Map<string, Value>();
  for (const [name, tensor] of Object.entries(initial)) values.set(name, variables.parameter(name, tensor));
  const { position, loss } = network(
    (name) => values.get(name)!,
    graph.input("x", [batch, pixelsEach]),
    graph.input("target", [batch, classes]),
  );
  return compileTrainingStep({
    loss: add(loss, mul(reduceSumSquare(position), pull / batch)),
    variables,
    optimizer: adam(),
    unitRows: [directionsName],
    threads,
    ...(device && { device }),
  });
}

function variablesOf(step: TrainingStep, names: readonly string[]): Parameters {
  return Object.fromEntries(names.map((name) => [name, step.variable(name)]));
}

async function lookAtAll(digits: Digits, parameters: Parameters, device?: Device): Promise<Look> {
  const eye = await openNetwork(digits.labels.length, parameters, device);
  try {
    return await eye.look(batchOf(digits, [...digits.labels.keys()]), parameters);
  } finally {
    await eye.close();
  }
}
