/**
 * What a repository holds, as the cache remembers it: beside blobs, refs and snapshots, listings/COMMIT.json. Python's
 * huggingface_hub keeps no such lists and passes by folders that it does not know.
 */

import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { replaceFile } from "@optogram/artifacts";
import { z } from "zod";
import { cachedCommit, placeCommit, repositoryFolder } from "./cache.ts";
import { checkRepository, type Repository } from "./file.ts";
import { type Listing, type ListOptions, listFiles } from "./list.ts";
import { type HubSettings, hubSettings } from "./settings.ts";

/** The listing of the commit that the revision is at in the cache, where it was fetched before. Asks nobody. */
export async function cachedListing(
  repository: Repository,
  settings: HubSettings,
): Promise<Listing | undefined> {
  const commit = await cachedCommit(repository, settings);
  if (commit === undefined) return undefined;
  const text = await readFile(listingPath(repository, commit, settings), "utf8").catch(() => "");
  const paths = pathsIn(text);
  return paths && { commit, paths };
}

/**
 * Paths of all files of a repository: from the cache where it knows them (without asking the hub), else asked for and
 * kept there. What the cache has of a branch stays its commit.
 * @throws HubError
 */
export async function fetchListing(repository: Repository, options: ListOptions = {}): Promise<Listing> {
  checkRepository(repository);
  const settings = options.settings ?? hubSettings();
  const known = await cachedListing(repository, settings);
  if (known) return known;
  const revision = (await cachedCommit(repository, settings)) ?? repository.revision;
  const listing = await listFiles({ ...repository, revision }, { ...options, settings });
  const path = listingPath(repository, listing.commit, settings);
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, JSON.stringify(listing.paths));
  await placeCommit(repository, listing.commit, settings);
  return listing;
}

function listingPath(repository: Repository, commit: string, settings: HubSettings): string {
  return join(repositoryFolder(repository, settings), "listings", `${commit}.json`);
}

/** Nothing where a list is damaged: it is asked for again. */
function pathsIn(text: string): string[] | undefined {
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
