/** What a "features" artifact knows of its images, and which class each text of the classes is true of. */

import {
  type Artifact,
  columnOf,
  fieldOfStruct,
  toLists,
  toNumbers,
  toTexts,
  toVectors,
} from "@optogram/artifacts";
import { UserError } from "@optogram/cli";

export interface Features {
  /** Position of each image in its set. */
  readonly images: Uint32Array;
  readonly ids: readonly string[];
  readonly labels: readonly (string | null)[];
  readonly captions: readonly (string | null)[];
  /** Kinds that each image shows; undefined where that is not known. */
  readonly shown: readonly (ReadonlySet<string> | undefined)[];
  /** n × d, as the image tower made them. */
  readonly embeddings: Float32Array;
}

export async function readFeatures(artifact: Artifact): Promise<Features> {
  const table = await artifact.table("images.parquet");
  const images = Uint32Array.from(toNumbers(columnOf(table, "image")), Number);
  const texts = (name: string) =>
    table.getChild(name) === null ? Array<null>(images.length).fill(null) : toTexts(columnOf(table, name));
  const ids = toTexts(columnOf(table, "id")).map((id, i) => id ?? String(images[i]));
  const embeddings = toVectors(columnOf(await artifact.table("embeddings.parquet"), "embedding")).values;
  const labels = texts("label");
  const shown = table.getChild("truth") === null ? labels.map(asSet) : truthOf(columnOf(table, "truth"));
  return { images, ids, labels, captions: texts("caption"), shown, embeddings };
}

const asSet = (label: string | null) => (label === null ? undefined : new Set([label]));

function truthOf(column: ReturnType<typeof columnOf>): ReadonlySet<string>[] {
  const { offsets, items } = toLists(column);
  // Without a single thing in any image the items have no fields to read.
  const kinds = items.length > 0 ? toTexts(fieldOfStruct(items, "kind")) : [];
  return Array.from(
    { length: offsets.length - 1 },
    (_, i) => new Set(kinds.slice(offsets[i], offsets[i + 1]).filter((kind) => kind !== null)),
  );
}

export interface Classes {
  /** As the images' labels have them, sorted. */
  readonly labels: readonly string[];
  /** What a text calls each. */
  readonly names: readonly string[];
  /** The class of each image, −1 without a label. */
  readonly of: Int32Array;
  /** Whether an image shows a class; undefined where that is not known. */
  shows(image: number, cls: number): boolean | undefined;
}

/**
 * The classes of the images: their labels, and the kinds that they show. `given` names some of them for texts.
 * @throws UserError for a name of no class, and for two classes of one name
 */
export function classesOf(features: Features, given: Readonly<Record<string, string>>): Classes | undefined {
  const all = new Set<string>();
  for (const label of features.labels) if (label !== null) all.add(label);
  for (const kinds of features.shown) for (const kind of kinds ?? []) all.add(kind);
  const labels = [...all].sort();
  const unknown = Object.keys(given).find((label) => !all.has(label));
  if (unknown !== undefined)
    throw new UserError(`"names" has the label ${unknown}, which no image has`, {
      advice:
        labels.length === 0 ? "the images have no labels" : `labels are ${labels.slice(0, 5).join(", ")}, …`,
    });
  const names = labels.map((label) =>
    Object.hasOwn(given, label) ? given[label] : label.replaceAll("_", " "),
  );
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  if (twice >= 0)
    throw new UserError(
      `the labels ${labels[names.indexOf(names[twice])]} and ${labels[twice]} are both called "${names[twice]}"`,
      { advice: 'give them different "names"' },
    );
  if (labels.length < 2) return undefined;
  const classOf = new Map(labels.map((label, i) => [label, i]));
  return {
    labels,
    names,
    of: Int32Array.from(features.labels, (label) => (label === null ? -1 : (classOf.get(label) as number))),
    shows: (image, cls) => features.shown[image]?.has(labels[cls]),
  };
}
