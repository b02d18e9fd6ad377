/** A lock file, so that two runs do not write one folder. */
import { constants, copyFile, link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf, isRunning } from "@optogram/artifacts";
import { UserError } from "./errors.ts";

const held = new Set<string>();

/**
 * Runs `work` while holding the lock of `folder` (`.NAME.lock` beside it). A lock whose process has ended is
 * taken over.
 * @throws UserError where another run holds it
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const path = join(dirname(folder), `.${basename(folder)}.lock`);
  await mkdir(dirname(folder), { recursive: true });
  await acquire(path, folder);
  held.add(path);
  try {
    return await work();
  } finally {
    held.delete(path);
    await rm(path, { force: true });
  }
}

async function acquire(path: string, folder: string): Promise<void> {
  const own = `${path}-${process.pid}`;
  await writeFile(own, await identity(process.pid));
  try {
    // A link appears with its content or not at all, and never over another.
    while (!(await tryLink(own, path))) {
      const holder = await readFile(path, "utf8").catch(() => undefined);
      if (holder === undefined) continue;
      const pid = Number.parseInt(holder, 10);
      if (await isHeld(path, holder, pid)) {
        throw new UserError(`another run is writing this folder (process ${pid})`, {
          where: folder,
          advice: "wait for it, end it, or name another folder",
        });
      }
      await removeStale(path, holder);
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    if (!["EPERM", "ENOTSUP", "ENOSYS"].includes(codeOf(error) ?? "")) throw error;
  }
  return tryCopy(from, to);
}

/** For file systems without links. */
async function tryCopy(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function isHeld(path: string, holder: string, pid: number): Promise<boolean> {
  if (!(pid > 0)) return false;
  if (pid === process.pid) return held.has(path);
  return isRunning(pid) && (await identity(pid)) === holder;
}

/** Renamed before it is removed, so that of two runs that find it stale one alone removes it. */
async function removeStale(path: string, holder: string): Promise<void> {
  const stale = `${path}-stale-${process.pid}`;
  try {
    await rename(path, stale);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  const taken = await readFile(stale, "utf8");
  if (taken !== holder) await tryLink(stale, path);
  await rm(stale, { force: true });
}

/** A process by its number and, where the system tells it, its start: numbers are used again. */
async function identity(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const start = status.slice(status.lastIndexOf(")") + 2).split(" ")[19];
  return start === undefined ? `${pid}` : `${pid} ${start}`;
}
