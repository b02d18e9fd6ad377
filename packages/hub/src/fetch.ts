/** A file of the hub on this machine: from the cache, or fetched into it. */

import { stat } from "node:fs/promises";
import { blobPath, cachedFile, placeFile, repositoryFolder, type StoredFile, sha256Of } from "./cache.ts";
import { checkFile, HubError, type HubFile, nameOf } from "./file.ts";
import { type HubSettings, hubSettings } from "./settings.ts";

/** Who is told how it goes; `Progress` of `@optogram/cli` is one. */
export interface Watcher {
  note(line: string): void;
  phase(
    name: string,
    total?: number,
    done?: number,
  ): { advance(n?: number): void; done(note?: string): void };
}

export interface FetchOptions {
  readonly settings?: HubSettings;
  readonly watcher?: Watcher;
  readonly signal?: AbortSignal;
  /** Where else the file would be found: a path for people who bring it another way. */
  readonly byHand?: string;
  /** The licence to show where the repository names none. */
  readonly licence?: string;
}

/** Downloads of more are announced. */
const largeBytes = 50e6;
const megabyte = 1e6;

const running = new Map<string, Promise<StoredFile>>();

/**
 * The file, from the cache where it is there (without asking the hub), else downloaded, checked and placed there. One
 * file is fetched once at a time, by this process and by others on this machine.
 * @throws HubError, and errors of the file system
 */
export async function fetchFile(file: HubFile, options: FetchOptions = {}): Promise<StoredFile> {
  checkFile(file);
  const settings = options.settings ?? hubSettings();
  const key = JSON.stringify([settings.cache, file]);
  const known = running.get(key);
  if (known) return known;
  const found = cachedFile(file, settings)
    .then((stored) => stored ?? download(file, settings, options))
    .finally(() => running.delete(key));
  running.set(key, found);
  return found;
}

async function download(file: HubFile, settings: HubSettings, options: FetchOptions): Promise<StoredFile> {
  const { watcher, signal } = options;
  const address = `${settings.endpoint}/${file.kind === "dataset" ? "datasets/" : ""}${file.repo}/resolve/${file.revision}/${file.path}`;
  const byHand =
    options.byHand === undefined
      ? `fetch it where there is a network, and copy ${repositoryFolder(file, settings)} from there`
      : `fetch ${address} where there is a network, and put it at ${options.byHand}`;
  if (settings.offline)
    throw new HubError(`${nameOf(file)} is not here, and HF_HUB_OFFLINE is set; ${byHand}`);
  // When it is wanted: most runs find their files in the cache, and the hub's library takes a tenth of a second.
  const [{ describeFile }, { downloadBlob }] = await Promise.all([
    import("./describe.ts"),
    import("./download.ts"),
  ]);
  const order = { file, settings, byHand, signal };
  const remote = await describeFile(order);
  if (remote.etag.length === 64) checkDigest(file, remote.etag);
  const blob = blobPath(repositoryFolder(file, settings), remote.etag);
  if (!(await stat(blob).catch(() => undefined))) {
    const licence = remote.licence ?? options.licence;
    if (remote.bytes > largeBytes) {
      watcher?.note(
        `fetching ${file.repo} (${formatBytes(remote.bytes)}, licence: ${licence ?? "not stated"}) to ${settings.cache}`,
      );
    }
    const listener = new Reporter(watcher, file, remote.bytes);
    await downloadBlob(order, remote, blob, listener);
    listener.done();
  }
  const stored = await placeFile(file, remote.commit, remote.etag, settings);
  checkDigest(file, await sha256Of(stored));
  return stored;
}

function checkDigest(file: HubFile, sha256: string): void {
  if (file.sha256 === undefined || file.sha256 === sha256) return;
  throw new HubError(
    `${nameOf(file)}: the hub has another file at revision ${file.revision} (sha256 ${sha256}) than the one asked for (${file.sha256})`,
  );
}

/** Bytes as the megabytes of a phase. */
class Reporter {
  readonly #watcher: Watcher | undefined;
  readonly #name: string;
  readonly #total: number;
  #phase: ReturnType<Watcher["phase"]> | undefined;
  #bytes = 0;

  constructor(watcher: Watcher | undefined, { repo }: HubFile, total: number) {
    this.#watcher = watcher;
    this.#name = `fetching ${repo} (MB)`;
    this.#total = total;
  }

  begins(bytes: number): void {
    this.#bytes = bytes;
    this.#phase?.done("the server begins anew");
    const total = Math.max(1, Math.round(this.#total / megabyte));
    this.#phase = this.#watcher?.phase(this.#name, total, Math.floor(bytes / megabyte));
  }

  received(bytes: number): void {
    const before = Math.floor(this.#bytes / megabyte);
    this.#bytes += bytes;
    const more = Math.floor(this.#bytes / megabyte) - before;
    if (more > 0) this.#phase?.advance(more);
  }

  done(): void {
    this.#phase?.done(formatBytes(this.#total));
  }
}

/** `86.4 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  const [unit, size] = bytes < 1e6 ? ["kB", 1e3] : bytes < 1e9 ? ["MB", 1e6] : ["GB", 1e9];
  const value = bytes / (size as number);
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
