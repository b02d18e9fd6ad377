/** One damaged file, read: it is understood or refused in a line, and nothing else happens. */

import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { seededRandom } from "@optogram/statistics";
import { mutate } from "./mutate.ts";
import type { Target } from "./targets.ts";

export interface Outcome {
  readonly kind: "read" | "refused" | "defect";
  /** The error's line, or what went wrong. */
  readonly message: string;
  readonly milliseconds: number;
}

/** Folders above that of the file, which a name may try to climb to. */
const depth = "a/b/c/d/files";

type Files = readonly (readonly [path: string, bytes: Uint8Array])[];

/** Trials of one target: trial `index` is the same for the same seed, whatever was tried before. */
export class Trials {
  readonly #target: Target;
  readonly #seed: number;
  readonly #root: string;
  readonly #seeds: Files;
  readonly #beside: readonly string[];

  private constructor(target: Target, seed: number, root: string, seeds: Files, beside: readonly string[]) {
    this.#target = target;
    this.#seed = seed;
    this.#root = root;
    this.#seeds = seeds;
    this.#beside = beside;
  }

  static async begin(target: Target, seed: number): Promise<Trials> {
    const root = await mkdtemp(join(tmpdir(), "optogram-fuzz-"));
    const seeds = [...(await target.seeds())];
    const beside = (await target.beside?.()) ?? new Map<string, Uint8Array>();
    for (const [path, bytes] of beside) await write(join(root, depth, path), bytes);
    for (const [path] of seeds) await mkdir(dirname(join(root, depth, path)), { recursive: true });
    return new Trials(target, seed, root, seeds, [...beside.keys()]);
  }

  end(): Promise<void> {
    return rm(this.#root, { recursive: true, force: true });
  }

  /** The damaged file of a trial. */
  damaged(index: number): { readonly path: string; readonly bytes: Uint8Array } {
    const random = seededRandom(this.#seed, index);
    const [path, sound] = this.#seeds[random.integer(this.#seeds.length)];
    const { damage = mutate } = this.#target;
    return { path, bytes: random.integer(2) === 0 ? damage(sound, random) : mutate(sound, random) };
  }

  run(index: number): Promise<Outcome> {
    const { path, bytes } = this.damaged(index);
    return this.#read(path, bytes);
  }

  /** The file as it is before any damage. */
  sound(path: string): Promise<Outcome> {
    return this.#read(path, new Map(this.#seeds).get(path) ?? new Uint8Array());
  }

  async #read(path: string, bytes: Uint8Array): Promise<Outcome> {
    const file = join(this.#root, depth, path);
    await write(file, bytes);
    const start = performance.now();
    const outcome = await this.#target.read(file).then(
      () => ({ kind: "read", message: "" }) as const,
      (error: unknown) => this.#judge(error),
    );
    const milliseconds = performance.now() - start;
    const strangers = await this.#strangers(path);
    await rm(file, { force: true });
    if (strangers.length > 0) {
      return { kind: "defect", message: `wrote or removed ${strangers.join(", ")}`, milliseconds };
    }
    return { ...outcome, milliseconds };
  }

  #judge(error: unknown): Pick<Outcome, "kind" | "message"> {
    const { name, message } = error instanceof Error ? error : new Error(`no error: ${error}`);
    if (!this.#target.errors.includes(name)) return { kind: "defect", message: `${name}: ${message}` };
    if (/[\r\n]/.test(message))
      return { kind: "defect", message: `not one line: ${JSON.stringify(message)}` };
    return { kind: "refused", message };
  }

  /** Files that are there and should not be, or the other way round. */
  async #strangers(path: string): Promise<string[]> {
    const entries = await readdir(this.#root, { recursive: true, withFileTypes: true });
    const there = entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name));
    const expected = [path, ...this.#beside].map((name) => join(this.#root, depth, name));
    return [
      ...there.filter((file) => !expected.includes(file)),
      ...expected.filter((file) => !there.includes(file)),
    ];
  }
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
