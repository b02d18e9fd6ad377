/** Runs a stage: checks what it is given, locks its folder, and sees that it wrote what it says. */
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type ArtifactDescription, digestOf, type Manifest, readManifest } from "@optogram/artifacts";
import { z } from "zod";
import ownPackage from "../package.json" with { type: "json" };
import { StoppedError, UserError } from "./errors.ts";
import { withLock } from "./lock.ts";
import { type Progress, silent } from "./progress.ts";
import { propertiesOf } from "./shape.ts";
import type { Stage, StageContext } from "./stage.ts";

export interface RunOptions {
  /** Unchecked. */
  readonly parameters?: unknown;
  /** Role to artifact folders. */
  readonly inputs?: Readonly<Record<string, readonly string[]>>;
  readonly output: string;
  readonly device?: string;
  /** Also becomes the parameter `encoder` of a stage that has one and was not given it. */
  readonly encoder?: string;
  readonly images?: Readonly<Record<string, unknown>>;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Runs `stage` and returns the manifest of what it wrote.
 * @throws UserError, ArtifactError for what the user can put right; StoppedError after `signal`
 */
export async function runStage<P>(stage: Stage<P>, options: RunOptions): Promise<Manifest> {
  const { device = "cpu", encoder, images, progress = silent } = options;
  const signal = options.signal ?? new AbortController().signal;
  const output = resolve(options.output);
  const parameters = checkParameters(stage, options);
  const inputs = checkRoles(stage, options.inputs ?? {});
  return withLock(output, async () => {
    const description: ArtifactDescription = {
      kind: stage.writes,
      stage: stage.kind,
      parameters: parameters as Record<string, unknown>,
      inputs: await digestInputs(stage, inputs),
      versions: versionsOf(stage),
      device,
    };
    const scratch = join(dirname(output), ".scratch", basename(output));
    await mkdir(scratch, { recursive: true });
    const context: StageContext<P> = {
      ...{ parameters, inputs, output, description, scratch, device, progress, signal },
      ...(encoder === undefined ? {} : { encoder }),
      ...(images === undefined ? {} : { images }),
    };
    try {
      await stage.run(context);
    } catch (error) {
      if (signal.aborted) throw new StoppedError(error);
      throw error;
    }
    const manifest = await readManifest(output);
    if (manifest.kind !== stage.writes || manifest.stage !== stage.kind) {
      throw new Error(`${stage.kind} left ${manifest.kind} by ${manifest.stage} in ${output}`);
    }
    await rm(scratch, { recursive: true, force: true });
    // Other tasks' scratch folders may lie beside it.
    await rmdir(dirname(scratch)).catch(() => undefined);
    return manifest;
  });
}

type Facts = Pick<Stage<unknown>, "kind" | "inputs" | "packages">;

function checkParameters<P>(stage: Stage<P>, { parameters = {}, encoder }: RunOptions): P {
  const named = Object.hasOwn(propertiesOf(stage.parameters), "encoder");
  const given = named && encoder !== undefined ? { encoder, ...Object(parameters) } : parameters;
  const result = stage.parameters.safeParse(given);
  if (result.success) return result.data;
  const issues = result.error.issues.map(
    ({ path, message }) => `${path.map(String).join(".") || "parameters"}: ${message}`,
  );
  throw new UserError(`bad parameters: ${issues.join("; ")}`, {
    advice: `see optogram ${stage.kind} --help`,
  });
}

function checkRoles(
  stage: Facts,
  given: Readonly<Record<string, readonly string[]>>,
): Record<string, readonly string[]> {
  const advice = `see optogram ${stage.kind} --help`;
  for (const role of Object.keys(given)) {
    if (!Object.hasOwn(stage.inputs, role)) {
      const there = Object.keys(stage.inputs).join(", ") || "none";
      throw new UserError(`there is no input "${role}"; there is ${there}`, { advice });
    }
  }
  const inputs: Record<string, readonly string[]> = {};
  for (const [role, { kind, optional, many }] of Object.entries(stage.inputs)) {
    const folders = (given[role] ?? []).map((folder) => resolve(folder));
    if (folders.length === 0 && !optional)
      throw new UserError(`input "${role}" is missing: a folder of ${kind}`, { advice });
    if (folders.length > 1 && !many)
      throw new UserError(`input "${role}" is one folder, not ${folders.length}`, { advice });
    if (folders.length > 0) inputs[role] = folders;
  }
  return inputs;
}

async function digestInputs(
  stage: Facts,
  inputs: Readonly<Record<string, readonly string[]>>,
): Promise<ArtifactDescription["inputs"]> {
  const digests: Record<string, { kind: string; digest: string }> = {};
  for (const [role, folders] of Object.entries(inputs)) {
    const { kind, many } = stage.inputs[role]!;
    for (const [i, folder] of folders.entries()) {
      const manifest = await readManifest(folder);
      if (manifest.kind !== kind) {
        throw new UserError(`input "${role}" is ${kind}, not ${manifest.kind}`, { where: folder });
      }
      digests[many ? `${role}.${i}` : role] = { kind, digest: digestOf(manifest) };
    }
  }
  return digests;
}

function versionsOf(stage: Facts): Record<string, string> {
  const versions: Record<string, string> = { optogram: ownPackage.version };
  for (const name of stage.packages ?? []) versions[name] = installedVersion(name);
  return versions;
}

/** A package's version by the file system: not every package exports its package.json. */
function installedVersion(name: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const path = join(folder, "node_modules", name, "package.json");
    if (existsSync(path))
      return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path, "utf8"))).version;
    if (folder === dirname(folder))
      throw new UserError(`the package ${name} is not installed`, { advice: "run npm ci" });
  }
}
