/** Token pairs summed over images, so that a killed run goes on where it was. */

import { type Checkpoint, openCheckpoint, type Tensor } from "@optogram/artifacts";
import type { StageContext } from "@optogram/cli";
import { type ImageSource, wantedSide } from "@optogram/images";
import type { Reconstructor } from "@optogram/reconstruction";
import { z } from "zod";
import type { Change } from "./changes.ts";
import type { Shown } from "./judge.ts";
import { pairReader } from "./pairs.ts";
import { openProductSum, type ProductSum, type TokenProducts } from "./products.ts";

/** Batches of images between checkpoints. */
const batchesSaved = 16;

/** The cross products of each change's token pairs over the images at `positions`. */
export async function sumPairs(
  { parameters: { batch }, scratch, description, progress, signal }: StageContext<{ readonly batch: number }>,
  reconstructor: Reconstructor,
  chosen: readonly Change[],
  positions: readonly number[],
  source: ImageSource,
): Promise<TokenProducts[]> {
  const store = openCheckpoint(scratch, description, "products");
  const saved = await store.load();
  const started = sumsSchema.safeParse(saved?.state);
  const start = saved && started.success ? { ...saved, sums: started.data } : undefined;
  const sums = await Promise.all(
    chosen.map((_, i) =>
      openProductSum(
        reconstructor.width,
        start && {
          xx: start.tensors[`${i}.xx`].data as Float64Array,
          xy: start.tensors[`${i}.xy`].data as Float64Array,
          ...start.sums[i],
        },
      ),
    ),
  );
  const phase = progress.phase("read token pairs", positions.length, start?.step ?? 0);
  try {
    for (let at = start?.step ?? 0; at < positions.length; at += batch) {
      signal.throwIfAborted();
      if (at > 0 && at % (batchesSaved * batch) === 0 && at !== start?.step)
        await save(store, at, await productsOf(sums));
      const part = positions.slice(at, at + batch);
      const shown = await Promise.all(part.map((position) => show(reconstructor, source, position)));
      const pairOf = pairReader(
        reconstructor,
        shown.map(({ seen }) => seen),
      );
      for (const [i, change] of chosen.entries()) {
        const { x, y } = await pairOf(change);
        await sums[i].add(x, y);
      }
      phase.advance(part.length);
    }
    phase.done();
    return await productsOf(sums);
  } finally {
    await Promise.all(sums.map((sum) => sum.close()));
  }
}

const sumsSchema = z.array(z.object({ yy: z.number(), tokens: z.int() }));

function productsOf(sums: readonly ProductSum[]): Promise<TokenProducts[]> {
  return Promise.all(sums.map((sum) => sum.products()));
}

async function save(store: Checkpoint, step: number, products: readonly TokenProducts[]): Promise<void> {
  const tensor = (data: Float64Array): Tensor => ({ dtype: "float64", shape: [data.length], data });
  const tensors = Object.fromEntries(
    products.flatMap(({ xx, xy }, i) => [
      [`${i}.xx`, tensor(xx)],
      [`${i}.xy`, tensor(xy)],
    ]),
  );
  await store.save(
    step,
    tensors,
    products.map(({ yy, tokens }) => ({ yy, tokens })),
  );
}

/** An image at both sizes that are needed of it. */
export async function show(
  reconstructor: Reconstructor,
  source: ImageSource,
  position: number,
): Promise<Shown> {
  const picture = await source.read(position, wantedSide(reconstructor.encoder.card.input.preprocessing));
  return { seen: reconstructor.see(picture), target: reconstructor.target(picture) };
}
