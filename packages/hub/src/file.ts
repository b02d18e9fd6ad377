/** The name of a file on the hub. What comes from cards and from the command line is checked here. */

import { z } from "zod";
import type { HubSettings } from "./settings.ts";

export const repositorySchema = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,95}\/[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,95}$/,
    "a repository is OWNER/NAME",
  )
  .refine((name) => !name.includes("--"), "a repository's name has no two dashes in a row");

export const repositoryPathSchema = z
  .string()
  .regex(
    /^[^\\:\0]{1,512}$/,
    "a path in a repository has forward slashes, no colon, and at most 512 characters",
  )
  .refine(
    (path) => path.split("/").every((part) => part !== "" && part !== "." && part !== ".."),
    "a path in a repository is relative, without . and ..",
  );

export const revisionSchema = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9_/-]|\.(?!\.)){0,127}$/, "a revision is a branch, a tag or a commit");

export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "a sha256 has 64 digits of lower-case hexadecimal");

/** A repository at a revision. */
export interface Repository {
  readonly kind?: "model" | "dataset";
  /** `OWNER/NAME` */
  readonly repo: string;
  /** Branch, tag or commit. */
  readonly revision: string;
}

/** One file of a repository. */
export interface HubFile extends Repository {
  /** Path in the repository. */
  readonly path: string;
  /** What the file's digest has to be, where that is known. */
  readonly sha256?: string;
}

/** A file that is wanted, and how. */
export interface Order {
  readonly file: HubFile;
  readonly settings: HubSettings;
  /** What a person can do without the hub: ends a sentence. */
  readonly byHand: string;
  readonly signal?: AbortSignal | undefined;
}

/** A file, or an answer of the hub, that cannot be used: one line that says what, where and what to do. */
export class HubError extends Error {
  override readonly name = "HubError";
}

/** `OWNER/NAME: path` for messages. */
export function nameOf({ repo, path }: HubFile): string {
  return `${repo}: ${path}`;
}

const namesSchema = z.object({ repo: repositorySchema, revision: revisionSchema });
const hubFileSchema = namesSchema.extend({
  path: repositoryPathSchema,
  sha256: sha256Schema.optional(),
});

/** As `checkFile`, of a repository. @throws HubError */
export function checkRepository(repository: Repository): void {
  const result = namesSchema.safeParse(repository);
  if (!result.success) throw new HubError(`${repository.repo}: ${result.error.issues[0]?.message}`);
}

/** A file's names become paths in the cache, and may come from a card, a command line or a hub. @throws HubError */
export function checkFile(file: HubFile): void {
  const result = hubFileSchema.safeParse(file);
  if (result.success) return;
  throw new HubError(`${nameOf(file)}: ${result.error.issues[0]?.message}`);
}
