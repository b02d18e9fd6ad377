/** Pictures of directions by gradient ascent on cosine similarity: one compiled step, any number of pictures. */

import { inputSize } from "@optogram/images";
import { type Device, float32, GraphBuilder, type Tensor } from "@optogram/onnx";
import { type Random, seededRandom } from "@optogram/statistics";
import { adam, compileTrainingStep, cosine, type TrainingStep, Variables, warmUp } from "@optogram/training";
import { embeddingGraph, type Judge, type Network, openNetworkJudge } from "./judge.ts";
import { freshCosines } from "./measure.ts";
import { cosineObjective } from "./objective.ts";
import { freshTensors, type Painter, type PainterTensors, stackTensors } from "./painters/painter.ts";
import {
  drawView,
  mildViews,
  type View,
  type ViewFeeds,
  type ViewRanges,
  viewFeeder,
  viewInputs,
} from "./views.ts";

export interface AscentOptions {
  readonly painter: Painter;
  /** Pictures that are painted at once. */
  readonly count: number;
  /** Side of the pictures in pixels; default the shorter side of the encoder's input. */
  readonly size?: number;
  /** Views of each picture a step. */
  readonly views?: number;
  readonly ranges?: ViewRanges;
  readonly steps?: number;
  /** Highest learning rate; default the painter's. */
  readonly rate?: number;
  /** Weight of the total variation against the cosine. */
  readonly variation?: number;
  /** Fresh views of each finished picture for the cosine that it is judged by. */
  readonly judged?: number;
  readonly device?: Device;
  readonly threads?: number;
}

/** What to paint. */
export interface Commission {
  /** [n, d], of any length but zero; n at most the ascent's count. */
  readonly directions: Float32Array;
  /** [n]: a picture depends on its direction and seed alone, not on those painted beside it (up to rounding). */
  readonly seeds: readonly number[];
  /** Tries from different beginnings; the best by cosine under fresh views is kept. Default 1. */
  readonly restarts?: number;
  /** Pictures [n, 3, size, size] in 0..1 to begin with, where the painter can trace one. */
  readonly start?: Float32Array;
  readonly onStep?: (progress: AscentProgress) => void;
  readonly signal?: AbortSignal;
}

export interface AscentProgress {
  /** From 0. */
  readonly restart: number;
  readonly step: number;
  /** [n]: mean over this step's views. */
  readonly cosines: Float32Array;
  /** [n, 3, size, size] in 0..1, before the step. */
  readonly pictures: Float32Array;
}

export interface Painted {
  /** [n, 3, size, size] in 0..1. */
  readonly pictures: Float32Array;
  /** [n]: mean over fresh views. */
  readonly cosines: Float32Array;
}

export interface Ascent {
  readonly size: number;
  /** Length of a direction. */
  readonly dimension: number;
  readonly count: number;
  /** One commission at a time. */
  paint(commission: Commission): Promise<Painted>;
  close(): Promise<void>;
}

/** Streams of random numbers under a picture's seed: each restart has one for its beginning and one for each step. */
const streamsARestart = 2 ** 24;
const judgeStream = 2 ** 40;

/** Compiles the step for `count` pictures and the judge of finished ones. */
export async function openAscent(encoder: Network, options: AscentOptions): Promise<Ascent> {
  const {
    painter,
    count,
    views = 8,
    ranges = mildViews,
    steps = 256,
    variation = 0.1,
    judged = 16,
  } = options;
  const { preprocessing } = encoder.card.input;
  const out = inputSize(preprocessing);
  const size = options.size ?? Math.min(...out);
  const shape = { count, views, size, out };
  const runtime = {
    ...(options.device && { device: options.device }),
    ...(options.threads && { threads: options.threads }),
  };
  const network = await embeddingGraph(encoder, count * views);
  const dimension = Number(network.graph.outputs[0].shape?.[1]);
  const graph = new GraphBuilder();
  const variables = new Variables(graph);
  const pictures = painter.paint(variables, { count, size, random: () => 0 });
  const { loss, cosines } = cosineObjective({
    pictures,
    views: viewInputs(graph, shape),
    encoder: network,
    preprocessing,
    directions: graph.input("directions", [count, dimension]),
    variation,
  });
  const step = await compileTrainingStep({
    loss,
    variables,
    optimizer: adam({ beta2: 0.99 }),
    metrics: { pictures, cosines },
    ...runtime,
  });
  const judge = await openNetworkJudge(network, preprocessing, { size, batch: count * views, ...runtime });
  const rate = options.rate ?? painter.rate;
  const plan: Plan = {
    painter,
    count,
    size,
    views,
    ranges,
    judged,
    steps,
    dimension,
    schedule: warmUp(Math.max(1, steps / 16), cosine(rate, steps, rate / 20)),
    feeder: viewFeeder(shape),
    blank: step.state(),
  };
  return {
    size,
    dimension,
    count,
    paint: (commission) => paintBest(step, judge, plan, commission),
    async close() {
      await step.close();
      await judge.close();
    },
  };
}

/** Everything about the search that does not change from one commission to the next. */
interface Plan {
  readonly painter: Painter;
  readonly count: number;
  readonly size: number;
  readonly views: number;
  readonly ranges: ViewRanges;
  readonly judged: number;
  readonly steps: number;
  readonly dimension: number;
  readonly schedule: (step: number) => number;
  readonly feeder: (views: readonly View[]) => ViewFeeds;
  /** All of the step's variables before anything was painted. */
  readonly blank: Readonly<Record<string, Tensor>>;
}

