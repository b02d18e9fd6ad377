/**
 * The one image that stands for each feature where there is no room for more: its strongest that stands for no stronger
 * feature, so that features of one kind do not all look the same.
 * @param order features, those that choose first first
 */
export function chooseFaces(
  order: readonly number[],
  tops: ReadonlyMap<number, readonly number[]>,
): ReadonlyMap<number, number> {
  const taken = new Set<number>();
  const faces = new Map<number, number>();
  for (const feature of order) {
    const top = tops.get(feature) ?? [];
    const face = top.find((image) => !taken.has(image)) ?? top[0];
    if (face === undefined) continue;
    taken.add(face);
    faces.set(feature, face);
  }
  return faces;
}
