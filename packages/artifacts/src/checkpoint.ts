/**
 * The last state of a long computation, so that it can go on after its process was killed. One file, replaced
 * as a whole: tensors as safetensors, the rest as JSON in its metadata.
 */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { sha256 } from "./digest.ts";
import { ArtifactError } from "./error.ts";
import { replaceFile } from "./folder.ts";
import { canonicalJson, type Json, toJson } from "./json.ts";
import { encodeTensors, type NumericTensor, readTensors } from "./safetensors.ts";
import type { Tensor } from "./tensor.ts";

export interface CheckpointState {
  readonly step: number;
  readonly tensors: Readonly<Record<string, NumericTensor>>;
  readonly state: Json;
}

export interface Checkpoint {
  /** Keeps this state in the place of the one before; it is on the disk when the promise resolves. */
  save(step: number, tensors: Readonly<Record<string, Tensor>>, state?: unknown): Promise<void>;
  /** The last state; undefined where there is none, it is damaged, or it was saved under another key. */
  load(): Promise<CheckpointState | undefined>;
  remove(): Promise<void>;
}

const metadataSchema = z.object({
  key: z.string(),
  step: z.string().regex(/^\d+$/),
  state: z.string(),
});

/**
 * The checkpoint in folder `scratch`. `key` is everything that the computation depends on (parameters, digests
 * of inputs, versions): a checkpoint of another key is not gone on from.
 */
export function openCheckpoint(scratch: string, key: unknown, name = "checkpoint"): Checkpoint {
  const path = join(scratch, `${name}.safetensors`);
  const keyDigest = sha256(canonicalJson(toJson(key)));
  return {
    async save(step, tensors, state = null) {
      await mkdir(scratch, { recursive: true });
      const metadata = { key: keyDigest, step: String(step), state: JSON.stringify(toJson(state)) };
      await replaceFile(path, encodeTensors(tensors, metadata));
    },
    async load() {
      try {
        const { tensors, metadata } = await readTensors(path);
        const { key: savedKey, step, state } = metadataSchema.parse(metadata);
        if (savedKey !== keyDigest) return undefined;
        return { step: Number(step), tensors, state: z.json().parse(JSON.parse(state)) };
      } catch (error) {
        const unusable = [ArtifactError, z.ZodError, SyntaxError].some((kind) => error instanceof kind);
        if (unusable) return undefined;
        throw error;
      }
    },
    async remove() {
      await rm(path, { force: true });
    },
  };
}
