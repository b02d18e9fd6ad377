import { count, measure, percent } from "./format.ts";

interface Metric {
  readonly title: string;
  readonly define: string;
  readonly show: (value: number) => string;
}

/** What every reported figure means. A figure without an entry here is shown under its own name. */
const metrics: Readonly<Record<string, Metric>> = {
  fvu: {
    title: "FVU",
    define:
      "Fraction of variance unexplained: the squared error of the reconstructed embeddings over the squared error of their mean, both summed over the whole corpus. 0 is perfect.",
    show: measure,
  },
  r2: {
    title: "R²",
    define: "1 − FVU: the share of the embeddings' variance that the features keep.",
    show: measure,
  },
  l0: { title: "L0", define: "How many features are active in an image, on average.", show: measure },
  dead: { title: "Dead", define: "Share of features that no image makes active.", show: percent },
  dense: {
    title: "Dense",
    define: "Share of features active in more than a tenth of the images: hard to give one meaning.",
    show: percent,
  },
  cosine: {
    title: "Cosine",
    define: "Cosine of an embedding and its reconstruction, on average.",
    show: measure,
  },
  l0Unlimited: {
    title: "L0 without limit",
    define: "The same before the limit on active features at inference.",
    show: measure,
  },
  "stability.meanCosine": {
    title: "Stability",
    define:
      "Cosine of each direction with its match in a dictionary trained from another seed, on average: 1 means that chance played no part.",
    show: measure,
  },
  "stability.foundAgain": {
    title: "Found again",
    define: "Share of directions that a dictionary trained from another seed found as well.",
    show: percent,
  },
  "classification.embedding": {
    title: "Neighbours name the class",
    define: "How often an image's nearest neighbours among the embeddings name its class.",
    show: percent,
  },
  "classification.reconstruction": {
    title: "The same from features",
    define:
      "The same among the embeddings rebuilt from features: the difference is what the dictionary loses.",
    show: percent,
  },
  kinds: {
    title: "Kinds judged",
    define: "Kinds of things that enough held-out images show to judge features by.",
    show: count,
  },
  kindsAbove90: {
    title: "Kinds with AUROC ≥ 0.9",
    define:
      "Share of the kinds for which one feature, chosen on other images, tells the images that show it from the rest: of two drawn at random, the one that shows it has the higher activation nine times of ten.",
    show: percent,
  },
  kindsAbove90ByDimension: {
    title: "The same by one dimension",
    define: "Share of the kinds for which one dimension of the embedding does as well.",
    show: percent,
  },
  "classification.trainedOn": {
    title: "Named from",
    define: "Images whose classes the neighbours know.",
    show: count,
  },
  "classification.testedOn": {
    title: "Named",
    define: "Other images whose class is asked for.",
    show: count,
  },
  images: { title: "Images", define: "Images that could be read.", show: count },
  dimension: { title: "Dimensions", define: "Numbers that the encoder gives an image.", show: count },
  broken: { title: "Broken images", define: "Images that could not be read and were left out.", show: count },
  trustworthiness: {
    title: "Trustworthiness",
    define:
      "Of the layout: 1 less a penalty for features that are neighbours on the map but not in coactivation (Venna & Kaski 2001).",
    show: measure,
  },
  gridKept: {
    title: "Neighbours kept",
    define: "Share of each feature's nearest neighbours in the layout that stay so on the grid.",
    show: percent,
  },
  living: { title: "Living", define: "Features active in at least one image.", show: count },
  owned5: {
    title: "Pictures among the five",
    define:
      "Share of the drawn pictures for which the feature they were drawn of is among the five most active of all.",
    show: percent,
  },
  owned1: {
    title: "Pictures that are first",
    define: "The same with their own feature the strongest of all.",
    show: percent,
  },
  medianCosine: {
    title: "Cosine of pictures",
    define:
      "Cosine of a drawn picture's embedding with its feature's direction, under fresh random crops: the median over features.",
    show: measure,
  },
  medianImageCosine: {
    title: "The same of real images",
    define: "The same of each feature's best real image, which the pictures are to be compared with.",
    show: measure,
  },
  pictures: { title: "Pictures drawn", define: "Features of which a picture was drawn.", show: count },
  pairs: { title: "Pairs combined", define: "Pairs of features with a picture half way.", show: count },
  fused: {
    title: "Fused",
    define: "Of these, pairs whose two things answer in the same places of the picture half way.",
    show: count,
  },
  sideBySide: {
    title: "Side by side",
    define: "Of these, pairs whose two things answer in different places of it.",
    show: count,
  },
  meanMiddleCosine: {
    title: "Cosine half way",
    define: "Of the pictures half way with the direction of the sum, under fresh random crops, on average.",
    show: measure,
  },
  spreadImages: {
    title: "Images spread",
    define: "Images beside which others stand that the encoder takes for the same.",
    show: count,
  },
  generations: { title: "Generations", define: "Pictures generated of these images.", show: count },
  meanGenerationCosine: {
    title: "Cosine of generations",
    define: "Of a generation with its original's embedding, under fresh random crops, on average.",
    show: measure,
  },
  meanBeginningCosine: {
    title: "The same of beginnings",
    define: "The same of the images that the searches began with.",
    show: measure,
  },
  meanOriginalCosine: {
    title: "The same of originals",
    define: "The same of the originals themselves: what crops alone cost.",
    show: measure,
  },
  byAscent: {
    title: "By ascent",
    define:
      "Of these, pictures optimised through the encoder by gradient ascent; the decoder painted the others.",
    show: count,
  },
  things: {
    title: "Things probed with",
    define: "Things drawn at varied size and number, whole and sliced, to see which features answer.",
    show: count,
  },
  splits: {
    title: "Splits found",
    define:
      "Of each thing and probe at most one: two features of which each is strong where the other is silent.",
    show: count,
  },
  bestSplit: {
    title: "Clearest split",
    define:
      "Its score: the activation that changes hands between the two features, times the share of their answers over all things that is to this one.",
    show: measure,
  },
  bestSplitOf: {
    title: "Found for",
    define: "The thing of the clearest split, and what was varied.",
    show: measure,
  },
};

export interface ShownMetric {
  readonly name: string;
  readonly title: string;
  readonly define: string | undefined;
  readonly value: string;
}

/** The figures of an artifact in words, those with a definition first. */
export function showMetrics(values: Readonly<Record<string, unknown>>): ShownMetric[] {
  const shown = flat(values).flatMap(([name, value]) => {
    if (typeof value !== "number" && typeof value !== "string" && typeof value !== "boolean") return [];
    const known = metrics[name] ?? heldOut(name);
    const text = typeof value === "number" ? (known?.show ?? measure)(value) : String(value);
    return [{ name, title: known?.title ?? name, define: known?.define, value: text }];
  });
  const order = Object.keys(metrics);
  const rank = (name: string) => (order.indexOf(name) + order.length + 1) % (order.length + 1);
  return shown.sort((a, b) => rank(a.name) - rank(b.name));
}

/** Figures of a group under the group's name: `heldOut.fvu`. */
function flat(values: Readonly<Record<string, unknown>>, prefix = ""): [string, unknown][] {
  return Object.entries(values).flatMap(([name, value]): [string, unknown][] =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? flat(value as Record<string, unknown>, `${prefix}${name}.`)
      : [[`${prefix}${name}`, value]],
  );
}

function heldOut(name: string): Metric | undefined {
  const known = name.startsWith("heldOut.") ? metrics[name.slice("heldOut.".length)] : undefined;
  return (
    known && {
      ...known,
      title: `${known.title}, held out`,
      define: "The same on images that the dictionary was not trained on.",
    }
  );
}
