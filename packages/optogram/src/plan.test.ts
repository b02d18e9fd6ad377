import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Pipeline, PipelineError, parsePipeline } from "./pipeline.ts";
import { planPipeline, type StageFacts } from "./plan.ts";

const facts = new Map<string, StageFacts>(
  (
    [
      { kind: "extract-features", writes: "features", scope: "encoder", images: true, inputs: {} },
      {
        kind: "train-sae",
        writes: "sae",
        scope: "encoder",
        images: false,
        inputs: { features: { kind: "features" }, heldout: { kind: "features", optional: true } },
      },
      {
        kind: "render-atlas",
        writes: "atlas",
        scope: "pipeline",
        images: false,
        inputs: { features: { kind: "features", many: true }, sae: { kind: "sae", many: true } },
      },
    ] as const
  ).map((fact) => [fact.kind, { ...fact, summary: "" }]),
);

const base = {
  title: "T",
  images: { train: { source: "scenes", seed: 1, count: 10 } },
  encoders: ["a", "b.v2"],
  stages: {
    atlas: { stage: "render-atlas", from: { features: "features", sae: "sae" } },
    features: { stage: "extract-features", images: "train" },
    sae: { stage: "train-sae", from: { features: "features" }, parameters: { latents: 8 } },
  },
};

function pipelineWith(change: (copy: typeof base & Record<string, unknown>) => void): Pipeline {
  const copy = structuredClone(base) as typeof base & Record<string, unknown>;
  change(copy);
  return parsePipeline(JSON.stringify(copy), "f.json");
}

function problemsOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof PipelineError) return error.message;
    throw error;
  }
  return "";
}

const planProblems = (change: (copy: typeof base & Record<string, unknown>) => void) =>
  problemsOf(() => planPipeline("p", pipelineWith(change), facts, "f.json"));

describe("planPipeline", () => {
  it("makes one task for each encoder and stage, sources first", () => {
    const tasks = planPipeline(
      "p",
      pipelineWith(() => {}),
      facts,
    );
    expect(tasks.map((task) => task.name)).toEqual([
      "p.a.features",
      "p.b.v2.features",
      "p.a.sae",
      "p.b.v2.sae",
      "p.atlas",
    ]);
    expect(tasks[3]).toEqual({
      name: "p.b.v2.sae",
      pipeline: "p",
      encoder: "b.v2",
      stage: "sae",
      kind: "train-sae",
      parameters: { latents: 8 },
      inputs: { features: ["p.b.v2.features"] },
      output: "data/p/b.v2/sae",
    });
    expect(tasks[4]).toMatchObject({
      inputs: { features: ["p.a.features", "p.b.v2.features"], sae: ["p.a.sae", "p.b.v2.sae"] },
      output: "data/p/atlas",
    });
  });

  it("runs a limited stage for its encoders only, and a stage of the pipeline on what there is", () => {
    const tasks = planPipeline(
      "p",
      pipelineWith(({ stages }) => Object.assign(stages.sae, { encoders: ["a"] })),
      facts,
    );
    expect(tasks.map((task) => task.name)).not.toContain("p.b.v2.sae");
    expect(tasks.at(-1)?.inputs.sae).toEqual(["p.a.sae"]);
  });

  it.each<[string, Parameters<typeof pipelineWith>[0], string]>([
    [
      "an unknown stage",
      ({ stages }) => Object.assign(stages.sae, { stage: "train-sea" }),
      'f.json: stages.sae.stage: there is no stage "train-sea"; there are extract-features, train-sae, render-atlas',
    ],
    [
      "a missing role",
      ({ stages }) => Object.assign(stages.sae, { from: {} }),
      'stages.sae.from: train-sae needs "features": the name of a stage that writes features',
    ],
    [
      "an unknown role",
      ({ stages }) => Object.assign(stages.sae.from, { feature: "features" }),
      'stages.sae.from.feature: train-sae has no input "feature"; there are features, heldout',
    ],
    [
      "an artifact of the wrong kind",
      ({ stages }) => Object.assign(stages.atlas.from, { sae: "features" }),
      "stages.atlas.from.sae: features writes features, but render-atlas reads sae here",
    ],
    [
      "a source that is not there",
      ({ stages }) => Object.assign(stages.sae.from, { features: "faetures" }),
      'stages.sae.from.features: there is no stage "faetures" in this pipeline',
    ],
    [
      "an image set that is not there",
      ({ stages }) => Object.assign(stages.features, { images: "test" }),
      'stages.features.images: there is no image set "test"; there is train',
    ],
    [
      "a stage that is given no images",
      ({ stages }) => Object.assign(stages.features, { images: undefined }),
      'stages.features: extract-features needs "images"',
    ],
    [
      "a stage that is given images and opens none",
      ({ stages }) => Object.assign(stages.sae, { images: "train" }),
      "stages.sae.images: train-sae opens no images",
    ],
    [
      "two sources where one is wanted",
      ({ stages }) => Object.assign(stages.sae, { from: { features: ["features", "features"] } }),
      "stages.sae.from.features: train-sae takes one features here, not 2",
    ],
    [
      "an encoder that is not the pipeline's",
      ({ stages }) => Object.assign(stages.sae, { encoders: ["a", "c"] }),
      'stages.sae.encoders[1]: "c" is not among this pipeline\'s encoders',
    ],
    [
      "a source that does not run for the encoder",
      ({ stages }) => Object.assign(stages.features, { encoders: ["a"] }),
      "stages.sae.from.features: features does not run for b.v2",
    ],
    [
      "a pipeline's stage limited to encoders",
      ({ stages }) => Object.assign(stages.atlas, { encoders: ["a"] }),
      "stages.atlas.encoders: render-atlas runs once for the whole pipeline",
    ],
    [
      "a pipeline's stage in an encoder's folder",
      (copy) => copy.encoders.push("atlas"),
      "stages.atlas: has the name of an encoder",
    ],
    ["an encoder twice", (copy) => copy.encoders.push("a"), "encoders[2]: a is listed twice"],
    [
      "names that every object has",
      ({ stages }) => Object.assign(stages.sae, { from: { features: "constructor", toString: "sae" } }),
      'stages.sae.from.toString: train-sae has no input "toString"',
    ],
  ])("reports %s", (_, change, message) => {
    expect(planProblems(change)).toContain(message);
  });

  it("reports a circle by its members", () => {
    const loop = new Map(facts);
    loop.set("train-sae", {
      ...(facts.get("train-sae") as StageFacts),
      inputs: { features: { kind: "features" }, heldout: { kind: "sae", optional: true } },
    });
    const pipeline = pipelineWith(({ stages }) => {
      Object.assign(stages, {
        one: { stage: "train-sae", from: { features: "features", heldout: "two" } },
        two: { stage: "train-sae", from: { features: "features", heldout: "one" } },
      });
    });
    expect(problemsOf(() => planPipeline("p", pipeline, loop, "f.json"))).toBe(
      "f.json: stages.one.from: goes in a circle: one reads two reads one",
    );
  });

  it("reports every problem at once", () => {
    const message = planProblems(({ stages }) => {
      Object.assign(stages.sae, { stage: "x" });
      Object.assign(stages.features, { images: "y" });
    });
    expect(message.split("\n")).toHaveLength(2);
  });
});

