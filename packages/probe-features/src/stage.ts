/** The stage probe-features: a dictionary in; how its features answer to one thing varied at a time out. */

import { openCheckpoint, readArtifact, sha256, writeArtifact } from "@optogram/artifacts";
import { type Stage, type StageContext, UserError } from "@optogram/cli";
import { readStudy } from "@optogram/dictionary/study";
import { type Encoder, openEncoder } from "@optogram/encoders";
import { whatWasSeen } from "@optogram/images";
import { kinds } from "@optogram/scenes";
import { z } from "zod";
import { colourOf, openBackground } from "./background.ts";
import { curvesOf } from "./curves.ts";
import { readCutouts } from "./cutout.ts";
import { type Embedded, embedThing } from "./embed.ts";
import { shotsOf } from "./probe.ts";
import { findSplits } from "./splits.ts";
import { type PicturedThing, probesTable, splitsTable } from "./tables.ts";
import { kindThing, type Thing } from "./thing.ts";

const parameters = z.strictObject({
  kinds: z
    .array(z.string())
    .optional()
    .describe("Kinds of things to probe with; all where there are no cut-outs, otherwise none."),
  cutouts: z
    .string()
    .min(1)
    .optional()
    .describe("A folder of things of your own: PNG files with a transparent background."),
  background: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Behind the things: a colour (#rrggbb), or for cut-outs a picture's path; where kinds live, and grey for cut-outs, where nothing is said.",
    ),
  drawings: z.int().min(1).max(64).default(3).describe("Drawings of each image to average over."),
  seed: z.int().min(0).default(1).describe("Seed of the drawings."),
});

type Parameters = z.infer<typeof parameters>;
type Context = StageContext<Parameters>;

/** Images that the encoder takes at a time. */
const batch = 16;

export const stage: Stage<Parameters> = {
  kind: "probe-features",
  writes: "probes",
  summary: "Probe features with one thing whose size, number and wholeness vary; find pairs that split it.",
  scope: "encoder",
  parameters,
  inputs: {
    features: { kind: "features", describe: "the embeddings that the dictionary was trained on" },
    sae: { kind: "sae", describe: "the dictionary" },
  },
  packages: ["onnxruntime-node", "sharp"],
  run,
};

async function run(context: Context): Promise<void> {
  const { inputs, parameters: given, device, progress, signal } = context;
  const things = await openThings(given);
  const { dictionary } = await readStudy(inputs.features[0], inputs.sae[0], { progress, signal });
  const seen = whatWasSeen(await readArtifact(inputs.features[0], "features"));
  const encoder = await openEncoder(seen.encoder, { device, batch });
  const seeds = Array.from({ length: given.drawings }, (_, i) => given.seed * 1009 + i);
  const phase = progress.phase("probe the things", things.length);
  try {
    const probed: PicturedThing[] = [];
    for (const thing of things) {
      signal.throwIfAborted();
      const { embeddings, pictures } = await embedOnce(context, thing, seeds, encoder);
      const curves = curvesOf(dictionary, embeddings, seeds.length);
      probed.push({ name: thing.name, shots: shotsOf(thing), curves, pictures });
      phase.advance();
    }
    phase.done();
    const splits = findSplits(probed);
    await writeArtifact(context.output, context.description, async (writer) => {
      await writer.table("probes.parquet", probesTable(probed));
      await writer.table("splits.parquet", splitsTable(splits, probed));
      const [best] = splits;
      Object.assign(writer.metrics, {
        things: things.length,
        splits: splits.length,
        ...(best && { bestSplit: best.score, bestSplitOf: `${probed[best.thing].name}, ${best.probe}` }),
      });
    });
  } finally {
    await encoder.close();
  }
}

/** @throws UserError for kinds that do not exist, and things that cannot be told apart */
async function openThings({ kinds: named, cutouts, background }: Parameters): Promise<Thing[]> {
  const chosen = named ?? (cutouts === undefined ? kinds.map(({ name }) => name) : []);
  const unknown = chosen.find((name) => !kinds.some((kind) => kind.name === name));
  if (unknown !== undefined)
    throw new UserError(`no kind of thing is called "${unknown}"`, {
      advice: `the kinds are ${kinds.map(({ name }) => name).join(", ")}`,
    });
  const colour = background === undefined ? undefined : colourOf(background);
  if (background !== undefined && colour === undefined && cutouts === undefined)
    throw new UserError(`kinds of things cannot be put on "${background}"`, {
      advice: "name a colour such as #808080, or leave background out for places where they live",
    });
  const own =
    cutouts === undefined ? [] : await readCutouts(cutouts, await openBackground(background ?? "#808080"));
  const things = [...chosen.map((name) => kindThing(name, colour)), ...own];
  const twice = things.find(({ name }, i) => things.findIndex((other) => other.name === name) !== i);
  if (twice) throw new UserError(`two things are called ${twice.name}`, { advice: "name each differently" });
  if (things.length === 0)
    throw new UserError("there is nothing to probe with", { advice: "name kinds or a folder of cut-outs" });
  return things;
}

/** A thing's embeddings and pictures: those that an interrupted run left, or new ones. */
async function embedOnce(
  { scratch, description }: Context,
  thing: Thing,
  seeds: readonly number[],
  encoder: Encoder,
): Promise<Embedded> {
  const key = { description, thing: [thing.name, thing.key], encoder: encoder.digest };
  const store = openCheckpoint(scratch, key, `thing-${sha256(thing.name).slice(0, 12)}`);
  const saved = await store.load();
  const [embeddings, files, lengths] = ["embeddings", "files", "lengths"].map(
    (name) => saved?.tensors[name]?.data,
  );
  if (embeddings instanceof Float32Array && files instanceof Uint8Array && lengths instanceof Uint32Array) {
    return { embeddings, pictures: cut(files, lengths) };
  }
  const made = await embedThing(thing, seeds, encoder);
  const joined = Buffer.concat(made.pictures);
  await store.save(1, {
    embeddings: { dtype: "float32", shape: [made.embeddings.length], data: made.embeddings },
    files: { dtype: "uint8", shape: [joined.length], data: new Uint8Array(joined) },
    lengths: {
      dtype: "uint32",
      shape: [made.pictures.length],
      data: Uint32Array.from(made.pictures, ({ length }) => length),
    },
  });
  return made;
}

function cut(files: Uint8Array, lengths: Uint32Array): Uint8Array[] {
  let at = 0;
  return Array.from(lengths, (length) => {
    at += length;
    return files.subarray(at - length, at);
  });
}
