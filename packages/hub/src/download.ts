/** A blob from the hub to the disk: gone on with after a cut, and there only when its digest is right. */

import { createHash, type Hash } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { downloadFile, fileDownloadInfo } from "@huggingface/hub";
import { codeOf, isRunning } from "@optogram/artifacts";
import { asker, type RemoteFile } from "./describe.ts";
import { HubError, nameOf, type Order } from "./file.ts";
import { reasonOf, refusal } from "./refusal.ts";

/** Attempts in a row that bring not one byte. */
const fruitless = 4;
/** Whether another process is still writing shows in its file. */
const abandonedAfter = 120_000;

export interface Listener {
  /** Bytes that were here already when the download begins. */
  begins(bytes: number): void;
  received(bytes: number): void;
}

/**
 * Fetches `remote` into `blob`. Files of earlier attempts (`ETAG.optogram-PID.incomplete`) are gone on with.
 * @throws HubError
 */
export async function downloadBlob(
  order: Order,
  remote: RemoteFile,
  blob: string,
  listener: Listener,
): Promise<void> {
  await mkdir(dirname(blob), { recursive: true });
  const partial = await claimPartial(blob, order);
  if (partial === undefined) return;
  for (let round = 0; ; round++) {
    await receive(order, remote, partial, listener);
    const digest = await digestOf(partial, remote);
    if (digest === remote.etag) break;
    await rm(partial, { force: true });
    if (round === 1) {
      throw new HubError(
        `${nameOf(order.file)}: arrived damaged twice (digest ${digest}, not ${remote.etag}); try again, or another network`,
      );
    }
  }
  await rename(partial, blob);
}

/** A partial file of our own; undefined where another process has completed the blob meanwhile. */
async function claimPartial(blob: string, { settings, signal }: Order): Promise<string | undefined> {
  const own = `${blob}.optogram-${process.pid}.incomplete`;
  for (;;) {
    // In this order: what is no longer among the partial files is the blob by now.
    const others = await partials(blob);
    if (await stat(blob).catch(() => undefined)) return undefined;
    const free = others.filter(({ pid, changed }) => {
      return pid === process.pid || !isRunning(pid) || Date.now() - changed > abandonedAfter;
    });
    const [best] = free.sort((a, b) => b.bytes - a.bytes);
    if (best !== undefined) {
      await rename(best.path, own).catch(() => {});
      return own;
    }
    if (others.length === 0) return own;
    await wait(Math.min(settings.pause, 1_000), undefined, { ...(signal && { signal }) });
  }
}

async function partials(blob: string) {
  const pattern = /\.optogram-(\d+)\.incomplete$/;
  const found = [];
  for (const name of await readdir(dirname(blob))) {
    const match = name.startsWith(basename(blob)) ? pattern.exec(name) : null;
    const path = join(dirname(blob), name);
    const stats = match ? await stat(path).catch(() => undefined) : undefined;
    if (match && stats)
      found.push({ path, pid: Number(match[1]), bytes: stats.size, changed: stats.mtimeMs });
  }
  return found;
}

/** Appends to `partial` until it has all bytes. */
async function receive(order: Order, remote: RemoteFile, partial: string, listener: Listener): Promise<void> {
  const { file, settings, signal } = order;
  const handle = await open(partial, "a");
  try {
    let { size } = await handle.stat();
    if (size > remote.bytes) size = await emptied(handle);
    listener.begins(size);
    const source = size < remote.bytes ? await locate(order, remote) : undefined;
    for (let failures = 0; source !== undefined && size < remote.bytes; ) {
      const before = size;
      let reason = "the connection ended early";
      try {
        size = await append(await source.from(size), handle, size, remote.bytes, listener, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (codeOf(error) === "ENOSPC" || error instanceof HubError) throw error;
        reason = reasonOf(error);
        size = source.wholeOnly ? await emptied(handle) : (await handle.stat()).size;
      }
      if (size >= remote.bytes) break;
      if (size < before) listener.begins(size);
      failures = size > before ? 0 : failures + 1;
      if (failures === fruitless) {
        throw new HubError(
          `${nameOf(file)}: cut off (${reason}); the same command goes on from there when the network is back`,
        );
      }
      await wait(settings.pause * 2 ** failures, undefined, { ...(signal && { signal }) });
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function emptied(handle: FileHandle): Promise<0> {
  await handle.truncate(0);
  return 0;
}

interface Source {
  /** Set once the server has answered a request for the rest of the file with all of it. */
  readonly wholeOnly: boolean;
  from(offset: number): Promise<ReadableStream<Uint8Array>>;
}

async function locate(order: Order, { commit }: RemoteFile): Promise<Source> {
  const { file, signal } = order;
  const { fetch: patient, ...about } = asker(order);
  let wholeOnly = false;
  const fetch: typeof patient = async (input, init) => {
    const response = await patient(input, init);
    const offset = /^bytes=([1-9]\d*)-/.exec(new Headers(init?.headers).get("range") ?? "");
    if (offset === null || response.status !== 200) return response;
    wholeOnly = true;
    await response.body?.cancel();
    throw new Error("the server does not go on where it was cut");
  };
  // Xet's protocol of chunks is faster from the hub itself, but mirrors lack it.
  const asked = {
    ...about,
    fetch,
    repo: { type: file.kind ?? "model", name: file.repo } as const,
    path: file.path,
    revision: commit,
    xet: false as const,
  };
  const missing = () => new HubError(`${nameOf(file)}: the hub lists it but does not have it`);
  const downloadInfo = await fileDownloadInfo(asked).catch((error) => {
    signal?.throwIfAborted();
    throw refusal(error, order);
  });
  if (downloadInfo === null) throw missing();
  return {
    get wholeOnly() {
      return wholeOnly;
    },
    async from(offset) {
      const blob = await downloadFile({ ...asked, downloadInfo });
      if (blob === null) throw missing();
      return (offset === 0 ? blob : blob.slice(offset)).stream();
    },
  };
}

/** @returns the file's size afterwards */
async function append(
  stream: ReadableStream<Uint8Array>,
  handle: FileHandle,
  from: number,
  most: number,
  listener: Listener,
  signal: AbortSignal | undefined,
): Promise<number> {
  let size = from;
  for await (const chunk of stream) {
    signal?.throwIfAborted();
    if (size + chunk.byteLength > most) {
      await handle.truncate(0);
      throw new Error("more came than the hub had said");
    }
    await handle.writeFile(chunk);
    size += chunk.byteLength;
    listener.received(chunk.byteLength);
  }
  return size;
}

async function digestOf(path: string, { bytes, etag }: RemoteFile): Promise<string> {
  // Git's id of a file is the sha1 of its length and its bytes.
  const hash: Hash = etag.length === 64 ? createHash("sha256") : createHash("sha1").update(`blob ${bytes}\0`);
  const handle = await open(path, "r");
  try {
    for await (const chunk of handle.readableWebStream()) hash.update(chunk as Uint8Array);
    return hash.digest("hex");
  } finally {
    await handle.close();
  }
}
