/** A corpus through a trained autoencoder: sparse codes, reconstructions, metrics. */

import type { Device, Tensor } from "@optogram/onnx";
import type { SparseRows } from "@optogram/statistics";
import { tensorNames } from "./autoencoder.ts";
import { type FeatureTable, type SaeMetrics, SaeTally } from "./metrics.ts";
import { gatherRows, type Rows, rowsIn } from "./rows.ts";
import { openCoder } from "./step.ts";

/** Features that may be active in a row at inference, at most. */
export const activeLimit = 32;

const batch = 512;

export interface CodingRun {
  /** Features that stay active in a row; default, and at most, `activeLimit`. */
  readonly limit?: number;
  readonly device?: Device;
  readonly advance?: (rows: number) => void;
}

export interface CodedCorpus {
  /** Row by row, largest activation first. */
  readonly codes: SparseRows & { readonly values: Float32Array };
  readonly reconstruction: Float32Array;
  readonly metrics: SaeMetrics;
  readonly features: FeatureTable;
}

export async function codeCorpus(
  rows: Rows,
  tensors: Readonly<Record<string, Tensor>>,
  run: CodingRun = {},
): Promise<CodedCorpus> {
  const [latents, d] = tensors[tensorNames.decoderWeight].shape;
  const limit = Math.min(run.limit ?? activeLimit, activeLimit, latents);
  const n = rowsIn(rows);
  const coder = await openCoder({ latents, d }, batch, limit, run.device);
  const tally = new SaeTally(rows, latents);
  const offsets = new Uint32Array(n + 1);
  const indices: number[] = [];
  const values: number[] = [];
  const reconstruction = new Float32Array(n * d);
  try {
    for (let first = 0; first < n; first += batch) {
      const size = Math.min(batch, n - first);
      // The last batch is filled up with its own last row.
      const picked = Array.from({ length: batch }, (_, i) => first + Math.min(i, size - 1));
      const coded = await coder.code(gatherRows(rows, picked), tensors);
      tally.add(coded, size, limit);
      reconstruction.set(coded.reconstruction.subarray(0, size * d), first * d);
      for (let i = 0; i < size; i++) {
        for (let p = i * limit; p < (i + 1) * limit && coded.values[p] > 0; p++) {
          indices.push(Number(coded.features[p]));
          values.push(coded.values[p]);
        }
        offsets[first + i + 1] = indices.length;
      }
      run.advance?.(size);
    }
  } finally {
    await coder.close();
  }
  return {
    codes: {
      columns: latents,
      offsets,
      indices: Uint32Array.from(indices),
      values: Float32Array.from(values),
    },
    reconstruction,
    metrics: tally.metrics(),
    features: tally.features(),
  };
}
