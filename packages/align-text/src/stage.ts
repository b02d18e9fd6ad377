/** The stage align-text: embeddings of images and an encoder that reads texts in; what each says of the other out. */

import { type ArtifactWriter, readArtifact, writeArtifact } from "@optogram/artifacts";
import { type Stage, type StageContext, UserError } from "@optogram/cli";
import {
  EncoderError,
  openEncoder,
  openTextEncoder,
  readEncoder,
  type TextEncoder,
} from "@optogram/encoders";
import { openImages, whatWasSeen } from "@optogram/images";
import type { Device } from "@optogram/onnx";
import { type Fit, fitConfidence, heuristic } from "./confidence.ts";
import { type Classes, classesOf, type Features, readFeatures } from "./features.ts";
import { modalityGap } from "./gap.ts";
import { look } from "./look.ts";
import { type Directions, directionsOf, nameDirections } from "./names.ts";
import { checkTexts, type Parameters, parameters, templatesOf } from "./parameters.ts";
import { ensembled, promptsOf } from "./prompts.ts";
import { recall, recallRanks } from "./retrieval.ts";
import { under } from "./rows.ts";
import { search } from "./search.ts";
import * as tables from "./tables.ts";
import { classify } from "./zero-shot.ts";

type Context = StageContext<Parameters>;

export const stage: Stage<Parameters> = {
  kind: "align-text",
  writes: "alignment",
  summary: "Name images, find them by texts, and say how sure that is, for an encoder that reads texts.",
  scope: "encoder",
  parameters,
  inputs: {
    features: { kind: "features", describe: "the images' embeddings, and what is known of them" },
    sae: { kind: "sae", describe: "a dictionary trained on them, whose features get names", optional: true },
  },
  packages: ["onnxruntime-node", "sharp", "@huggingface/tokenizers"],
  async run(context) {
    const { inputs, parameters: given, device } = context;
    const [folder] = inputs.features;
    const artifact = await readArtifact(folder, "features");
    const seen = whatWasSeen(artifact);
    const parts = await readEncoder(seen.encoder);
    if (parts.digest !== seen.card)
      throw new EncoderError(
        `${folder}: the encoder ${seen.encoder} has changed since its embeddings were made; run extract-features again`,
      );
    const texts = await openTextEncoder(seen.encoder, { batch: given.batch, device: device as Device });
    try {
      const features = await readFeatures(artifact);
      const n = features.images.length;
      const images = texts.project(features.embeddings, n);
      const source = await openImages(seen.images);
      for (const { image } of given.debug)
        if (image >= source.length)
          throw new UserError(`"debug" names image ${image}, and there are ${source.length}`);
      const looking = async () => {
        const encoder = await openEncoder(parts, { device, batch: 4 });
        return look(given.debug, source, encoder, texts).finally(() => encoder.close());
      };
      const dictionary =
        inputs.sae?.[0] === undefined ? undefined : await directionsOf(folder, inputs.sae[0]);
      await align(context, { features, images, texts, about: parts.card, looking, dictionary });
    } finally {
      await texts.close();
    }
  },
};

interface Joint {
  readonly features: Features;
  /** In the joint space, at unit length. */
  readonly images: Float32Array;
  readonly texts: TextEncoder;
  readonly about: { readonly name: string; readonly title: string };
  readonly looking: () => ReturnType<typeof look>;
  readonly dictionary: Directions | undefined;
}

