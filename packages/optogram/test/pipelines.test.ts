/** The pipelines that come with the project. */
import { readFileSync } from "node:fs";
import { checkPipeline, type Pipeline, parsePipeline, planPipeline, stageFacts } from "@optogram/optogram";
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
    expect(tasks.map(({ name }) => name)).toEqual([
      ...reconstructors,
      "ranking.tiny-siglip.operators",
      "ranking.ranking",
      "ranking.atlas",
    ]);
    expect(tasks.at(-2)?.inputs).toEqual({ reconstructors });
    expect(tasks.at(-1)?.inputs).toEqual({
      evaluation: ["ranking.ranking"],
      operators: ["ranking.tiny-siglip.operators"],
    });
  });

  it("judges on images that are not learnt from", () => {
    const { reconstructor, operators, ranking } = pipeline.stages;
    for (const { images } of [operators, ranking]) expect(images).not.toBe(reconstructor.images);
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