async function paintBest(
  step: TrainingStep,
  judge: Judge,
  plan: Plan,
  commission: Commission,
): Promise<Painted> {
  const n = checked(plan, commission);
  const { directions, seeds, restarts = 1 } = commission;
  const each = 3 * plan.size * plan.size;
  const best = { pictures: new Float32Array(n * each), cosines: new Float32Array(n).fill(-2) };
  for (let restart = 0; restart < restarts; restart++) {
    const pictures = await climb(step, plan, commission, n, restart);
    const cosines = await freshCosines(judge, pictures, directions, {
      ranges: plan.ranges,
      views: plan.judged,
      seeds,
      stream: judgeStream,
    });
    for (const [i, value] of cosines.entries()) {
      if (!(value > best.cosines[i])) continue;
      best.cosines[i] = value;
      best.pictures.set(pictures.subarray(i * each, (i + 1) * each), i * each);
    }
  }
  return best;
}

/** One search for all pictures of a commission. */
async function climb(
  step: TrainingStep,
  plan: Plan,
  commission: Commission,
  n: number,
  restart: number,
): Promise<Float32Array> {
  const { count, size, steps, views, ranges } = plan;
  // What is left of a batch repeats the last picture, and nobody looks at it.
  const filled = Array.from({ length: count }, (_, i) => Math.min(i, n - 1));
  const directions = new Float32Array(count * plan.dimension);
  for (const [i, from] of filled.entries()) {
    const row = commission.directions.subarray(from * plan.dimension, (from + 1) * plan.dimension);
    directions.set(row, i * plan.dimension);
  }
  const random = (i: number, stream: number): Random =>
    seededRandom(commission.seeds[i], restart * streamsARestart + stream);
  const beginnings = Array.from({ length: n }, (_, i) => beginning(plan, commission, i, random(i, 0)));
  step.restore({ ...plan.blank, ...stackTensors(filled.map((i) => beginnings[i])) }, 0);
  const fed = { directions: float32(directions, [count, plan.dimension]) };
  const each = 3 * size * size;
  let pictures: Float32Array = new Float32Array(0);
  for (let at = 0; at < steps; at++) {
    commission.signal?.throwIfAborted();
    const drawn = filled.flatMap((i) => {
      const stream = random(i, 1 + at);
      return Array.from({ length: views }, () => drawView(ranges, stream));
    });
    const { tensors } = await step.run({ ...fed, ...plan.feeder(drawn) }, plan.schedule(at));
    pictures = (tensors.pictures.data as Float32Array).subarray(0, n * each);
    const cosines = (tensors.cosines.data as Float32Array).subarray(0, n);
    commission.onStep?.({ restart, step: at, cosines, pictures });
  }
  return pictures;
}

/** The variables [1, ...] that a picture starts from. */
function beginning(
  { painter, size }: Plan,
  { start }: Commission,
  i: number,
  random: Random,
): PainterTensors {
  if (!start) return freshTensors(painter, size, () => random.normal());
  if (!painter.trace)
    throw new RangeError(`the painter ${painter.name} cannot start from a picture: leave the start out`);
  const each = 3 * size * size;
  return painter.trace(start.subarray(i * each, (i + 1) * each), size);
}

/** The number of pictures of a commission that can be painted. */
function checked(plan: Plan, { directions, seeds, start }: Commission): number {
  const n = directions.length / plan.dimension;
  if (!Number.isInteger(n) || n < 1 || n > plan.count)
    throw new RangeError(
      `${directions.length} numbers are not 1 to ${plan.count} directions of ${plan.dimension} numbers`,
    );
  if (seeds.length !== n) throw new RangeError(`${n} directions take as many seeds, not ${seeds.length}`);
  if (start && start.length !== n * 3 * plan.size * plan.size)
    throw new RangeError(`the start is not ${n} pictures of ${plan.size} pixels`);
  return n;
}

export interface PaintingOptions extends AscentOptions, Pick<Commission, "restarts" | "start" | "signal"> {
  /** Of the i-th picture: `seed` + i. */
  readonly seed: number;
  readonly onStep?: (progress: AscentProgress, first: number) => void;
}

/** Pictures of directions [n, d], any n: `count` at a time. `onStep` also gets the number of a batch's first picture. */
export async function paintDirections(
  encoder: Network,
  directions: Float32Array,
  options: PaintingOptions,
): Promise<Painted> {
  const { restarts, start, signal, onStep, seed } = options;
  const ascent = await openAscent(encoder, options);
  try {
    const { count, dimension, size } = ascent;
    const n = directions.length / dimension;
    const each = 3 * size * size;
    const painted = { pictures: new Float32Array(n * each), cosines: new Float32Array(n) };
    for (let first = 0; first < n; first += count) {
      const last = Math.min(n, first + count);
      const part = await ascent.paint({
        directions: directions.subarray(first * dimension, last * dimension),
        seeds: Array.from({ length: last - first }, (_, i) => seed + first + i),
        ...(restarts !== undefined && { restarts }),
        ...(start && { start: start.subarray(first * each, last * each) }),
        ...(signal && { signal }),
        ...(onStep && { onStep: (progress) => onStep(progress, first) }),
      });
      painted.pictures.set(part.pictures, first * each);
      painted.cosines.set(part.cosines, first);
    }
    return painted;
  } finally {
    await ascent.close();
  }
}
