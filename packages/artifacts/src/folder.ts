/** Folders and files that are there whole or not at all, whenever the program or the machine stops. */
import { existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { codeOf } from "./error.ts";

/** Whether a process of that number runs. A number may be in use again, so this errs on the side of yes. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/**
 * Fills a folder through `fill`, which gets a temporary sibling (`.NAME.partial-PID`); when it is done, the
 * sibling takes the place of `folder`. Where `fill` fails, what was in `folder` stays.
 */
export async function replaceFolder<T>(folder: string, fill: (temporary: string) => Promise<T>): Promise<T> {
  const target = resolve(folder);
  const parent = dirname(target);
  const name = basename(target);
  await mkdir(parent, { recursive: true });
  await removeRemains(parent, name);
  const partial = join(parent, `.${name}.partial-${process.pid}`);
  const former = join(parent, `.${name}.former-${process.pid}`);
  await mkdir(partial);
  try {
    const result = await fill(partial);
    await syncFolder(partial);
    const replaced = await renameIfThere(target, former);
    await rename(partial, target);
    await syncFolder(parent);
    if (replaced) await rm(former, { recursive: true, force: true });
    return result;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (existsSync(former) && !existsSync(target)) await rename(former, target);
    throw error;
  }
}

/** What processes that have ended left beside `name`: a half-made folder goes, a replaced one comes back. */
async function removeRemains(parent: string, name: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    if (!entry.startsWith(`.${name}.`)) continue;
    const match = /^(partial|former)-(\d+)$/.exec(entry.slice(name.length + 2));
    if (!match) continue;
    const pid = Number(match[2]);
    // One with this process's own number is an earlier process's: a process fills a folder once at a time.
    if (pid !== process.pid && isRunning(pid)) continue;
    const path = join(parent, entry);
    if (match[1] === "former" && !existsSync(join(parent, name))) await rename(path, join(parent, name));
    else await rm(path, { recursive: true, force: true });
  }
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** Writes a file that is there whole or as it was before. */
export async function replaceFile(path: string, data: string | Uint8Array): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.partial-${process.pid}`);
  try {
    const handle = await open(partial, "w");
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Names in a folder are on the disk only after the folder itself is. Windows cannot open one. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
