/** What an image is known to show: the kinds that cover enough of it, or its class. */
export type ImageKinds = ReadonlyMap<number, readonly string[]>;

export interface Answer {
  readonly kind: string;
  /** Share of the feature's top images that show the kind. */
  readonly share: number;
}

const leastShare = 0.5;
const leastLift = 2;

/**
 * The kind that most of a feature's top images show, where that is at least half of them and at least twice the kind's
 * share of all images: a kind that is everywhere says nothing about a feature.
 * @param top images in which the feature is most active
 * @param shares share of all images that show each kind
 */
export function answersTo(top: readonly number[], images: ImageKinds, shares: ReadonlyMap<string, number>): Answer | undefined {
  const counts = new Map<string, number>();
  for (const image of top) {
    for (const kind of images.get(image) ?? []) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  let best: (Answer & { lift: number }) | undefined;
  for (const [kind, shown] of counts) {
    const share = shown / top.length;
    const lift = share / (shares.get(kind) ?? 1);
    if (share < leastShare || lift < leastLift) continue;
    const better = !best || share > best.share || (share === best.share && (lift > best.lift || (lift === best.lift && kind < best.kind)));
    if (better) best = { kind, share, lift };
  }
  return best && { kind: best.kind, share: best.share };
}

/** Share of the images that show each kind. */
export function kindShares(images: ImageKinds): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kinds of images.values()) for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return new Map([...counts].map(([kind, count]) => [kind, count / images.size]));
}
