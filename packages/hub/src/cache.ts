/**
 * The cache's layout, which Python's huggingface_hub shares:
 * models--OWNER--NAME/blobs/ETAG, refs/REVISION with a commit in it, and snapshots/COMMIT/PATH, a link to the blob. The
 * ETag of a large file is its sha256, that of a small one git's id of it.
 */

import { copyFile, mkdir, readFile, realpath, rm, stat, symlink } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { codeOf, digestFile, replaceFile } from "@optogram/artifacts";
import type { HubFile } from "./file.ts";
import type { HubSettings } from "./settings.ts";

/** A file that is here. */
export interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  /** The commit it is of. */
  readonly commit: string;
}

export function repositoryFolder({ kind = "model", repo }: HubFile, { cache }: HubSettings): string {
  return join(cache, [`${kind}s`, ...repo.split("/")].join("--"));
}

/** The file at its revision as it was when it was last fetched. Asks nobody. */
export async function cachedFile(file: HubFile, settings: HubSettings): Promise<StoredFile | undefined> {
  const folder = repositoryFolder(file, settings);
  const commit = isCommit(file.revision)
    ? file.revision
    : await readFile(join(folder, "refs", file.revision), "utf8").then(
        (text) => text.trim(),
        () => undefined,
      );
  if (commit === undefined || !isCommit(commit)) return undefined;
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
  if (!isCommit(file.revision)) {
    const ref = join(folder, "refs", file.revision);
    await mkdir(dirname(ref), { recursive: true });
    await replaceFile(ref, commit);
  }
  return placed(path, commit);
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