describe("parsePipeline", () => {
  it.each<[string, unknown, string]>([
    [
      "a stage's name that is a path",
      { ...base, stages: { "../x": base.stages.features } },
      "a name is letters",
    ],
    ["a stage's name with a dot", { ...base, stages: { "a.b": base.stages.features } }, "a name is letters"],
    ["an encoder that is a path", { ...base, encoders: ["a/../b"] }, "encoders[0]: an encoder's name is"],
    ["an encoder that climbs", { ...base, encoders: [".."] }, "encoders[0]: an encoder's name is"],
    ["no encoder", { ...base, encoders: [] }, "encoders: "],
    ["an unknown key", { ...base, stage: {} }, "stage"],
    ["no title", { ...base, title: "" }, "title: "],
  ])("refuses %s", (_, json, message) => {
    expect(problemsOf(() => parsePipeline(JSON.stringify(json), "f.json"))).toContain(message);
  });

  it("says where the text stops being JSON", () => {
    expect(problemsOf(() => parsePipeline('{"title": ', "f.json"))).toMatch(/^f\.json: is not JSON: /);
  });

  it("answers anything with a pipeline or with problems, and never writes outside data/", () => {
    const word = fc.oneof(
      fc.constantFrom("a", "features", "..", "a.b", "__proto__", "constructor", "a/b"),
      fc.string(),
    );
    const text = fc.record({
      title: word,
      images: fc.dictionary(word, fc.record({ source: word })),
      encoders: fc.array(word),
      stages: fc.dictionary(
        word,
        fc.record(
          {
            stage: fc.constantFrom("extract-features", "train-sae", "render-atlas", "x"),
            images: word,
            from: fc.dictionary(fc.constantFrom("features", "sae", "x"), word),
            encoders: fc.array(word),
          },
          { requiredKeys: ["stage"] },
        ),
      ),
    });
    fc.assert(
      fc.property(text, (json) => {
        let tasks: ReturnType<typeof planPipeline> = [];
        try {
          tasks = planPipeline("p", parsePipeline(JSON.stringify(json), "f.json"), facts);
        } catch (error) {
          expect(error).toBeInstanceOf(PipelineError);
        }
        for (const task of tasks) expect(task.output).toMatch(/^data\/p(\/[A-Za-z0-9][\w.-]*){1,2}$/);
        expect(new Set(tasks.map((task) => task.output)).size).toBe(tasks.length);
      }),
    );
  });
});
