/** Token pairs summed over images, so that a killed run goes on where it was. */

import { type Checkpoint, openCheckpoint, type Tensor } from "@optogram/artifacts";
import { type StageContext, UserError } from "@optogram/cli";
import { ImageError, type ImageSource, wantedSide } from "@optogram/images";
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
      const shown = await showReadable(reconstructor, source, part, progress.note);
      phase.advance(part.length);
      if (shown.length === 0) continue;
      const pairOf = pairReader(
        reconstructor,
        shown.map(({ seen }) => seen),
      );
      for (const [i, change] of chosen.entries()) {
        const { x, y } = await pairOf(change);
        await sums[i].add(x, y);
      }
    }
    phase.done();
    const products = await productsOf(sums);
    if (products[0].tokens > 0) return products;
    throw new UserError(`none of ${positions.length} images to fit on can be read`, {
      advice: "repair them, or name another set",
    });
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

/** Images at both sizes that are needed of them, those that can be read; `note` is told of each other. */
export async function showReadable(
  reconstructor: Reconstructor,
  source: ImageSource,
  positions: readonly number[],
  note: (line: string) => void,
): Promise<(Shown & { readonly position: number })[]> {
  const side = wantedSide(reconstructor.encoder.card.input.preprocessing);
  const show = async (position: number) => {
    try {
      const picture = await source.read(position, side);
      return [{ position, seen: reconstructor.see(picture), target: reconstructor.target(picture) }];
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      note(`${error.message}; it is left out`);
      return [];
    }
  };
  return (await Promise.all(positions.map(show))).flat();
}
