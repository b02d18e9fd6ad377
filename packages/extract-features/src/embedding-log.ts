/** Finished batches kept on disk, so that a run goes on where it was killed. */

import { openCheckpoint } from "@optogram/artifacts";
import { z } from "zod";
import type { EmbeddedBatch, Entry, Failure } from "./batch.ts";

/** Images after which finished batches are saved, or milliseconds, whichever comes first. */
const saveImages = 2_000;
const saveEvery = 15_000;

const stateSchema = z.object({
  batches: z.int().min(1),
  entries: z.array(
    z.object({
      image: z.int().min(0),
      record: z.object({
        id: z.string(),
        label: z.string().exactOptional(),
        caption: z.string().exactOptional(),
        truth: z
          .array(z.object({ kind: z.string(), coverage: z.number() }))
          .readonly()
          .exactOptional(),
      }),
    }),
  ),
  failures: z.array(z.object({ id: z.string(), message: z.string() })),
});

/** Everything embedded so far, in order. */
export class EmbeddingLog {
  readonly entries: Entry[] = [];
  readonly failures: Failure[] = [];
  /** Batches that are here, saved or not. */
  batches = 0;
  readonly #embeddings: Float32Array[] = [];
  readonly #scratch: string;
  readonly #key: unknown;
  #files = 0;
  #unsaved: EmbeddedBatch[] = [];
  #savedAt = performance.now();

  private constructor(scratch: string, key: unknown) {
    this.#scratch = scratch;
    this.#key = key;
  }

  /** What an earlier run of the same `key` left in `scratch`. */
  static async load(scratch: string, key: unknown): Promise<EmbeddingLog> {
    const log = new EmbeddingLog(scratch, key);
    for (;;) {
      const saved = await log.#file().load();
      const state = stateSchema.safeParse(saved?.state);
      const data = saved?.tensors.embeddings?.data;
      if (!state.success || !(data instanceof Float32Array)) return log;
      log.#take({ ...state.data, embeddings: data }, state.data.batches);
      log.#files++;
    }
  }

  /** Adds the next batch; saved at once only when there is enough to save. */
  async add(batch: EmbeddedBatch): Promise<void> {
    this.#take(batch, 1);
    this.#unsaved.push(batch);
    const images = this.#unsaved.reduce((sum, { entries }) => sum + entries.length, 0);
    if (images >= saveImages || performance.now() - this.#savedAt >= saveEvery) await this.save();
  }

  async save(): Promise<void> {
    if (this.#unsaved.length === 0) return;
    const embeddings = concatenate(this.#unsaved.map((batch) => batch.embeddings));
    const state: z.infer<typeof stateSchema> = {
      batches: this.#unsaved.length,
      entries: this.#unsaved.flatMap((batch) => batch.entries),
      failures: this.#unsaved.flatMap((batch) => batch.failures),
    };
    const shape = [embeddings.length];
    await this.#file().save(
      this.batches,
      { embeddings: { dtype: "float32", shape, data: embeddings } },
      state,
    );
    this.#files++;
    this.#unsaved = [];
    this.#savedAt = performance.now();
  }

  /** [entries, dimension] */
  embeddings(): Float32Array {
    return concatenate(this.#embeddings);
  }

  #file() {
    return openCheckpoint(this.#scratch, this.#key, `embeddings-${this.#files}`);
  }

  #take({ entries, failures, embeddings }: EmbeddedBatch, batches: number): void {
    for (const entry of entries) this.entries.push(entry);
    this.failures.push(...failures);
    this.#embeddings.push(embeddings);
    this.batches += batches;
  }
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
