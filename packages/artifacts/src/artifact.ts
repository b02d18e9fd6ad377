/** What a stage leaves behind: a folder of tables, tensors and pictures with a manifest. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Table } from "apache-arrow";
import type { z } from "zod";
import { digestFile, type FileDigest } from "./digest.ts";
import { ArtifactError, codeOf, messageOf } from "./error.ts";
import { replaceFolder } from "./folder.ts";
import { toJson } from "./json.ts";
import {
  digestOf,
  encodeManifest,
  isFileName,
  type Manifest,
  manifestName,
  readManifest,
} from "./manifest.ts";
import { openParquet, type ParquetReader, readTable, type WriteOptions, writeTable } from "./parquet.ts";
import { readTensors, type TensorFile, writeTensors } from "./safetensors.ts";
import type { Tensor } from "./tensor.ts";

/** What the manifest says beyond what can be read off the files. */
export interface ArtifactDescription {
  readonly kind: string;
  /** 1 where nothing is said. */
  readonly schemaVersion?: number;
  readonly stage: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, { readonly kind: string; readonly digest: string }>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly device: string;
}

/** Writes the files of one artifact. Names are relative paths with forward slashes. */
export interface ArtifactWriter {
  /** The temporary folder: what is put there by other means is part of the artifact too. */
  readonly folder: string;
  /** Figures for the manifest; set them at any time before the writing is done. */
  readonly metrics: Record<string, unknown>;
  table(name: string, data: Table, options?: WriteOptions): Promise<void>;
  tensors(
    name: string,
    tensors: Readonly<Record<string, Tensor>>,
    metadata?: Record<string, string>,
  ): Promise<void>;
  json(name: string, value: unknown): Promise<void>;
  bytes(name: string, data: Uint8Array | string): Promise<void>;
  /** Where a file of that name goes, its folder made: for libraries that write by themselves. */
  path(name: string): Promise<string>;
}

/**
 * Writes an artifact through `write` and puts it in the place of `folder` when all of it is on the disk.
 * Where `write` fails, what was in `folder` stays and nothing else is left.
 */
export async function writeArtifact(
  folder: string,
  description: ArtifactDescription,
  write: (writer: ArtifactWriter) => Promise<void>,
): Promise<Manifest> {
  return replaceFolder(folder, async (temporary) => {
    const metrics: Record<string, unknown> = {};
    await write(writerTo(temporary, metrics));
    const manifest: Manifest = {
      kind: description.kind,
      schemaVersion: description.schemaVersion ?? 1,
      stage: description.stage,
      parameters: toJson(description.parameters) as Manifest["parameters"],
      inputs: { ...description.inputs },
      files: await digestFolder(temporary),
      versions: { ...description.versions },
      device: description.device,
      metrics: toJson(metrics) as Manifest["metrics"],
    };
    const path = join(temporary, manifestName);
    await writeFile(path, encodeManifest(manifest));
    await digestFile(path, { sync: true });
    return manifest;
  });
}

function writerTo(folder: string, metrics: Record<string, unknown>): ArtifactWriter {
  const path = async (name: string) => {
    if (!isFileName(name)) throw new RangeError(`"${name}" is no name for a file of an artifact`);
    const whole = join(folder, name);
    await mkdir(dirname(whole), { recursive: true });
    return whole;
  };
  return {
    folder,
    metrics,
    path,
    table: async (name, data, options) => writeTable(await path(name), data, options),
    tensors: async (name, tensors, metadata) => writeTensors(await path(name), tensors, metadata),
    json: async (name, value) => writeFile(await path(name), `${JSON.stringify(value, null, 2)}\n`),
    bytes: async (name, data) => writeFile(await path(name), data),
  };
}

/** Digests of all files below a folder, by sorted name; each file is on the disk when this returns. */
async function digestFolder(folder: string): Promise<Record<string, FileDigest>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const name = join(entry.parentPath, entry.name)
      .slice(folder.length + 1)
      .replaceAll("\\", "/");
    if (!entry.isFile() || !isFileName(name)) throw new RangeError(`"${name}" cannot be part of an artifact`);
    names.push(name);
  }
  names.sort();
  const digests: FileDigest[] = new Array(names.length);
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < names.length; i = next++) {
      digests[i] = await digestFile(join(folder, names[i]!), { sync: true });
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return Object.fromEntries(names.map((name, i) => [name, digests[i]!]));
}

/** An artifact on disk. A file's digest is checked when it is first used. */
export class Artifact {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly digest: string;
  readonly #checks = new Map<string, Promise<string>>();

  constructor(folder: string, manifest: Manifest) {
    this.folder = folder;
    this.manifest = manifest;
    this.digest = digestOf(manifest);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.manifest.files, name);
  }

  /**
   * The path of a file, its size and digest checked.
   * @throws ArtifactError
   */
  path(name: string): Promise<string> {
    const known = this.#checks.get(name);
    if (known) return known;
    const check = this.#check(name);
    this.#checks.set(name, check);
    return check;
  }

  /** A table; with `columns`, those alone. */
  async table(name: string, columns?: readonly string[]): Promise<Table> {
    return readTable(await this.path(name), columns);
  }

  /** A table to be read a row group at a time. */
  async openTable(name: string): Promise<ParquetReader> {
    return openParquet(await this.path(name));
  }

  async tensors(name: string): Promise<TensorFile> {
    return readTensors(await this.path(name));
  }

  async bytes(name: string): Promise<Uint8Array> {
    return readFile(await this.path(name));
  }

  async json<T>(name: string, schema: z.ZodType<T>): Promise<T> {
    const path = await this.path(name);
    try {
      return schema.parse(JSON.parse(await readFile(path, "utf8")));
    } catch (error) {
      throw this.#unlike(name, `is not as expected: ${messageOf(error)}`);
    }
  }

  /** Checks every file now. */
  async verify(): Promise<void> {
    for (const name of Object.keys(this.manifest.files)) await this.path(name);
  }

  async #check(name: string): Promise<string> {
    const stated = this.has(name) ? this.manifest.files[name] : undefined;
    if (!stated) throw this.#unlike(name, "is not part of it");
    const path = join(this.folder, name);
    let found: FileDigest;
    try {
      found = await digestFile(path);
    } catch (error) {
      throw this.#unlike(name, codeOf(error) === "ENOENT" ? "is missing" : messageOf(error));
    }
    if (found.bytes !== stated.bytes) {
      throw this.#unlike(name, `has ${found.bytes} bytes, not ${stated.bytes}`);
    }
    if (found.sha256 !== stated.sha256) throw this.#unlike(name, "has changed since it was written");
    return path;
  }

  #unlike(name: string, what: string): ArtifactError {
    return new ArtifactError(`${this.folder}: ${name} ${what}; run ${this.manifest.stage} again`);
  }
}

/**
 * The artifact in `folder`, its manifest checked.
 * @throws ArtifactError where it is none, of another kind or version; it says what to run
 */
export async function readArtifact(folder: string, kind: string, schemaVersion = 1): Promise<Artifact> {
  const manifest = await readManifest(folder);
  if (manifest.kind !== kind) {
    throw new ArtifactError(`${folder}: holds ${manifest.kind}, not ${kind}; name a folder of that kind`);
  }
  if (manifest.schemaVersion !== schemaVersion) {
    const { schemaVersion: found, stage } = manifest;
    throw new ArtifactError(
      `${folder}: is ${kind} of version ${found}, not ${schemaVersion}; run ${stage} again`,
    );
  }
  return new Artifact(folder, manifest);
}
