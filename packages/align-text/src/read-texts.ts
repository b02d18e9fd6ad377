/** Every text that a run asks about, checked and embedded. */

import type { StageContext } from "@optogram/cli";
import type { TextEncoder } from "@optogram/encoders";
import { type Classes, classesOf, type Features } from "./features.ts";
import { checkTexts, type Parameters, templatesOf } from "./parameters.ts";
import { ensembled, promptsOf } from "./prompts.ts";
import { under } from "./rows.ts";

export interface ReadTexts {
  readonly classes: Classes | undefined;
  /** A direction a class. */
  readonly directions: Float32Array;
  /** A row a word. */
  readonly words: Float32Array;
  /** A row a query. */
  readonly queries: Float32Array;
  /** Captions, the rows of their images, and a row of the embedding each. */
  readonly captions: {
    readonly texts: readonly string[];
    readonly images: readonly number[];
    readonly rows: Float32Array;
  };
}

/** @throws UserError, EncoderError for texts that cannot be read */
export async function readTexts(
  { parameters: given, progress, signal }: StageContext<Parameters>,
  features: Features,
  encoder: TextEncoder,
): Promise<ReadTexts> {
  const classes = classesOf(features, given.names);
  const templates = templatesOf(given);
  const captioned = captionsOf(features, given.captions);
  const asked = {
    queries: given.queries,
    words: given.words,
    templates: classes ? promptsOf(classes.names, templates) : [],
    captions: captioned.map(({ text }) => text),
    debug: given.debug.flatMap(({ prompts }) => prompts),
  };
  for (const [what, some] of Object.entries(asked))
    for (const line of checkTexts(some, what, encoder)) progress.note(line);

  const { queries, words, templates: prompts, captions } = asked;
  const phase = progress.phase("texts", [queries, words, prompts, captions].flat().length);
  const embed = async (some: readonly string[]) => {
    const rows: Float32Array[] = [];
    for (let first = 0; first < some.length; first += given.batch) {
      signal.throwIfAborted();
      const part = some.slice(first, first + given.batch);
      rows.push(await encoder.embed(part));
      phase.advance(part.length);
    }
    return under(rows);
  };
  const read = {
    classes,
    directions: classes
      ? ensembled(await embed(prompts), encoder.dimension, templates.length)
      : new Float32Array(0),
    words: await embed(words),
    queries: await embed(queries),
    captions: {
      texts: captions,
      images: captioned.map(({ image }) => image),
      rows: await embed(captions),
    },
  };
  phase.done();
  return read;
}

/** The first images that have captions, by row. */
function captionsOf({ captions }: Features, most: number) {
  return captions
    .flatMap((text, image) => (text !== null && text.trim() !== "" ? [{ image, text }] : []))
    .slice(0, most);
}
