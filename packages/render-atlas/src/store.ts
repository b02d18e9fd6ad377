import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Finished pieces of a run, kept where a kill cannot harm them: what is there is whole. */
export interface Store {
  read(path: string): Promise<Uint8Array | undefined>;
  write(path: string, bytes: Uint8Array): Promise<void>;
}

const planFile = "plan.json";

/**
 * Opens the store of one run. Pieces of a run with another plan (other inputs, parameters or program) are thrown away.
 * @param plan what the pieces depend on, as text
 */
export async function openStore(folder: string, plan: string): Promise<Store> {
  const before = await readFile(join(folder, planFile), "utf8").catch(() => undefined);
  if (before !== plan) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeWhole(join(folder, planFile), plan);
  }
  return {
    read: (path) => readFile(join(folder, path)).catch(missing),
    write: async (path, bytes) => writeWhole(join(folder, path), bytes),
  };
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}

async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}
