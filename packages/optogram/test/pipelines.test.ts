/** The pipelines that come with the project. */
import { readdirSync, readFileSync } from "node:fs";
import {
  checkPipeline,
  dryRun,
  type Pipeline,
  parsePipeline,
  planPipeline,
  stageFacts,
} from "@optogram/optogram";
import { describe, expect, it } from "vitest";

function read(name: string): Pipeline {
  const file = `pipelines/${name}.json`;
  return parsePipeline(readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8"), file);
}

describe("ranking", () => {
  const pipeline = read("ranking");

  it("has a reconstructor an encoder, a ranking of all, and an atlas of it", async () => {
    await checkPipeline(pipeline, "pipelines/ranking.json");
    const tasks = planPipeline("ranking", pipeline, stageFacts);
    const reconstructors = pipeline.encoders.map((encoder) => `ranking.${encoder}.reconstructor`);
    const operators = ["tiny-siglip-100k", "tiny-sam"].map((encoder) => `ranking.${encoder}.operators`);
    expect(tasks.map(({ name }) => name)).toEqual([
      ...reconstructors,
      ...operators,
      "ranking.ranking",
      "ranking.atlas",
    ]);
    expect(tasks.at(-2)?.inputs).toEqual({ reconstructors });
    expect(tasks.at(-1)?.inputs).toEqual({
      evaluation: ["ranking.ranking"],
      operators,
    });
  });

  it("judges on images that are not learnt from", () => {
    const { reconstructor, operators, ranking } = pipeline.stages;
    for (const { images } of [operators, ranking]) expect(images).not.toBe(reconstructor.images);
  });
});

const names = readdirSync(new URL("../../../pipelines", import.meta.url)).flatMap((file) =>
  file.endsWith(".json") ? [file.slice(0, -".json".length)] : [],
);

describe.each(names)("%s", (name) => {
  it("resolves every stage, card and image source", async () => {
    const pipeline = read(name);
    expect(planPipeline(name, pipeline, stageFacts).length).toBeGreaterThan(0);
    const { images, remote, absent, encoders } = await dryRun(pipeline, `pipelines/${name}.json`);
    expect(encoders.map((encoder) => encoder.name)).toEqual(expect.arrayContaining(pipeline.encoders));
    expect(images.length + remote.length + absent.length).toBe(Object.keys(pipeline.images).length);
    // What is not there has to be brought from outside the project.
    for (const { path } of absent) expect(path).toMatch(/^\.\.\//);
  });
});

describe("reconstruction-paper", () => {
  it("has the sixteen encoders of the paper's table, and SigLIP at 512", () => {
    const { encoders, stages } = read("reconstruction-paper");
    expect(new Set(encoders).size).toBe(17);
    expect(stages.ranking.images).not.toBe(stages.reconstructor.images);
    expect(stages.reconstructor.parameters).toMatchObject({ batch: 10, epochs: 40, rate: 3e-4, depth: 4 });
  });
});

describe("a dry run", () => {
  it("tells every encoder that is unknown, judges too", async () => {
    const pipeline = structuredClone(read("ranking"));
    Object.assign(pipeline.stages.ranking.parameters as object, { judges: ["tiny-siglip", "nobody"] });
    await expect(dryRun(pipeline, "p.json")).rejects.toThrow(
      /^p\.json: stages\.ranking\.parameters\.judges: models\/nobody\/card\.json is missing; a judge/,
    );
  });
});

describe("a study of several layers, under judges", () => {
  const study = (judges: readonly string[]): Pipeline => {
    const stage = { stage: "train-reconstructor", images: "train" };
    const blocks = [0, 2, 4].map((layer) => [`block-${layer}`, { ...stage, parameters: { layer } }]);
    const ranking = {
      ...{ stage: "evaluate-encoders", images: "heldout", parameters: { judges } },
      from: { reconstructors: ["last", ...blocks.map(([name]) => name)] },
    };
    const set = { source: "scenes", count: 8 };
    return parsePipeline(
      JSON.stringify({
        title: "Study",
        images: { train: { ...set, seed: 1 }, heldout: { ...set, seed: 2 } },
        encoders: ["tiny-siglip"],
        stages: { last: stage, ...Object.fromEntries(blocks), ranking },
      }),
      "study.json",
    );
  };

  it("ranks the reconstructors of all layers, and takes a judge that is not compared", async () => {
    const pipeline = study(["tiny-siglip-random"]);
    await checkPipeline(pipeline, "study.json");
    const [ranking] = planPipeline("study", pipeline, stageFacts).slice(-1);
    const names = ["last", "block-0", "block-2", "block-4"].map((name) => `study.tiny-siglip.${name}`);
    expect(ranking.inputs.reconstructors).toEqual(names);
  });

  it("says before anything runs that a judge is not there", async () => {
    await expect(checkPipeline(study(["tiny-siglip", "nobody", "../x"]), "study.json")).rejects.toThrow(
      /judges: models\/nobody\/card.json is missing; a judge is.*\n.*judges: \.\.\/x\/card.json is missing/,
    );
  });
});

describe("feature-maps", () => {
  it("looks at the same images with every encoder, and shows all in one atlas", async () => {
    const pipeline = read("feature-maps");
    await checkPipeline(pipeline, "pipelines/feature-maps.json");
    const tasks = planPipeline("feature-maps", pipeline, stageFacts);
    const maps = pipeline.encoders.map((encoder) => `feature-maps.${encoder}.maps`);
    expect(tasks.map(({ name }) => name)).toEqual([...maps, "feature-maps.atlas"]);
    expect(tasks.at(-1)?.inputs).toEqual({ maps });
  });
});
