/** What can be wrong with a pipeline beyond its plan: image sources, parameters, encoders. Loads the stages. */
import { existsSync } from "node:fs";
import { parametersJsonSchema } from "./json-schema.ts";
import { judgesOf } from "./judges.ts";
import { type Pipeline, PipelineError, type Problem, problemsOf, type StageEntry } from "./pipeline.ts";
import { loadStage } from "./stages.ts";

/** @throws PipelineError with every problem found in `stages`, or in all of the pipeline. */
export async function checkPipeline(
  pipeline: Pipeline,
  file: string,
  stages: readonly string[] = Object.keys(pipeline.stages),
): Promise<void> {
  const problems: Problem[] = [];
  const { imageSourceSchema } = await import("@optogram/images");
  for (const [name, spec] of Object.entries(pipeline.images)) {
    const result = imageSourceSchema.safeParse(spec);
    if (!result.success) problems.push(...problemsOf(result.error, ["images", name]));
  }
  for (const [i, encoder] of pipeline.encoders.entries()) {
    const card = `models/${encoder}/card.json`;
    if (!existsSync(card)) {
      problems.push({
        path: `encoders[${i}]`,
        message: `${card} is missing; an encoder is a folder in models/ with a card`,
      });
    }
  }
  for (const name of stages) {
    problems.push(...judgeProblems(name, pipeline.stages[name] as StageEntry));
    problems.push(...(await parameterProblems(name, pipeline.stages[name] as StageEntry, pipeline)));
  }
  if (problems.length > 0) throw new PipelineError(file, problems);
}

/** Told now, because a ranking comes last. */
function judgeProblems(name: string, { parameters }: StageEntry): Problem[] {
  const { names, paths } = judgesOf(parameters);
  const cards = [
    ...names.map((judge) => `models/${judge}/card.json`),
    ...paths.map((path) => `${path}/card.json`),
  ];
  return cards
    .filter((card) => !existsSync(card))
    .map((card) => ({
      path: `stages.${name}.parameters.judges`,
      message: `${card} is missing; a judge is an encoder: a folder in models/, or the path of one, with a card`,
    }));
}

async function parameterProblems(name: string, entry: StageEntry, pipeline: Pipeline): Promise<Problem[]> {
  const stage = await loadStage(entry.stage);
  const at = ["stages", name, "parameters"];
  const { properties } = parametersJsonSchema(stage);
  const given = entry.parameters ?? {};
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(properties, key));
  const result = stage.parameters.safeParse({
    ...given,
    ...(entry.images === undefined ? {} : { images: pipeline.images[entry.images] }),
    encoder: pipeline.encoders[0],
  });
  return [
    ...unknown.map((key) => ({
      path: [...at, key].join("."),
      message: `${entry.stage} has no such parameter; it has ${Object.keys(properties).join(", ") || "none"}`,
    })),
    // An image set's problems are told once, where it stands.
    ...(result.success ? [] : problemsOf(result.error, at)).filter(
      ({ path }) => !/\.parameters(\.images\b|\.encoder\b|$)/.test(path),
    ),
  ];
}
