/** The towers of an encoder that reads texts, and its images' embeddings; each is fetched when it is first needed. */

import { once, PageError } from "../data/load.ts";
import { type Embed, expectLength, fetchFile, openEmbed, openFile } from "../live/networks.ts";
import { parseTensors } from "../live/safetensors.ts";
import type { Words } from "./data.ts";
import { toUnit } from "./rank.ts";

/** Turns tokens into their embedding, of unit length. */
export type EmbedText = (ids: readonly number[]) => Promise<Float32Array>;

export function loadEmbedText({ site, about }: Words): Promise<EmbedText> {
  return once(`text ${site.about.url}`, async () => {
    const { text, dimension } = about;
    const network = await openFile(text);
    return async (ids) => {
      const tokens = new BigInt64Array(text.texts * text.context);
      for (let row = 0; row < text.texts; row++)
        for (const [i, id] of ids.entries()) tokens[row * text.context + i] = BigInt(id);
      const output = await network.run(tokens, [text.texts, text.context]);
      return toUnit(expectLength(output, text.texts * dimension, text).slice(0, dimension));
    };
  });
}

export function loadEmbedImage({ site, about }: Words): Promise<Embed> {
  return once(`image ${site.about.url}`, async () => {
    const embed = await openEmbed(about.encoder, about.dimension);
    return async (picture) => toUnit(await embed(picture));
  });
}

/** [images, dimension], of unit length. */
export function loadImages({ site, about, images }: Words): Promise<Float32Array> {
  return once(`embeddings ${site.about.url}`, async () => {
    const { embeddings, dimension } = about;
    const found = parseTensors((await fetchFile(embeddings)).buffer, embeddings.url).get("images");
    if (found?.shape.join() !== `${images.length},${dimension}`)
      throw new PageError(
        `${embeddings.url} holds images [${found?.shape}]; [${images.length},${dimension}] is wanted. Render the atlas again.`,
      );
    return found.data;
  });
}
