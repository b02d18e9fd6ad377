/** Looks into an ONNX file, here or on the hub, or into an encoder of models/. */
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UserError } from "@optogram/cli";
import { findFiles, layoutOf, readCard, whereabouts } from "@optogram/encoders";
import { fetchFile, HubError, listFiles, type Watcher } from "@optogram/hub";
import { inputSize, type Preprocessing } from "@optogram/images";
import {
  cardFor,
  describeInspection,
  type FilePlace,
  inspectModel,
  preprocessingFrom,
} from "@optogram/inspection";
import { readModel } from "@optogram/onnx";
import { fileOf } from "./list-encoders.ts";

export interface InspectOptions {
  /** Of a repository on the hub. */
  readonly revision: string;
  readonly watcher: Watcher;
  readonly signal: AbortSignal;
}

/** Files that say how pictures are prepared, the surer first. */
const besides = ["preprocessor_config.json", "config.json"];

/** @throws UserError, EncoderError, HubError, ModelError */
export async function inspectEncoder(what: string, options: InspectOptions): Promise<string[]> {
  if (/\.onnx$/.test(what) && (await isFile(what))) {
    return inspectFile(what, { file: basename(what) }, await preprocessingBeside(what));
  }
  if (!what.includes("/")) return inspectCard(what, options);
  const [owner, name, ...path] = what.split("/");
  if (!owner || !name || what.startsWith(".")) {
    throw new UserError(`${what}: there is no such file`, {
      advice: "name a file.onnx, OWNER/NAME of a repository on the hub, or a folder in models/",
    });
  }
  return inspectRepository(`${owner}/${name}`, path.join("/"), options);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

async function inspectFile(
  path: string,
  place: FilePlace,
  preprocessing: Preprocessing | undefined,
): Promise<string[]> {
  const inspection = await inspectModel(await readModel(path), preprocessing);
  const name = nameFor(place);
  const card = cardFor(name, place, inspection, preprocessing);
  return [
    ...describeInspection(inspection),
    preprocessing
      ? "preprocessing: as the file beside the model says"
      : "preprocessing: nothing beside the model says it; ImageNet's mean and deviation stand in, correct them",
    `a card to start from, models/${name}/card.json:`,
    JSON.stringify(card, null, 2),
  ];
}

function nameFor(place: FilePlace): string {
  const wanted = "file" in place ? place.file.replace(/\.onnx$/, "") : basename(place.weights.repo);
  return wanted.replaceAll(/[^A-Za-z0-9_-]+/g, "-").replaceAll(/^-+|-+$/g, "") || "encoder";
}

/** From the model's folder, or the one above where exporters put models in onnx/. */
async function preprocessingBeside(path: string): Promise<Preprocessing | undefined> {
  const folder = dirname(path);
  for (const place of [folder, dirname(folder)]) {
    for (const name of besides) {
      const found = await readPreprocessing(join(place, name));
      if (found) return found;
    }
  }
  return undefined;
}

async function readPreprocessing(path: string): Promise<Preprocessing | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return preprocessingFrom(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function inspectRepository(
  repo: string,
  path: string,
  { revision, ...options }: InspectOptions,
): Promise<string[]> {
  const { commit, paths } = await listFiles({ repo, revision }, options);
  const models = paths.filter((each) => each.endsWith(".onnx"));
  const chosen = path === "" ? (models.find((each) => /(^|\/)model\.onnx$/.test(each)) ?? models[0]) : path;
  if (chosen === undefined || !models.includes(chosen)) {
    const offered = models.length === 0 ? "none" : models.join(", ");
    throw new HubError(`${repo} has no file ${path || "that ends in .onnx"}; its ONNX files: ${offered}`);
  }
  const get = (each: string) => fetchFile({ repo, revision: commit, path: each }, options);
  // External data: model.onnx_data, model.onnx.data, model.onnx_data_1, …
  const data = paths.filter((each) => each !== chosen && each.startsWith(chosen));
  for (const each of data) await get(each);
  for (const each of besides.filter((name) => paths.includes(name))) await get(each);
  const { path: file } = await get(chosen);
  const place = {
    weights: { repo, file: chosen, ...(data.length > 0 && { with: data }), revision: commit },
  };
  return inspectFile(file, place, await preprocessingBeside(file));
}

async function inspectCard(name: string, { watcher, signal }: InspectOptions): Promise<string[]> {
  const resolved = await readCard(name);
  const { card, architecture, folder } = resolved;
  if (architecture === undefined) {
    const { path } = await findFiles(resolved, { watcher, signal });
    const inspection = await inspectModel(await readModel(path as string), card.input.preprocessing);
    return [`${card.name}: ${card.title}`, ...describeInspection(inspection)];
  }
  const size = inputSize(card.input.preprocessing);
  const { shapes, embedding } = layoutOf(architecture, size);
  const outputs = Object.entries(shapes).filter(([output]) => !output.startsWith("attention."));
  return [
    `${card.name}: ${card.title}`,
    `${folder}: ${fileOf(await whereabouts(resolved))}`,
    `${architecture.family}, ${card.parameters?.toLocaleString("en") ?? "?"} parameters, images of ${size.join(" × ")}, embedding of ${embedding}`,
    "outputs for one image",
    ...outputs.map(([output, shape]) => `  ${output} [${shape.join(", ")}]`),
  ];
}
