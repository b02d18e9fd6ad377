/** What the atlas's page needs to order images by a text as it is typed: both towers and the images' embeddings. */

import type { ArtifactWriter } from "@optogram/artifacts";
import { closedTextTower, type EncoderParts, encoderGraph, type TextEncoder } from "@optogram/encoders";
import { inputSize } from "@optogram/images";
import { encodeModel, float32, halveWeights } from "@optogram/onnx";
import { liveEncoder } from "@optogram/painting";
import type { Features } from "./features.ts";

/** The page holds all of their embeddings in memory, and a picture of each lies beside it. */
const mostImages = 2000;

/**
 * Writes the page's files, where the page can do with them: it has no tokenizer but a list of words, and gives the image
 * tower one image at a time.
 */
export async function writePage(
  writer: ArtifactWriter,
  nameOrFolder: string,
  { card, model }: EncoderParts,
  { images, embeddings }: Features,
  texts: Pick<TextEncoder, "project" | "dimension">,
): Promise<void> {
  const tower = await closedTextTower(nameOrFolder);
  if (!tower || !(await takesOneImage({ card, model }))) return;
  const n = Math.min(images.length, mostImages);
  const width = embeddings.length / images.length;
  const joint = texts.project(embeddings.slice(0, n * width), n);
  const { preprocessing } = card.input;
  const [height, wide] = inputSize(preprocessing);
  const [{ shape }] = tower.model.graph.inputs;
  await writer.bytes("text.onnx", encodeModel(halveWeights(tower.model)));
  await writer.bytes("encoder.onnx", encodeModel(await liveEncoder({ card, model })));
  await writer.tensors("images.safetensors", { images: float32(joint, [n, texts.dimension]) });
  await writer.json("page.json", {
    images: n,
    dimension: texts.dimension,
    encoder: { height, width: wide, resize: preprocessing.resize },
    text: { texts: shape?.[0], context: tower.context, vocabulary: tower.vocabulary },
  });
}

async function takesOneImage({ card, model }: Pick<EncoderParts, "card" | "model">): Promise<boolean> {
  const { graph } = await encoderGraph(card, model, 1, ["embedding"]);
  return graph.inputs[0].shape?.[0] === 1;
}
