/** What a stage is: a step of a pipeline that reads artifacts and writes one. */
import type { ArtifactDescription } from "@optogram/artifacts";
import type { z } from "zod";
import type { Progress } from "./progress.ts";

export interface StageInput {
  /** The kind of artifact that it must be. */
  readonly kind: string;
  /** For `--help`: what it is read for. */
  readonly describe: string;
  readonly optional?: boolean;
  /** Whether several artifacts of the kind may be given. */
  readonly many?: boolean;
}

export interface Stage<P> {
  /** `train-sae`: also the command's and the task's name. */
  readonly kind: string;
  /** The kind of artifact that it writes. */
  readonly writes: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Whether it runs once an encoder or once for the whole pipeline. */
  readonly scope: "encoder" | "pipeline";
  /**
   * An object schema with `.describe()` and `.default()`: flags, help and the pipeline's JSON schema come from
   * it. A stage that opens images names the set's specification `images`, one that opens an encoder `encoder`.
   */
  readonly parameters: z.ZodType<P>;
  /** The artifacts that it reads, by role. */
  readonly inputs: Readonly<Record<string, StageInput>>;
  /** npm packages whose version changes the result, for the manifest: `["onnxruntime-node"]`. */
  readonly packages?: readonly string[];
  run(context: StageContext<P>): Promise<void>;
}

export interface StageContext<P> {
  readonly parameters: P;
  /** Role to artifact folders; no entry for an optional role that was not given. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  /** The folder to write, with `writeArtifact(output, description, …)`. */
  readonly output: string;
  /** What the manifest says of this run: parameters, digests of inputs, versions, device. */
  readonly description: ArtifactDescription;
  /** A folder that survives a kill, for checkpoints; removed after success. */
  readonly scratch: string;
  readonly encoder?: string;
  /** The pipeline's image sets by name. */
  readonly images?: Readonly<Record<string, unknown>>;
  readonly device: string;
  readonly progress: Progress;
  /** Aborted when the user stops the run: save what can be gone on from, then throw. */
  readonly signal: AbortSignal;
}
