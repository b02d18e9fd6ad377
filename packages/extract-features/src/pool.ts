/** Batches prepared by several threads, in order and ahead of the encoder. */

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

export interface Threads {
  readonly count: number;
  /**
   * Whether they prepare while the encoder runs: where that is on the same processor, both would be slowed, because
   * ONNX Runtime's threads wait for one another by spinning. Then some batches are prepared, then these are encoded.
   */
  readonly beside: boolean;
}

/** Batches a thread that are prepared at a time where nothing runs beside: enough to even out their times. */
const batchesBetween = 4;

/** One in work and one waiting, for the encoder keeps the main thread from handing out more while it runs. */
const batchesBeside = 2;

/**
 * Batch k holds images k × batch to (k + 1) × batch − 1, however many threads there are.
 * @throws Error where a thread cannot open the images, or ends.
 */
export async function* prepareBatches(
  setting: Setting,
  { from, batch, total }: Range,
  threads: Threads,
): AsyncGenerator<PreparedBatch, void> {
  const count = Math.ceil(total / batch);
  if (from >= count) return;
  const workers = Array.from({ length: Math.min(threads.count, count - from) }, () => startWorker(setting));
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
  let next = from;
  const request = (): void => {
    const index = next++;
    const result = Promise.withResolvers<PreparedBatch>();
    result.promise.catch(() => undefined);
    waiting.set(index, result);
    const first = index * batch;
    const message: Request = { batch: index, first, end: Math.min(first + batch, total) };
    workers[index % workers.length]?.postMessage(message);
  };
  try {
    const ahead = workers.length * (threads.beside ? batchesBeside : batchesBetween);
    for (let index = from; index < count; index++) {
      if (threads.beside || index === next) {
        while (next < Math.min(count, index + ahead)) request();
      }
      const wanted = waiting.get(index) as PromiseWithResolvers<PreparedBatch>;
      const before = threads.beside ? [] : Array.from(waiting.values(), ({ promise }) => promise);
      await Promise.race([Promise.all([wanted.promise, ...before]), failed.promise]);
      waiting.delete(index);
      yield await wanted.promise;
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function startWorker(setting: Setting): Worker {
  return new Worker(new URL("./prepare-worker.ts", import.meta.url), { workerData: setting });
}
