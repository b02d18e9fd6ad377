/** What images are about, in one form for ground truth, class labels and captions; and what features answer to. */

import type { Tops } from "./summaries.ts";

/** Image i has the tags `tags[p]` for p from `offsets[i]` to `offsets[i + 1]`, each once. */
export interface ImageTags {
  readonly names: readonly string[];
  readonly offsets: Uint32Array;
  readonly tags: Uint32Array;
}

/** Lists each image's tags as numbers; names are numbered in the order met. */
export function imageTags(lists: Iterable<Iterable<string>>): ImageTags {
  const numbers = new Map<string, number>();
  const offsets = [0];
  const tags: number[] = [];
  for (const list of lists) {
    for (const name of new Set(list)) {
      const number = numbers.get(name) ?? numbers.size;
      numbers.set(name, number);
      tags.push(number);
    }
    offsets.push(tags.length);
  }
  return { names: [...numbers.keys()], offsets: Uint32Array.from(offsets), tags: Uint32Array.from(tags) };
}

/** English words that join others and name nothing. */
const functionWords = new Set(
  "the and for with from into onto over under near next between behind beside above below inside outside among around its his her their this that these those some are was were has have".split(
    " ",
  ),
);

/** The words of a caption that may name something, in lower case; those of one or two letters are left out. */
export function captionWords(caption: string): string[] {
  const words = caption.toLowerCase().match(/\p{L}+/gu) ?? [];
  return words.filter((word) => word.length > 2 && !functionWords.has(word));
}

const leastShare = 0.5;
const leastLift = 2;
const fewestImages = 3;

/**
 * The tag that each feature answers to, or none: the tag with the largest share × log2(share / base rate), where
 * share is the share of the feature's top images that have the tag, and base rate that of all images. It must be
 * on half of the top images and twice as common there as everywhere, and the feature must be active in three images.
 */
export function featureTags(tops: Tops, { names, offsets, tags }: ImageTags): (string | undefined)[] {
  const images = offsets.length - 1;
  const everywhere = new Float64Array(names.length);
  for (const tag of tags) everywhere[tag]++;
  const here = new Float64Array(names.length);
  return Array.from({ length: tops.offsets.length - 1 }, (_, feature) => {
    const own = tops.images.subarray(tops.offsets[feature], tops.offsets[feature + 1]);
    if (own.length < fewestImages) return undefined;
    here.fill(0);
    for (const image of own) for (let p = offsets[image]; p < offsets[image + 1]; p++) here[tags[p]]++;
    let best = 0;
    let answer: string | undefined;
    here.forEach((count, tag) => {
      const share = count / own.length;
      const lift = share / (everywhere[tag] / images);
      if (share < leastShare || lift < leastLift) return;
      const score = share * Math.log2(lift);
      if (score > best) {
        best = score;
        answer = names[tag];
      }
    });
    return answer;
  });
}
