import { freeBatch, sharedWeights, trainedWeights } from "@optogram/networks";
import { GraphBuilder, openSession, type Tensor } from "@optogram/onnx";
import { drawView, plainViews, viewFeeder } from "@optogram/painting";
import { seededRandom } from "@optogram/statistics";
import {
  type EncoderSettings,
  type Objective,
  objectiveNames,
  objectiveStep,
  objectives,
  trainEncoder,
} from "@optogram/train-encoder";
import { type SavedState, type TrainingStep, Variables } from "@optogram/training";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const settings = {
  network: "vit",
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
  // Of another size than the student's pictures.
  teacher: "tiny-siglip",
  backbone: "tiny-siglip",
} as const satisfies EncoderSettings;

const convNet = { ...settings, network: "convnext" } as const;

const cases = [
  ...objectiveNames.map((name) => [name, settings] as const),
  ...(["supervised", "segmentation", "distillation"] as const).map((name) => [name, convNet] as const),
].map(([name, settings]) => ({ name, settings, network: settings.network }));

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
  objective: Objective,
  variables: Record<string, Tensor>,
  batch: Record<string, Tensor>,
) {
  const graph = new GraphBuilder();
  const known = new Variables(graph);
  const weights = sharedWeights(trainedWeights(known, normal(1)));
  const { embedding } = objective.loss({ variables: known, weights });
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

describe.each(cases)("$name of $network", { timeout: 60_000 }, ({ name, settings, network }) => {
  let objective: Objective;
  let training: TrainingStep;
  beforeAll(async () => {
    objective = await objectives[name].of(settings);
    training = await objectiveStep(objective, settings.weightDecay, normal(1));
  }, 60_000);
  afterAll(() => training.close());

  it("learns, with finite numbers throughout", async () => {
    const batch = await objective.batch(0);
    const losses: number[] = [];
    for (let i = 0; i < 16; i++) losses.push((await training.run(batch, settings.rate)).loss);
    expect(losses[15]).toBeLessThan(0.95 * losses[0]);
    for (const { data } of Object.values(training.state()))
      expect((data as Float32Array).every(Number.isFinite)).toBe(true);
  });

  it("exports the tower that it trained", async () => {
    const { batch: count } = settings;
    const batch = await objective.batch(0);
    const variables = training.state();
    const session = await openSession(freeBatch(await objective.tower(variables, 7), 7));
    const outputs = await session.run({ images: batch.images });
    await session.close();
    const shapes = Object.fromEntries(Object.entries(outputs).map(([key, { shape }]) => [key, shape]));
    const [tokens, map] = [
      [count, 16, 16],
      [count, 16, 4, 4],
    ];
    expect(shapes).toEqual({
      embedding: [count, shapes.embedding[1]],
      ...(name === "text-alignment"
        ? { tokens: [count, 64, 192] }
        : network === "vit"
          ? { tokens, "block.0": tokens }
          : { tokens: map, "stage.0": [count, 8, 8, 8], "stage.1": map }),
    });
    const rows = outputs.embedding.data as Float32Array;
    const width = rows.length / count;
    expect(Math.hypot(...rows.subarray(0, width))).toBeCloseTo(1, 3);
    const trained = await embedded(objective, variables, { ...batch, ...wholeCrops() });
    if (!trained) return;
    // Where there are two crops of each picture, the first.
    const each = trained.length / rows.length;
    for (let i = 0; i < count; i++)
      for (let j = 0; j < width; j++)
        expect(trained[i * each * width + j]).toBeCloseTo(rows[i * width + j], 4);
  });

  it("goes on from its variables and the number of the step alone", async () => {
    const [saved, updates] = [training.state(), training.updates];
    await training.run(await objective.batch(3), settings.rate);
    const went = training.state();
    training.restore(saved, updates);
    await training.run(await objective.batch(3), settings.rate);
    expect(training.state()).toEqual(went);
    expect(went).not.toEqual(saved);
  });

  it("is judged beside what knows nothing", async () => {
    const score = await objective.judge(training.state(), { seed: 9, count: 8, batch: 4 });
    expect(Number.isFinite(score.value)).toBe(true);
    expect(score.baseline.value).toBeGreaterThan(0);
  });
});

it.each([
  ["masked-autoencoding", settings],
  ["distillation", convNet],
] as const)(
  "training goes on from a checkpoint as if it had not stopped: %s",
  { timeout: 60_000 },
  async (name, settings) => {
    const objective = await objectives[name].of(settings);
    const run = async (stopAfter: number) => {
      let saved: SavedState | undefined;
      const store = {
        load: async () => saved,
        save: async (step: number, tensors: Readonly<Record<string, Tensor>>, state: unknown) => {
          saved = structuredClone({ step, tensors, state });
        },
      };
      const go = (signal: AbortSignal, report: (step: number) => void) =>
        trainEncoder(objective, settings, {
          checkpoint: { store, every: 100 },
          signal,
          report: ({ step }) => report(step),
        });
      const stop = new AbortController();
      const whole = go(stop.signal, (step) => {
        if (step + 1 === stopAfter) stop.abort(new Error("stopped"));
      });
      if (stopAfter >= settings.samples / settings.batch) return await whole;
      await expect(whole).rejects.toThrow("stopped");
      return await go(new AbortController().signal, () => {});
    };
    const [whole, resumed] = [await run(4), await run(2)];
    expect(resumed.final).toEqual(whole.final);
    expect(resumed.history.columns()).toEqual(whole.history.columns());
  },
);

it.each([
  [
    "vit",
    // Text alignment trains no tower.
    objectiveNames.filter((name) => name !== "text-alignment").map((name) => [name, settings] as const),
  ],
  ["convnext", (["supervised", "sigmoid", "distillation"] as const).map((name) => [name, convNet] as const)],
] as const)("every objective begins with the same tower: %s", async (_, all) => {
  const towers = await Promise.all(
    all.map(async ([name, settings]) => {
      const known = new Variables(new GraphBuilder());
      const objective = await objectives[name].of(settings);
      objective.loss({ variables: known, weights: sharedWeights(trainedWeights(known, normal(1))) });
      const tower = known.all.filter((variable) => /^vision\.(?!head)/.test(variable.name));
      return Object.fromEntries(tower.map((variable) => [variable.name, variable.initial]));
    }),
  );
  for (const tower of towers) expect(tower).toEqual(towers[0]);
});
