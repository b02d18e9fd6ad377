/** Parquet data sets of the Hugging Face hub. */

import { matchesGlob } from "node:path";
import { cachedFile, cachedListing, fetchFile, fetchListing, type HubFile, hubSettings } from "@optogram/hub";
import { openShards, parquetEnding } from "./parquet.ts";
import { ImageError } from "./picture.ts";
import type { ImageSource, ImageSourceSpec, OpenOptions } from "./source.ts";

export type HubSpec = Extract<ImageSourceSpec, { source: "hub" }>;

/**
 * The set's Parquet files at one commit, fetched into the cache one after the other where they are not there: an
 * image's index needs the row counts of all before it, and those stand at each file's end. Ids are those of the source
 * `parquet` over the commit's folder in the cache.
 * @throws ImageError, and HubError where the hub refuses or cannot be reached
 */
export async function openHubImages(
  spec: HubSpec,
  { progress, signal }: OpenOptions = {},
): Promise<ImageSource> {
  const options = { ...(progress && { watcher: progress }), ...(signal && { signal }) };
  const { commit, paths } = await fetchListing(repositoryOf(spec), options);
  const files = chosenFiles(spec, paths);
  const missing = await missingOf(spec, commit, files);
  if (missing > 0) progress?.note(`${spec.repo}: ${missing} of ${files.length} files to fetch`);
  let base = "";
  for (const path of files) {
    const stored = await fetchFile(fileOf(spec, commit, path), options);
    base = stored.path.slice(0, -path.length - 1);
  }
  return { ...(await openShards({ name: spec.repo, base, files }, spec)), name: spec.repo };
}

/**
 * How many of the set's files are to be fetched; nothing where the cache does not know which there are. Asks nobody.
 * @throws ImageError where the repository is known to have none
 */
export async function missingFiles(spec: HubSpec): Promise<number | undefined> {
  const listing = await cachedListing(repositoryOf(spec), hubSettings());
  return listing && missingOf(spec, listing.commit, chosenFiles(spec, listing.paths));
}

async function missingOf(spec: HubSpec, commit: string, files: readonly string[]): Promise<number> {
  const settings = hubSettings();
  let missing = 0;
  for (const path of files) if (!(await cachedFile(fileOf(spec, commit, path), settings))) missing++;
  return missing;
}

function repositoryOf({ repo, revision }: HubSpec) {
  return { kind: "dataset", repo, revision } as const;
}

function fileOf(spec: HubSpec, commit: string, path: string): HubFile {
  return { ...repositoryOf(spec), revision: commit, path };
}

/** In the order of their paths by code units, as local shards are. */
function chosenFiles({ repo, revision, split, files }: HubSpec, paths: readonly string[]): string[] {
  const shards = paths.filter((path) => path.endsWith(parquetEnding)).sort();
  if (shards.length === 0)
    throw new ImageError(
      `${repo}: no ${parquetEnding} file at revision ${revision}; the hub's own conversion, where it made one, is at revision refs/convert/parquet`,
    );
  const chosen = shards.filter(
    (path) =>
      // A split is a folder, or stands before the shard's number: test/0000.parquet, data/test-00000-of-00001.parquet.
      (split === undefined || path.split(/[/.-]/).includes(split)) &&
      (files === undefined || matchesGlob(path, files)),
  );
  if (chosen.length > 0) return chosen;
  const asked = [split !== undefined && `split ${split}`, files].filter(Boolean).join(" and ");
  const known = shards.length > 5 ? [...shards.slice(0, 5), "…"] : shards;
  throw new ImageError(`${repo}: no ${parquetEnding} file matches ${asked}; there are ${known.join(", ")}`);
}
