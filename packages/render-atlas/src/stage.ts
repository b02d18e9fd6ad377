import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeTable, writeArtifact } from "@optogram/artifacts";
import { type Stage, type StageContext, UserError } from "@optogram/cli";
import { z } from "zod";
import { readEvaluation } from "./evaluation.ts";
import { readMaps } from "./maps.ts";
import { readOperators } from "./operators.ts";
import { readEncoders, readParts } from "./read.ts";
import { type RenderContext, renderSite, type SharedParts } from "./render.ts";
import { openStore } from "./store.ts";
import { readSuperposition } from "./superposition.ts";
import { readWords } from "./words.ts";

const parameters = z.strictObject({
  title: z.string().min(1).default("Optogram").describe("Title of the atlas."),
});

/** The page as its package builds it. It lies above this stage, so it is found by place and not imported. */
const pageFolder = fileURLToPath(new URL("../../atlas/dist/", import.meta.url));

/** Artifacts of a pipeline's encoders in, a static web site out: see the README for its files. */
export const stage: Stage<z.infer<typeof parameters>> = {
  kind: "render-atlas",
  writes: "atlas",
  summary: "Write the atlas: the page, its tables and its pictures.",
  scope: "pipeline",
  parameters,
  packages: ["sharp"],
  inputs: {
    features: {
      kind: "features",
      describe: "What the encoders saw: the images' names and where they come from.",
      many: true,
      optional: true,
    },
    sae: {
      kind: "sae",
      describe: "Features of each encoder; ground truth where there is any.",
      many: true,
      optional: true,
    },
    coactivation: {
      kind: "coactivation",
      describe: "Maps; encoders without one are only compared with.",
      many: true,
      optional: true,
    },
    decoder: {
      kind: "decoder",
      describe: "Networks for the page, which takes photos apart and paints with them.",
      many: true,
      optional: true,
    },
    pictures: {
      kind: "pictures",
      describe: "Pictures of features, for the map; without them a feature shows its top images.",
      many: true,
      optional: true,
    },
    superposition: {
      kind: "superposition",
      describe: "Ten classes in two dimensions, played as an animation on a page of its own.",
      optional: true,
    },
    probes: {
      kind: "probes",
      describe: "How features answer to things of varied size and number, for comparing two.",
      many: true,
      optional: true,
    },
    spread: {
      kind: "spread",
      describe: "Pictures that an encoder takes for the same as an image.",
      many: true,
      optional: true,
    },
    combinations: {
      kind: "combinations",
      describe: "Pictures of chosen pairs of features, for the page that combines them.",
      many: true,
      optional: true,
    },
    evaluation: {
      kind: "evaluation",
      describe: "Encoders ranked by what their tokens keep; an atlas may be of this alone.",
      optional: true,
    },
    operators: {
      kind: "operators",
      describe: "Changes of pictures as maps of tokens, of encoders whether they have features or not.",
      many: true,
      optional: true,
    },
    maps: {
      kind: "feature-maps",
      describe: "What encoders see where, side by side, whether they have features or not.",
      many: true,
      optional: true,
    },
    alignment: {
      kind: "alignment",
      describe:
        "Texts and images, of encoders whose texts the page can read; with the features they were made of.",
      many: true,
      optional: true,
    },
  },
  async run({ parameters, inputs, output, scratch, description, progress, signal }) {
    const page = await readPage(pageFolder);
    const shared = await readShared(inputs);
    // Features alone are there for the images of an alignment.
    const features = inputs.features && !inputs.alignment;
    const alone = Object.keys(shared).length > 0 && !features && !inputs.sae && !inputs.coactivation;
    const artifacts = alone ? [] : await readEncoders(inputs);
    const encoders = await Promise.all(artifacts.map(readParts));
    // No parameter changes a picture: what does are the inputs and the versions.
    const store = await openStore(
      scratch,
      JSON.stringify({ inputs: description.inputs, versions: description.versions }),
    );
    await writeArtifact(output, description, async (writer) => {
      const context: RenderContext = {
        writer: {
          bytes: (path, bytes) => writer.bytes(path, bytes),
          table: async (path, table, rowGroupRows) => {
            const bytes = await encodeTable(table, {
              compression: "snappy",
              ...(rowGroupRows && { rowGroupRows }),
            });
            await writer.bytes(path, bytes);
            return bytes.length;
          },
        },
        store,
        progress,
        signal,
      };
      const site = await renderSite(parameters.title, encoders, context, shared);
      for (const name of page) await writer.bytes(name, await readFile(join(pageFolder, name)));
      writer.metrics.encoders = site.encoders.length;
      writer.metrics.features = site.encoders.reduce((sum, { map, living }) => sum + (map ? living : 0), 0);
    });
  },
};

async function readShared({
  superposition,
  evaluation,
  operators,
  maps,
  alignment,
  features = [],
}: StageContext<unknown>["inputs"]): Promise<SharedParts> {
  return {
    ...(superposition && { superposition: await readSuperposition(superposition[0]!) }),
    ...(evaluation && { evaluation: await readEvaluation(evaluation[0]!) }),
    ...(operators && { operators: await Promise.all(operators.map(readOperators)) }),
    ...(maps && { maps: await Promise.all(maps.map(readMaps)) }),
    ...(alignment && { words: await Promise.all(alignment.map((one) => readWords(one, features))) }),
  };
}

/** Names of the built page's files, sorted. */
async function readPage(folder: string): Promise<string[]> {
  const built = await stat(join(folder, "index.html")).catch(() => undefined);
  if (!built?.isFile()) {
    throw new UserError("the atlas's page is not built: packages/atlas/dist is missing", {
      advice: "run npm run build -w @optogram/atlas",
    });
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll("\\", "/"))
    .sort();
}
