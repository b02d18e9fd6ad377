/** How large a dictionary so many images can fill. */

/** Images a feature that made the best dictionaries of small collections, and with fewer than which they fell apart. */
const [advised, fewest] = [8, 4];

/** What to say of a dictionary that is large for its images; nothing of one that they can fill. */
export function sizeAdvice(latents: number, images: number): string | undefined {
  if (latents * fewest <= images) return undefined;
  const better = Math.max(2, Math.round(images / advised));
  return (
    `${latents} features from ${images} images: with fewer than ${fewest} images a feature, features show single ` +
    `images and many stay dead; about ${better} features are better, or more images`
  );
}
