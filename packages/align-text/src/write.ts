/** An "alignment" artifact's files. */

import type { ArtifactWriter } from "@optogram/artifacts";
import type { TextEncoder } from "@optogram/encoders";
import type { Alignment } from "./align.ts";
import type { Fit } from "./confidence.ts";
import type { Features } from "./features.ts";
import type { Gap } from "./gap.ts";
import type { Looked } from "./look.ts";
import type { Directions } from "./names.ts";
import type { ReadTexts } from "./read-texts.ts";
import { recallRanks } from "./retrieval.ts";
import { under } from "./rows.ts";
import * as tables from "./tables.ts";

export interface About {
  readonly encoder: { readonly name: string; readonly title: string };
  readonly words: readonly string[];
  readonly queries: readonly string[];
  readonly templates: readonly string[];
  readonly features: Features;
  readonly texts: TextEncoder;
  readonly read: ReadTexts;
  readonly dictionary: Directions | undefined;
  readonly looked: Looked | undefined;
}

export async function writeAlignment(
  writer: ArtifactWriter,
  alignment: Alignment,
  about: About,
): Promise<void> {
  const { features, texts, read, dictionary, looked, encoder, templates } = about;
  const { confidence: sure, fit, zeroShot, found, gap, names } = alignment;
  const { classes } = read;
  const { digest, dimension, context, temperature } = texts;
  const write = (name: string, table: Parameters<ArtifactWriter["table"]>[1]) =>
    writer.table(`${name}.parquet`, table);

  const said = [
    ...(classes?.names ?? []).map((text) => ({ text, role: "class" as const })),
    ...about.words.map((text) => ({ text, role: "word" as const })),
    ...about.queries.map((text) => ({ text, role: "query" as const })),
  ];
  await write(
    "texts",
    tables.textsTable(said, under([read.directions, read.words, read.queries]), dimension),
  );
  const images = { name: "image", keys: features.images };
  if (classes && zeroShot) {
    const byClass = { name: "class" };
    await write("zero-shot", tables.foundTable(zeroShot.nearest, images, byClass, sure, temperature));
    await write("accuracy", tables.accuracyTable(features, classes, zeroShot));
    await write("classes", tables.classesTable(classes, zeroShot));
    await write("confusion", tables.confusionTable(classes.labels.length, zeroShot));
  }
  if (found) {
    const queries = { name: "query", keys: Array.from(about.queries.keys()) };
    await write("retrieval", tables.foundTable(found, queries, images, sure, temperature));
  }
  const cosines = [
    ...(gap ? [gap.images, gap.texts, gap.across] : []),
    ...(fit ? [fit.matching, fit.others] : []),
  ];
  if (cosines.length > 0) await write("cosines", tables.cosinesTable(cosines));
  if (fit) await write("reliability", tables.reliabilityTable(fit.before, fit.after));
  if (dictionary && names) await write("names", tables.namesTable(dictionary.features, names));
  if (looked) {
    await write("debug", tables.debugTable(looked.parts, sure));
    await write("words", tables.wordsTable(looked.words));
  }
  const figures = figuresOf(alignment, classes?.labels.length ?? 0);
  const text = { digest, dimension, context, temperature };
  await writer.json("alignment.json", { encoder, text, templates, ...figures });
  Object.assign(writer.metrics, figures);
}

function figuresOf({ confidence, fit, zeroShot, recall, gap }: Alignment, classes: number) {
  return {
    confidence,
    ...(fit && { fit: fitFigures(fit) }),
    ...(zeroShot && { zeroShot: { classes, top1: zeroShot.top1, top5: zeroShot.top5 } }),
    ...(recall && { recall: { ranks: recallRanks, ...recall } }),
    ...(gap && { gap: gapFigures(gap) }),
  };
}

function fitFigures({ pairs, before, after, matching, others }: Fit) {
  const short = ({ ece, brier, logLoss, n }: Fit["before"]) => ({ ece, brier, logLoss, n });
  return {
    pairs,
    before: short(before),
    after: short(after),
    meanMatching: matching.mean,
    meanOthers: others.mean,
  };
}

function gapFigures({ distance, images, texts, across }: Gap) {
  return { distance, images: images.mean, texts: texts.mean, across: across.mean };
}
