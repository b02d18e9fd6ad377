/** What the hub says of a repository and a file before anything is fetched. */

import { datasetInfo, modelInfo, pathsInfo } from "@huggingface/hub";
import { z } from "zod";
import { isCommit } from "./cache.ts";
import { HubError, type HubFile, nameOf, type Order } from "./file.ts";
import { patientFetch } from "./patient-fetch.ts";
import { pageOf, refusal } from "./refusal.ts";

export interface RemoteFile {
  readonly commit: string;
  readonly bytes: number;
  /** Name of the blob: the sha256 of a large file, git's id of a small one. */
  readonly etag: string;
  readonly licence?: string;
}

/** Files of more bytes than any weights have are a mistake of somebody. */
const mostBytes = 2 ** 40;

const answer = z.object({
  path: z.string(),
  type: z.literal("file"),
  size: z.int().min(0).max(mostBytes),
  oid: z.string().regex(/^[0-9a-f]{40}$/),
  lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0).max(mostBytes) }).optional(),
});

/** @throws HubError */
export async function describeFile(order: Order): Promise<RemoteFile> {
  const { file, settings } = order;
  return told(order, async () => {
    const { commit, licence } = await repositoryAt(order);
    const repo = { type: file.kind ?? "model", name: file.repo } as const;
    const found = await pathsInfo({ ...asker(order), repo, paths: [file.path], revision: commit });
    const [entry] = found.filter(({ path }) => path === file.path);
    if (entry === undefined) {
      throw new HubError(
        `${file.repo} has no file ${file.path} at revision ${file.revision}: see ${pageOf(file, settings)}/tree/${file.revision}`,
      );
    }
    const { size, oid, lfs } = checked(entry, file);
    return {
      commit,
      bytes: lfs?.size ?? size,
      etag: lfs?.oid ?? oid,
      ...(licence !== undefined && { licence }),
    };
  });
}

/** The commit that the revision is at, and the licence that the repository states. */
export async function repositoryAt(order: Order): Promise<{ commit: string; licence?: string }> {
  const { file } = order;
  const about = { ...asker(order), name: file.repo, revision: file.revision };
  const { sha, cardData } =
    file.kind === "dataset"
      ? await datasetInfo({ ...about, additionalFields: ["sha", "cardData"] })
      : await modelInfo({ ...about, additionalFields: ["sha", "cardData"] });
  if (typeof sha !== "string" || !isCommit(sha)) throw new HubError(`${file.repo}: the hub names no commit`);
  const licence = licenceOf(cardData);
  return { commit: sha, ...(licence !== undefined && { licence }) };
}

/** What goes wrong, in a user's words. */
export async function told<T>(order: Order, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    order.signal?.throwIfAborted();
    throw error instanceof HubError ? error : refusal(error, order);
  }
}

/** Licences that the hub has no name for are "other", with a name beside it. */
function licenceOf(about: unknown): string | undefined {
  const result = z.looseObject({ license: z.unknown(), license_name: z.unknown() }).safeParse(about);
  if (!result.success) return undefined;
  const { license, license_name } = result.data;
  const name = license === "other" ? license_name : license;
  return typeof name === "string" ? name.slice(0, 100) : undefined;
}

function checked(entry: unknown, file: HubFile): z.infer<typeof answer> {
  const result = answer.safeParse(entry);
  if (result.success) return result.data;
  throw new HubError(`${nameOf(file)}: the hub does not describe it as a file with a digest`);
}

/** What each call of the library takes. */
export function asker({ settings, signal }: Order) {
  const { endpoint, token } = settings;
  return {
    hubUrl: endpoint,
    fetch: patientFetch(settings, signal),
    ...(token !== undefined && { accessToken: token }),
  };
}
