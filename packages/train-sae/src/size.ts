/** How large a dictionary so many images can fill. */

/** Images a feature with which small collections had their best dictionaries (README). */
const advised = 8;
/** With fewer images a feature than this, dictionaries fell apart. */
const fewest = 4;

/** What to say of a dictionary that is large for its images; nothing of one that they can fill. */
export function sizeAdvice(latents: number, images: number): string | undefined {
  if (latents * fewest <= images) return undefined;
  const better = Math.max(2, Math.round(images / advised));
  return (
    `${latents} features from ${images} images: with fewer than ${fewest} images a feature, features show single ` +
    `images and many stay dead; about ${better} features are better, or more images`
  );
}
