/** Image files taken apart into the features of a dictionary. */
import { readFile } from "node:fs/promises";
import { decompose } from "@optogram/dictionary";
import { readStudy } from "@optogram/dictionary/study";
import { openEncoder } from "@optogram/encoders";
import { decodeImage, type Picture, wantedSide } from "@optogram/images";
import { type KnowledgeFolders, type KnownFeature, readKnownFeatures } from "./known-features.ts";

export interface DecomposeFolders extends KnowledgeFolders {
  readonly features: string;
}

export interface DecomposedFeature extends KnownFeature {
  readonly feature: number;
  readonly activation: number;
  /** Of the embedding with what this feature and the stronger ones rebuild of it. */
  readonly cosine: number;
}

export interface DecomposedImage {
  readonly file: string;
  /** The same cosine without any feature, and with all of them. */
  readonly baseline: number;
  readonly cosine: number;
  /** Strongest first. */
  readonly features: readonly DecomposedFeature[];
}

export interface Decomposer {
  read(file: string): Promise<Picture>;
  decompose(file: string, picture: Picture): Promise<DecomposedImage>;
  close(): Promise<void>;
}

export async function openDecomposer(folders: DecomposeFolders): Promise<Decomposer> {
  const { encoder: parts, dictionary } = await readStudy(folders.features, folders.sae);
  const known = await readKnownFeatures(folders);
  const encoder = await openEncoder(parts, { batch: 1 });
  return {
    async read(file) {
      const shortestSide = wantedSide(parts.card.input.preprocessing);
      return decodeImage(await readFile(file), file, { shortestSide });
    },
    async decompose(file, picture) {
      const embedding = await encoder.embed(encoder.preprocess(picture), 1);
      const { baseline, components } = decompose(dictionary, embedding);
      return {
        file,
        baseline,
        cosine: components.at(-1)?.cosine ?? baseline,
        features: components.map(({ feature, value, cosine }) => ({
          feature,
          activation: value,
          cosine,
          ...known.get(feature),
        })),
      };
    },
    close: () => encoder.close(),
  };
}