async function align(context: Context, joint: Joint): Promise<void> {
  const { parameters: given, progress, signal, output } = context;
  const { features, images, texts } = joint;
  const { temperature, dimension: d } = texts;
  const embed = async (some: readonly string[], what: string) => {
    for (const line of checkTexts(some, what, texts)) progress.note(line);
    signal.throwIfAborted();
    return texts.embed(some);
  };
  for (const { prompts } of given.debug) checkTexts(prompts, "debug", texts);

  const phase = progress.phase("texts and images");
  const queries = await embed(given.queries, "queries");
  const classes = classesOf(features, given.names);
  const templates = templatesOf(given);
  const directions = classes
    ? ensembled(await embed(promptsOf(classes.names, templates), "templates"), d, templates.length)
    : new Float32Array(0);
  const captioned = captionsOf(features, given.captions);
  const captions = await embed(captioned.texts, "captions");

  const fit = classes ? fitOf(images, directions, d, classes, given.seed) : undefined;
  const sure = fit?.confidence ?? heuristic(given.heuristic);
  if (!fit)
    progress.note(
      `nothing to fit a confidence on: ${sure.threshold} and ${sure.temperature} are a heuristic, and so is every confidence`,
    );
  const zeroShot = classes && (await classify(images, directions, d, classes.of, { temperature }));
  const n = features.images.length;
  const top = Math.min(given.top, n);
  const found =
    given.queries.length > 0 ? await search(images, n, queries, d, { k: top, temperature }) : undefined;
  const known = under(...captioned.rows.map((row) => images.subarray(row * d, (row + 1) * d)));
  const recalled = captioned.texts.length > 1 ? await recall(known, captions, captioned.texts, d) : undefined;
  const said = under(directions, queries, captions);
  const gap = n > 1 && said.length > d ? modalityGap(images, said, d, given.seed) : undefined;
  const { dictionary } = joint;
  const names =
    dictionary && classes
      ? nameDirections(texts.project(dictionary.rows, dictionary.features.length), directions, d)
      : undefined;
  const looked = given.debug.length > 0 ? await joint.looking() : undefined;
  phase.done();

  await writeArtifact(output, context.description, async (writer) => {
    const named = (classes?.names ?? []).map((text) => ({ text, role: "class" as const }));
    const asked = given.queries.map((text) => ({ text, role: "query" as const }));
    await writer.table(
      "texts.parquet",
      tables.textsTable([...named, ...asked], under(directions, queries), d),
    );
    if (classes && zeroShot) {
      const byImage = { name: "image", keys: features.images };
      const table = tables.foundTable(zeroShot.nearest, byImage, { name: "class" }, sure, temperature);
      await writer.table("zero-shot.parquet", table);
      await writer.table("accuracy.parquet", tables.accuracyTable(features, classes, zeroShot));
      await writer.table("classes.parquet", tables.classesTable(classes, zeroShot));
      await writer.table("confusion.parquet", tables.confusionTable(classes.labels.length, zeroShot));
    }
    if (found) {
      const byQuery = { name: "query", keys: Array.from(given.queries.keys()) };
      const images = { name: "image", keys: features.images };
      await writer.table("retrieval.parquet", tables.foundTable(found, byQuery, images, sure, temperature));
    }
    const cosines = [
      ...(gap ? [gap.images, gap.texts, gap.across] : []),
      ...(fit ? [fit.matching, fit.others] : []),
    ];
    if (cosines.length > 0) await writer.table("cosines.parquet", tables.cosinesTable(cosines));
    if (fit) await writer.table("reliability.parquet", tables.reliabilityTable(fit.before, fit.after));
    if (dictionary && names)
      await writer.table("names.parquet", tables.namesTable(dictionary.features, names));
    if (looked) {
      await writer.table("debug.parquet", tables.debugTable(looked.parts, sure));
      await writer.table("words.parquet", tables.wordsTable(looked.words));
    }
    const figures = {
      confidence: sure,
      ...(fit && { fit: figuresOf(fit) }),
      ...(zeroShot && {
        zeroShot: { classes: classes?.labels.length, top1: zeroShot.top1, top5: zeroShot.top5 },
      }),
      ...(recalled && { recall: { ranks: recallRanks, ...recalled } }),
      ...(gap && { gap: { distance: gap.distance, ...means(gap) } }),
    };
    await writeAbout(writer, joint, templates, figures);
    Object.assign(writer.metrics, figures);
  });
}

/** Labels say of every class whether an image shows it. */
function fitOf(images: Float32Array, texts: Float32Array, d: number, classes: Classes, seed: number) {
  const matches = (image: number, text: number) => classes.shows(image, text);
  return fitConfidence({ images, texts, d, matches }, seed);
}

/** The first images that have captions, by row. */
function captionsOf({ captions }: Features, most: number) {
  const rows = Array.from(captions.keys())
    .filter((row) => (captions[row] ?? "").trim() !== "")
    .slice(0, most);
  return { rows, texts: rows.map((row) => captions[row] as string) };
}

function figuresOf({ pairs, before, after, matching, others }: Fit) {
  const short = ({ ece, brier, logLoss, n }: Fit["before"]) => ({ ece, brier, logLoss, n });
  return {
    pairs,
    before: short(before),
    after: short(after),
    meanMatching: matching.mean,
    meanOthers: others.mean,
  };
}

function means({ images, texts, across }: ReturnType<typeof modalityGap>) {
  return { images: images.mean, texts: texts.mean, across: across.mean };
}

async function writeAbout(
  writer: ArtifactWriter,
  { texts, about }: Joint,
  templates: readonly string[],
  figures: object,
): Promise<void> {
  const { digest, dimension, context, temperature } = texts;
  await writer.json("alignment.json", {
    encoder: { name: about.name, title: about.title },
    text: { digest, dimension, context, temperature },
    templates,
    ...figures,
  });
}
