import { setImmediate } from "node:timers/promises";
import { readArtifact, writeArtifact } from "@optogram/artifacts";
import type { Phase, Progress, Stage } from "@optogram/cli";
import { z } from "zod";
import { readNames, readSae, readTags } from "./inputs.ts";
import { type CoactivationMap, computeMap, type MapProgress } from "./map.ts";
import { tablesOf } from "./tables.ts";

const parameters = z.strictObject({
  seed: z.int().default(1).describe("Seed of the layout and the regions."),
  minimumCount: z
    .int()
    .positive()
    .default(2)
    .describe("Images in which two features must fire together to be neighbours by coactivation."),
  strongest: z
    .int()
    .positive()
    .optional()
    .describe("Features on the map at most, the strongest first. Default: all that are alive."),
  grid: z
    .int()
    .positive()
    .max(4096)
    .optional()
    .describe("Cells a side of the grid, more where the features need them. Default: half are filled."),
});

/** From an SAE's codes to a map of its features: see the README for the tables. */
export const stage: Stage<z.infer<typeof parameters>> = {
  kind: "compute-coactivation",
  writes: "coactivation",
  summary: "Find which features fire together and draw a map of them.",
  scope: "encoder",
  parameters,
  inputs: {
    sae: { kind: "sae", describe: "Codes of the images and the decoder." },
    features: {
      kind: "features",
      describe: "What the images show, to name regions by; without it they have no names.",
      optional: true,
    },
    alignment: {
      kind: "alignment",
      describe: "Names of features by words, for those whose images share none.",
      optional: true,
    },
  },
  packages: ["umap-js"],
  async run({ parameters, inputs, output, description, progress, signal }) {
    const sae = await readArtifact(inputs.sae[0], "sae");
    const { images, ...input } = await readSae(sae);
    const features = inputs.features?.[0];
    const tags =
      features === undefined ? [] : await readTags(await readArtifact(features, "features"), images);
    const alignment = inputs.alignment?.[0];
    const names = alignment && (await readNames(await readArtifact(alignment, "alignment"), sae.digest));
    const map = await follow(
      computeMap({ ...input, tags, ...(names && { names }) }, parameters),
      progress,
      signal,
    );
    await writeArtifact(output, description, async (writer) => {
      for (const [name, table] of Object.entries(tablesOf(map, images))) await writer.table(name, table);
      Object.assign(writer.metrics, map.metrics);
    });
  },
};

const phaseNames = { pairs: "count pairs", layout: "lay out", grid: "fit to the grid" } as const;
const breath = 50;

/** Runs the core to its end, showing progress and letting the process hear a stop in between. */
async function follow(
  work: Generator<MapProgress, CoactivationMap>,
  progress: Progress,
  signal: AbortSignal,
): Promise<CoactivationMap> {
  let current: { name: MapProgress["phase"]; phase: Phase; done: number } | undefined;
  let rested = performance.now();
  for (;;) {
    const next = work.next();
    if (next.done) {
      current?.phase.done();
      return next.value;
    }
    const { phase: name, done, total } = next.value;
    if (current?.name !== name) {
      current?.phase.done();
      current = { name, phase: progress.phase(phaseNames[name], total), done: 0 };
    }
    current.phase.advance(done - current.done);
    current.done = done;
    signal.throwIfAborted();
    if (performance.now() - rested > breath) {
      await setImmediate();
      rested = performance.now();
    }
  }
}
