/** What a repository holds. */

import { HubError, type Repository } from "./file.ts";
import { type HubSettings, hubSettings } from "./settings.ts";

export interface Listing {
  readonly commit: string;
  readonly paths: readonly string[];
}

export interface ListOptions {
  readonly settings?: HubSettings;
  readonly signal?: AbortSignal;
}

/**
 * Paths of all files of a repository, and the commit that its revision is at.
 * @throws HubError
 */
export async function listFiles(repository: Repository, options: ListOptions = {}): Promise<Listing> {
  const { settings = hubSettings(), signal } = options;
  const { kind, repo } = repository;
  if (settings.offline)
    throw new HubError(
      `${repo} cannot be listed while HF_HUB_OFFLINE is set; unset it where there is a network`,
    );
  // When it is wanted, as in fetch.ts.
  const [{ asker, repositoryAt, told }, { listFiles: tree }] = await Promise.all([
    import("./describe.ts"),
    import("@huggingface/hub"),
  ]);
  const order = { file: { ...repository, path: "" }, settings, byHand: "try again later", signal };
  return told(order, async () => {
    const { commit } = await repositoryAt(order);
    const place = { repo: { type: kind ?? "model", name: repo } as const, revision: commit, recursive: true };
    const paths: string[] = [];
    for await (const { type, path } of tree({ ...asker(order), ...place })) {
      if (type === "file") paths.push(path);
    }
    return { commit, paths };
  });
}
