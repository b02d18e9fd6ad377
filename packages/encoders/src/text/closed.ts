/** A text tower over a closed list of words, for whom carries it elsewhere: its tokenizer is the list itself. */

import { readModel, specialise, type TypedModel } from "@optogram/onnx";
import { readCard } from "../read-card.ts";
import { findTextFiles } from "./files.ts";

export interface ClosedTextTower {
  /** Word i is token i + 1, and 0 fills up the context. */
  readonly vocabulary: readonly string[];
  /** Tokens a text. */
  readonly context: number;
  /** Input `ids` int64 [texts, context], output `embedding` [texts, e]: one text, or as many as it was exported for. */
  readonly model: TypedModel;
}

/**
 * The text side of an encoder, by its name or folder, where it reads a closed list of words and is an ONNX file;
 * undefined where it is another.
 * @throws EncoderError where the card or its files are missing
 */
export async function closedTextTower(nameOrFolder: string): Promise<ClosedTextTower | undefined> {
  const { card, folder } = await readCard(nameOrFolder);
  const { text } = card;
  if (text === undefined || !("file" in text) || !("vocabulary" in text.tokenizer)) return undefined;
  const files = await findTextFiles(text, folder, card.name, {});
  const model = await readModel(files.model);
  const declared = model.graph.inputs.find(({ name }) => name === "ids")?.shape?.[0];
  const texts = typeof declared === "number" ? declared : 1;
  const { context } = text;
  return {
    vocabulary: text.tokenizer.vocabulary,
    context,
    model: await specialise(model, { ids: [texts, context] }),
  };
}
