/** What artifacts beside a dictionary know of its features. */
import {
  type Artifact,
  columnOf,
  readArtifact,
  toBinaries,
  toFloats,
  toNumbers,
  toTexts,
} from "@optogram/artifacts";
import { UserError } from "@optogram/cli";

export interface KnownFeature {
  /** The kind of thing whose best feature it is, and the AUROC at that on held-out images. */
  readonly kind?: string;
  readonly auroc?: number;
  /** What most of its top images show. */
  readonly label?: string;
  readonly picture?: {
    readonly method: string;
    /** With the feature's direction. */
    readonly cosine: number;
    /** Of the feature among all that the picture excites, from 1. */
    readonly rank: number;
    /** In base64. */
    readonly png: string;
  };
}

export interface KnowledgeFolders {
  readonly sae: string;
  readonly coactivation?: string | undefined;
  readonly pictures?: string | undefined;
}

/** @throws UserError where an artifact is of another dictionary. */
export async function readKnownFeatures(
  folders: KnowledgeFolders,
): Promise<ReadonlyMap<number, KnownFeature>> {
  const sae = await readArtifact(folders.sae, "sae");
  const known = new Map<number, KnownFeature>();
  const add = (feature: number, more: KnownFeature) => known.set(feature, { ...known.get(feature), ...more });
  if (sae.manifest.files["truth.parquet"]) await addTruth(sae, known, add);
  if (folders.coactivation) {
    const map = await (await ofDictionary(sae, folders.coactivation, "coactivation")).table("map.parquet");
    const labels = toTexts(columnOf(map, "label"));
    for (const [i, feature] of toNumbers(columnOf(map, "feature")).entries())
      if (labels[i]) add(Number(feature), { label: labels[i] });
  }
  if (folders.pictures) {
    const table = await (await ofDictionary(sae, folders.pictures, "pictures")).table("pictures.parquet");
    const files = toBinaries(columnOf(table, "picture"));
    const methods = toTexts(columnOf(table, "method"));
    const [cosines, ranks] = [toFloats(columnOf(table, "cosine")), toNumbers(columnOf(table, "rank"))];
    for (const [i, feature] of toNumbers(columnOf(table, "feature")).entries()) {
      const png = Buffer.from(files[i]!).toString("base64");
      const picture = { method: methods[i] ?? "", cosine: cosines[i]!, rank: Number(ranks[i]), png };
      add(Number(feature), { picture });
    }
  }
  return known;
}

/** A feature that is the best of several kinds is named for the one that it tells best. */
async function addTruth(
  sae: Artifact,
  known: ReadonlyMap<number, KnownFeature>,
  add: (feature: number, more: KnownFeature) => void,
): Promise<void> {
  const truth = await sae.table("truth.parquet");
  const kinds = toTexts(columnOf(truth, "kind"));
  const aurocs = toFloats(columnOf(truth, "auroc"));
  for (const [i, feature] of toNumbers(columnOf(truth, "feature")).entries()) {
    const auroc = aurocs[i]!;
    if (auroc > (known.get(Number(feature))?.auroc ?? 0))
      add(Number(feature), { kind: kinds[i] ?? "", auroc });
  }
}

async function ofDictionary(sae: Artifact, folder: string, kind: string): Promise<Artifact> {
  const artifact = await readArtifact(folder, kind);
  if (artifact.manifest.inputs.sae?.digest !== sae.digest)
    throw new UserError(`this ${kind} artifact is of another dictionary than the one given`, {
      where: folder,
      advice: `give the dictionary that it was made of, or run ${artifact.manifest.stage} again`,
    });
  return artifact;
}
