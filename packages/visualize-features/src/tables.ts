/** Each feature's picture with what it is worth, and the table of them. */

import { binaries, table } from "@optogram/artifacts";
import { activations, type Dictionary, rankOf } from "@optogram/dictionary";
import { freshCosines, interleaved, type Judge, mildViews, type PhotoReader } from "@optogram/painting";
import { quantiles } from "@optogram/statistics";
import sharp from "sharp";

export interface FeaturePicture {
  readonly feature: number;
  /** [3, size, size] in 0..1. */
  readonly picture: Float32Array;
  readonly method: "ascent" | "decoder";
  /** With the feature's direction: the mean over fresh views. */
  readonly cosine: number;
  /** The image whose embedding comes nearest to the direction, and its cosine under fresh views. */
  readonly image: number;
  readonly imageCosine: number;
  /** Of the feature on the picture, and its place among all features on it. */
  readonly activation: number;
  readonly rank: number;
}

export interface Candidates {
  readonly features: readonly number[];
  /** [n, d] */
  readonly directions: Float32Array;
  /** Pictures [n, 3, size, size] of the decoder. */
  readonly painted: Float32Array;
  /** Pictures of the first features that were searched for. */
  readonly refined: Float32Array;
  /** The nearest image of each feature. */
  readonly images: readonly number[];
  readonly photo: PhotoReader;
  /** One a feature, for its views. */
  readonly seeds: readonly number[];
}

/** Fresh views a picture is judged by, from a stream of random numbers that no search takes. */
const fresh = { ranges: mildViews, views: 4, stream: 2 ** 41 };

/** How many views `judgePictures` shows the encoder: fresh ones of all that is compared, a plain one of what is chosen. */
export function viewsJudged({
  features,
  painted,
  refined,
}: Pick<Candidates, "features" | "painted" | "refined">): number {
  const n = features.length;
  const searched = painted.length === 0 ? 0 : (refined.length / painted.length) * n;
  return fresh.views * (2 * n + searched) + n;
}

/** Of each feature the picture with the larger cosine, and its figures. */
export async function judgePictures(
  judge: Judge,
  dictionary: Dictionary,
  candidates: Candidates,
): Promise<FeaturePicture[]> {
  const { features, directions, painted, refined, images, photo, seeds } = candidates;
  const each = painted.length / features.length;
  const d = judge.dimension;
  const cosinesOf = (pictures: Float32Array) => {
    const n = pictures.length / each;
    return freshCosines(judge, pictures, directions.subarray(0, n * d), { ...fresh, seeds });
  };
  const photos = new Float32Array(painted.length);
  for (const [i, image] of images.entries()) photos.set(await photo(image), i * each);
  const imageCosine = await cosinesOf(photos);
  const byDecoder = await cosinesOf(painted);
  const byAscent = refined.length > 0 ? await cosinesOf(refined) : new Float32Array();
  const chosen = painted.slice();
  const methods = features.map((_, i) => {
    if (!(byAscent[i] > byDecoder[i])) return "decoder";
    chosen.set(refined.subarray(i * each, (i + 1) * each), i * each);
    return "ascent";
  });
  const all = activations(dictionary, await judge.embed(chosen));
  const responses = features.map((feature, i) => {
    const row = all.subarray(i * dictionary.latents, (i + 1) * dictionary.latents);
    return { activation: row[feature], rank: rankOf(row, feature) };
  });
  return features.map((feature, i) => ({
    feature,
    picture: chosen.subarray(i * each, (i + 1) * each),
    method: methods[i],
    cosine: methods[i] === "ascent" ? byAscent[i] : byDecoder[i],
    image: images[i],
    imageCosine: imageCosine[i],
    ...responses[i],
  }));
}

export async function picturesTable(pictures: readonly FeaturePicture[], size: number) {
  const files = await Promise.all(
    pictures.map(({ picture }) =>
      sharp(interleaved(picture), { raw: { width: size, height: size, channels: 3 } })
        .png()
        .toBuffer(),
    ),
  );
  return table({
    feature: Uint32Array.from(pictures, ({ feature }) => feature),
    picture: binaries(files),
    method: pictures.map(({ method }) => method),
    cosine: Float32Array.from(pictures, ({ cosine }) => cosine),
    image: Uint32Array.from(pictures, ({ image }) => image),
    image_cosine: Float32Array.from(pictures, ({ imageCosine }) => imageCosine),
    activation: Float32Array.from(pictures, ({ activation }) => activation),
    rank: Uint32Array.from(pictures, ({ rank }) => rank),
  });
}

/** What the pictures are worth together. */
export function pictureFigures(pictures: readonly FeaturePicture[]) {
  const share = (rank: number) => pictures.filter((picture) => picture.rank <= rank).length / pictures.length;
  const median = (values: number[]) => quantiles(Float64Array.from(values), [0.5])[0];
  return {
    pictures: pictures.length,
    byAscent: pictures.filter(({ method }) => method === "ascent").length,
    owned1: share(1),
    owned5: share(5),
    medianCosine: median(pictures.map(({ cosine }) => cosine)),
    medianImageCosine: median(pictures.map(({ imageCosine }) => imageCosine)),
  };
}
