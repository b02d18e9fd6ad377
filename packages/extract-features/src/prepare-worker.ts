/** A thread that prepares batches on request. */

import { parentPort, workerData } from "node:worker_threads";
import { openImages } from "@optogram/images";
import type { PreparedBatch } from "./batch.ts";
import type { Setting } from "./pool.ts";
import { prepareBatch } from "./prepare.ts";

export interface Request {
  readonly batch: number;
  readonly first: number;
  readonly end: number;
}

export type Response =
  | { readonly batch: number; readonly prepared: PreparedBatch }
  | { readonly batch: number; readonly error: { readonly name: string; readonly message: string } };

const { images, preprocessing } = workerData as Setting;
const source = openImages(images);

parentPort?.on("message", async ({ batch, first, end }: Request) => {
  try {
    const prepared = await prepareBatch(await source, preprocessing, first, end);
    const response: Response = { batch, prepared };
    parentPort?.postMessage(response, [prepared.pixels.buffer as ArrayBuffer]);
  } catch (error) {
    // Cloning an error would lose its name, by which the user's mistakes are told from defects.
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    parentPort?.postMessage({ batch, error: { name, message } } satisfies Response);
  }
});
