/** What a run would need, without fetching or computing anything: encoders' cards, image sources, downloads. */
import { existsSync } from "node:fs";
import { EncoderError, filesToBring, readCard, type Whereabouts, whereabouts } from "@optogram/encoders";
import { ImageError, imageSourceSchema, missingFiles, openImages } from "@optogram/images";
import { checkPipeline } from "./check.ts";
import { judgesOf } from "./judges.ts";
import { type Pipeline, PipelineError, type Problem } from "./pipeline.ts";

export interface Needs {
  /** Image sets that are here, with their number of images. */
  readonly images: readonly { readonly name: string; readonly count: number }[];
  /** Image sets on the hub, with the number of files that a run fetches, where that is known. */
  readonly remote: readonly { readonly name: string; readonly repo: string; readonly files?: number }[];
  /** Image sets whose path is not there: the user has to put them there. */
  readonly absent: readonly { readonly name: string; readonly path: string }[];
  /** Every encoder that a stage opens, once, and where it is. */
  readonly encoders: readonly {
    readonly name: string;
    readonly where: Whereabouts;
    readonly login: boolean;
    /** Files that the user has to put beside its card. */
    readonly bring: readonly string[];
  }[];
}

/**
 * Resolves every stage, card and image source of a pipeline. What is to be fetched or brought is told, not an error.
 * @throws PipelineError with every problem found: unknown encoders, cards and sizes that do not fit, parameters
 */
export async function dryRun(pipeline: Pipeline, file: string): Promise<Needs> {
  await checkPipeline(pipeline, file);
  const problems: Problem[] = [];
  const sets = [];
  const encoders = [];
  // One after the other: problems stand in the order of the file.
  for (const [name, spec] of Object.entries(pipeline.images)) {
    sets.push(await resolveImages(name, spec, problems));
  }
  for (const { name, folder, path } of encodersOf(pipeline)) {
    try {
      const resolved = await readCard(folder);
      const where = await whereabouts(resolved);
      if (where.place === "missing") problems.push({ path, message: `${name}: ${where.path} is missing` });
      const { weights } = resolved.card;
      const bring = await filesToBring(resolved);
      encoders.push({ name, where, login: typeof weights === "object" && "login" in weights, bring });
    } catch (error) {
      if (!(error instanceof EncoderError)) throw error;
      problems.push({ path, message: error.message });
    }
  }
  if (problems.length > 0) throw new PipelineError(file, problems);
  return {
    images: sets.flatMap((set) => ("count" in set ? [set] : [])),
    remote: sets.flatMap((set) => ("repo" in set ? [set] : [])),
    absent: sets.flatMap((set) => ("path" in set ? [set] : [])),
    encoders,
  };
}

async function resolveImages(
  name: string,
  spec: Pipeline["images"][string],
  problems: Problem[],
): Promise<Needs["images"][number] | Needs["remote"][number] | Needs["absent"][number]> {
  const { path } = spec;
  // A pattern of shards is resolved by the folder that it is in.
  const there = typeof path !== "string" || existsSync(path.replace(/\/[^/]*\*.*$/, ""));
  if (!there) return { name, path };
  try {
    const parsed = imageSourceSchema.parse(spec);
    if (parsed.source === "hub") {
      const files = await missingFiles(parsed);
      if (files !== 0) return { name, repo: parsed.repo, ...(files !== undefined && { files }) };
    }
    return { name, count: (await openImages(parsed)).length };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    problems.push({ path: `images.${name}`, message: error.message });
    return { name, count: 0 };
  }
}

/** The folders of the pipeline's own encoders and of those that judge in a stage, each where it stands in the file. */
function encodersOf(pipeline: Pipeline): { name: string; folder: string; path: string }[] {
  const judges = Object.entries(pipeline.stages).flatMap(([stage, { parameters }]) => {
    const path = `stages.${stage}.parameters.judges`;
    const { names, paths } = judgesOf(parameters);
    return [
      ...names.map((name) => named(name, path)),
      ...paths.map((name) => ({ name, folder: name, path })),
    ];
  });
  const all = [...pipeline.encoders.map((name, i) => named(name, `encoders[${i}]`)), ...judges];
  return all.filter(({ name }, i) => all.findIndex((each) => each.name === name) === i);
}

const named = (name: string, path: string) => ({ name, folder: `models/${name}`, path });
