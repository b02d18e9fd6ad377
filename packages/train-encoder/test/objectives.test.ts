import { freeBatch, sharedWeights, trainedWeights } from "@optogram/networks";
import { GraphBuilder, openSession, type Tensor } from "@optogram/onnx";
import { drawView, plainViews, viewFeeder } from "@optogram/painting";
import { seededRandom } from "@optogram/statistics";
import {
  type ObjectiveName,
  objectiveNames,
  objectiveStep,
  objectives,
  trainEncoder,
} from "@optogram/train-encoder";
import { type SavedState, Variables } from "@optogram/training";
import { describe, expect, it } from "vitest";

const settings = {
  size: 32,
  patch: 8,
  width: 16,
  depth: 1,
  heads: 2,
  embedding: 8,
  samples: 4 * 4,
  batch: 4,
  rate: 5e-3,
  weightDecay: 0.05,
  seed: 1,
};

const normal = (seed: number) => {
  const random = seededRandom(seed);
  return () => random.normal();
};

/** Crops that are whole pictures as they are. */
function wholeCrops(): Record<string, Tensor> {
  const shape = { count: settings.batch, views: 2, size: 32, out: [32, 32] } as const;
  const view = drawView(plainViews, seededRandom(1));
  const feeds = viewFeeder(shape)(Array.from({ length: 2 * settings.batch }, () => view));
  return Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [`large.${name}`, tensor]));
}

/** What the training graph says of a batch, with the variables as they are. */
async function embedded(
  name: ObjectiveName,
  variables: Record<string, Tensor>,
  batch: Record<string, Tensor>,
) {
  const graph = new GraphBuilder();
  const known = new Variables(graph);
  const { embedding } = objectives[name]
    .of(settings)
    .loss({ variables: known, weights: sharedWeights(trainedWeights(known, normal(1))) });
  if (!embedding) return undefined;
  graph.output("embedding", embedding);
  const model = graph.model();
  const session = await openSession(model);
  const feeds = { ...variables, ...batch };
  const { embedding: rows } = await session.run(
    Object.fromEntries(model.graph.inputs.map((input) => [input.name, feeds[input.name]])),
  );
  await session.close();
  return rows.data as Float32Array;
}

describe.each(objectiveNames)("%s", { timeout: 60_000 }, (name) => {
  const objective = objectives[name].of(settings);

  it("learns, and its tower is the network that was trained", async () => {
    const training = await objectiveStep(objective, settings.weightDecay, normal(1));
    const batch = await objective.batch(0);
    const losses: number[] = [];
    for (let i = 0; i < 25; i++) losses.push((await training.run(batch, settings.rate)).loss);
    expect(losses[24]).toBeLessThan(0.95 * losses[0]);
    const variables = training.state();
    await training.close();
    for (const { data } of Object.values(variables))
      expect((data as Float32Array).every(Number.isFinite)).toBe(true);

    const session = await openSession(freeBatch(objective.tower(variables, 7), 7));
    const outputs = await session.run({ images: batch.images });
    await session.close();
    expect(Object.keys(outputs).toSorted()).toEqual(["block.0", "embedding", "tokens"]);
    expect(outputs.tokens.shape).toEqual([settings.batch, 16, 16]);
    const rows = outputs.embedding.data as Float32Array;
    expect(Math.hypot(...rows.subarray(0, rows.length / settings.batch))).toBeCloseTo(1, 3);
    const trained = await embedded(name, variables, { ...batch, ...wholeCrops() });
    if (!trained) return;
    const width = rows.length / settings.batch;
    // Where there are two crops of each picture, the first.
    const each = trained.length / rows.length;
    for (let i = 0; i < settings.batch; i++)
      for (let j = 0; j < width; j++)
        expect(trained[i * each * width + j]).toBeCloseTo(rows[i * width + j], 4);
  });

  it("goes on from a checkpoint as if it had not stopped", async () => {
    const run = async (stopAfter: number) => {
      let saved: SavedState | undefined;
      const store = {
        load: async () => saved,
        save: async (step: number, tensors: Readonly<Record<string, Tensor>>, state: unknown) => {
          saved = structuredClone({ step, tensors, state });
        },
      };
      for (;;) {
        const stop = new AbortController();
        const first = saved === undefined;
        try {
          return await trainEncoder(objective, settings, {
            checkpoint: { store, every: 100 },
            signal: stop.signal,
            report: ({ step }) => {
              if (first && step + 1 === stopAfter) stop.abort(new Error("stopped"));
            },
          });
        } catch (error) {
          if ((error as Error).message !== "stopped") throw error;
        }
      }
    };
    const [whole, resumed] = [await run(Number.POSITIVE_INFINITY), await run(2)];
    expect(resumed.final).toEqual(whole.final);
    expect(resumed.history.columns()).toEqual(whole.history.columns());
  });

  it("is judged beside what knows nothing", async () => {
    const training = await objectiveStep(objective, 0, normal(1));
    const score = await objective.judge(training.state(), { seed: 9, count: 8, batch: 4 });
    await training.close();
    expect(Number.isFinite(score.value)).toBe(true);
    expect(score.baseline.value).toBeGreaterThan(0);
  });
});

it("every objective begins with the same tower", async () => {
  const towers = await Promise.all(
    objectiveNames.map(async (name) => {
      const known = new Variables(new GraphBuilder());
      objectives[name]
        .of(settings)
        .loss({ variables: known, weights: sharedWeights(trainedWeights(known, normal(1))) });
      const tower = known.all.filter((variable) => /^vision\.(?!head)/.test(variable.name));
      return Object.fromEntries(tower.map((variable) => [variable.name, variable.initial]));
    }),
  );
  for (const tower of towers) expect(tower).toEqual(towers[0]);
});
