/** Which images an operator is fitted on, and which it is judged on. */

import { UserError } from "@optogram/cli";
import { spacedPositions } from "@optogram/images";

export interface Split {
  /** Positions in the set. */
  readonly fit: readonly number[];
  readonly judge: readonly number[];
}

/**
 * `fit` and `judge` images, both evenly spaced over a set, no image in both.
 *
 * @param keys a text an image, the same for the same image of any set
 * @param seen the keys of the images that the reconstructor was trained on
 * @throws UserError where there are too few, where one is there twice, or where the reconstructor saw one
 */
export function splitImages(
  keys: readonly string[],
  seen: ReadonlySet<string>,
  { fit, judge }: { readonly fit: number; readonly judge: number },
): Split {
  const wanted = fit + judge;
  if (keys.length < wanted)
    throw new UserError(`${keys.length} images are too few for ${fit} to fit on and ${judge} to judge on`, {
      advice: "name a larger set, or lower fitImages or judgeImages",
    });
  const chosen = spacedPositions(keys.length, wanted);
  const judged = new Set(Array.from({ length: judge }, (_, i) => Math.floor(((i + 0.5) * wanted) / judge)));
  const split = {
    fit: chosen.filter((_, i) => !judged.has(i)),
    judge: chosen.filter((_, i) => judged.has(i)),
  };
  checkUnseen(keys, seen, split);
  return split;
}

/** That nobody is judged on what he has learnt from: neither the operator nor the reconstructor saw the judge's images. */
function checkUnseen(keys: readonly string[], seen: ReadonlySet<string>, { fit, judge }: Split): void {
  const used = [...fit, ...judge];
  const known = used.filter((position) => seen.has(keys[position]));
  if (known.length > 0)
    throw new UserError(
      `the reconstructor was trained on ${known.length} of the ${used.length} images, image ${known[0]} for one`,
      { advice: "name a set that it did not see: other scenes, or another folder" },
    );
  const fitted = new Set(fit.map((position) => keys[position]));
  const twice = judge.find((position) => fitted.has(keys[position]));
  if (twice !== undefined)
    throw new UserError(
      `image ${twice} is in the set twice, so that operators would be judged on what they fit`,
      {
        advice: "name a set without repeats",
      },
    );
}
