/** What images are known to show: kinds of things, a class, or the words of a caption. */
export interface Shown {
  /** Whether image `image` shows what `name` names. */
  shows(image: number, name: string): boolean;
}

/** Share of the frame that a thing must cover to count as shown. */
const leastCoverage = 0.05;

export interface ShownColumns {
  readonly image: ArrayLike<number>;
  readonly label: readonly (string | null)[];
  readonly caption: readonly (string | null)[];
  /** Things by image: those of row i are from `offsets[i]` to `offsets[i + 1]`. */
  readonly truth?:
    | {
        readonly offsets: ArrayLike<number>;
        readonly kind: readonly (string | null)[];
        readonly coverage: ArrayLike<number>;
      }
    | undefined;
}

/** Ground truth decides about the kinds that it knows; the class and the words of the caption about all else. */
export function whatIsShown({ image, label, caption, truth }: ShownColumns): Shown {
  const kinds = new Set(truth?.kind);
  const rowOf = new Map(Array.from(image, (index, row) => [index, row] as const));
  return {
    shows(index, name) {
      const row = rowOf.get(index);
      if (row === undefined) return false;
      if (!truth || !kinds.has(name))
        return label[row] === name || wordsOf(caption[row] ?? "").includes(name.toLowerCase());
      for (let i = truth.offsets[row]!; i < truth.offsets[row + 1]!; i++) {
        if (truth.kind[i] === name && truth.coverage[i]! >= leastCoverage) return true;
      }
      return false;
    },
  };
}

/** Share of the images that show what `name` names. */
export function shareShowing(shown: Shown, images: readonly number[], name: string): number {
  return images.filter((image) => shown.shows(image, name)).length / Math.max(1, images.length);
}

function wordsOf(caption: string): string[] {
  return caption.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
