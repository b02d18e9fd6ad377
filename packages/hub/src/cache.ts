/**
 * The cache's layout, which Python's huggingface_hub shares:
 * models--OWNER--NAME/blobs/ETAG, refs/REVISION with a commit in it, and snapshots/COMMIT/PATH, a link to the blob. The
 * ETag of a large file is its sha256, that of a small one git's id of it.
 */

import { copyFile, mkdir, readFile, realpath, rm, stat, symlink } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { codeOf, digestFile, replaceFile } from "@optogram/artifacts";
import type { HubFile, Repository } from "./file.ts";
import type { HubSettings } from "./settings.ts";

/** A file that is here. */
export interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  /** The commit it is of. */
  readonly commit: string;
}

export function repositoryFolder(
  { kind = "model", repo }: Omit<Repository, "revision">,
  { cache }: HubSettings,
): string {
  return join(cache, [`${kind}s`, ...repo.split("/")].join("--"));
}

/** The commit that a revision is at in the cache. */
export async function cachedCommit(
  { revision, ...repository }: Repository,
  settings: HubSettings,
): Promise<string | undefined> {
  if (isCommit(revision)) return revision;
  const ref = join(repositoryFolder(repository, settings), "refs", revision);
  const commit = await readFile(ref, "utf8").catch(() => "");
  return isCommit(commit.trim()) ? commit.trim() : undefined;
}

/** The file at its revision as it was when it was last fetched. Asks nobody. */
export async function cachedFile(file: HubFile, settings: HubSettings): Promise<StoredFile | undefined> {
  const folder = repositoryFolder(file, settings);
  const commit = await cachedCommit(file, settings);
  if (commit === undefined) return undefined;
  const path = snapshotPath(folder, commit, file.path);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  const stored = { path, bytes: found.size, commit };
  if (file.sha256 !== undefined && (await sha256Of(stored)) !== file.sha256) return undefined;
  return stored;
}

/** The file's sha256: from its blob's name where that is one, so that gigabytes are not read for it. */
export async function sha256Of({ path }: Pick<StoredFile, "path">): Promise<string> {
  const blob = await realpath(path);
  const name = basename(blob);
  const named = /^[0-9a-f]{64}$/.test(name) && basename(dirname(blob)) === "blobs";
  return named ? name : (await digestFile(path)).sha256;
}

/** Makes a blob that is there the file of a commit, and the commit that of the revision. */
export async function placeFile(
  file: HubFile,
  commit: string,
  etag: string,
  settings: HubSettings,
): Promise<StoredFile> {
  const folder = repositoryFolder(file, settings);
  const blob = blobPath(folder, etag);
  const path = snapshotPath(folder, commit, file.path);
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  try {
    await symlink(relative(dirname(path), blob), path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return placed(path, commit);
    // File systems and accounts that may not make links.
    await copyFile(blob, path);
  }
  await placeCommit(file, commit, settings);
  return placed(path, commit);
}

/** Makes a commit that of a revision. */
export async function placeCommit(
  { revision, ...repository }: Repository,
  commit: string,
  settings: HubSettings,
): Promise<void> {
  if (isCommit(revision)) return;
  const ref = join(repositoryFolder(repository, settings), "refs", revision);
  await mkdir(dirname(ref), { recursive: true });
  await replaceFile(ref, commit);
}

async function placed(path: string, commit: string): Promise<StoredFile> {
  return { path, bytes: (await stat(path)).size, commit };
}

export function blobPath(folder: string, etag: string): string {
  return join(folder, "blobs", etag);
}

export function isCommit(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

function snapshotPath(folder: string, commit: string, path: string): string {
  return join(folder, "snapshots", commit, ...path.split("/"));
}
