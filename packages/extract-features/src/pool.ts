/** Batches prepared by several threads, a few ahead of the encoder and in order. */

import { Worker } from "node:worker_threads";
import type { ImageSourceSpec, Preprocessing } from "@optogram/images";
import type { PreparedBatch } from "./batch.ts";
import type { Request, Response } from "./prepare-worker.ts";

/** What a preparing thread is told at its start. */
export interface Setting {
  readonly images: ImageSourceSpec;
  readonly preprocessing: Preprocessing;
}

export interface Range {
  /** First batch wanted. */
  readonly from: number;
  /** Images a batch. */
  readonly batch: number;
  /** Images in all. */
  readonly total: number;
}

/**
 * Batch k holds images k × batch to (k + 1) × batch − 1, however many threads there are. Each thread has one batch in
 * work and one waiting, for the encoder keeps the main thread from handing out more while it runs.
 * @throws Error where a thread cannot open the images, or ends.
 */
export async function* prepareBatches(
  setting: Setting,
  { from, batch, total }: Range,
  threads: number,
): AsyncGenerator<PreparedBatch, void> {
  const count = Math.ceil(total / batch);
  if (from >= count) return;
  const workers = Array.from({ length: Math.min(threads, count - from) }, () => startWorker(setting));
  const waiting = new Map<number, PromiseWithResolvers<PreparedBatch>>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  for (const worker of workers) {
    worker.on("message", (response: Response) => {
      const wanted = waiting.get(response.batch);
      if ("error" in response)
        wanted?.reject(Object.assign(new Error(response.error.message), { name: response.error.name }));
      else wanted?.resolve(response.prepared);
    });
    worker.on("error", (error) => failed.reject(error));
    worker.on("exit", () => failed.reject(new Error("a thread that prepares images has ended")));
  }
  const request = (index: number): void => {
    if (index >= count) return;
    const result = Promise.withResolvers<PreparedBatch>();
    result.promise.catch(() => undefined);
    waiting.set(index, result);
    const first = index * batch;
    const message: Request = { batch: index, first, end: Math.min(first + batch, total) };
    workers[index % workers.length]?.postMessage(message);
  };
  try {
    const ahead = workers.length * 2;
    for (let index = from; index < from + ahead; index++) request(index);
    for (let index = from; index < count; index++) {
      const wanted = waiting.get(index) as PromiseWithResolvers<PreparedBatch>;
      const prepared = await Promise.race([wanted.promise, failed.promise]);
      waiting.delete(index);
      request(index + ahead);
      yield prepared;
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function startWorker(setting: Setting): Worker {
  return new Worker(new URL("./prepare-worker.ts", import.meta.url), { workerData: setting });
}
