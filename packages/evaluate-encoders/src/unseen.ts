/** Which images are judged on, and that no reconstructor has seen them. */

import { UserError } from "@optogram/cli";

/**
 * @param keys a text an image of the set, the same for the same image of any set
 * @param seen the keys of the images that a reconstructor was trained on
 * @throws UserError where it saw one of those at `positions`
 */
export function checkUnseen(
  keys: readonly string[],
  positions: readonly number[],
  reconstructor: string,
  seen: ReadonlySet<string>,
): void {
  const known = positions.filter((position) => seen.has(keys[position]));
  if (known.length > 0)
    throw new UserError(
      `the reconstructor of ${reconstructor} was trained on ${known.length} of the ${positions.length} images, image ${known[0]} for one`,
      { advice: "name a set that no reconstructor saw: other scenes, or another folder" },
    );
}
