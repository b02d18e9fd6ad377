/** The manifest of an artifact: what it is, how it was made, of what, and the digest of every file. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { sha256 } from "./digest.ts";
import { ArtifactError, codeOf, messageOf } from "./error.ts";
import { canonicalJson, type Json, toJson } from "./json.ts";

const digest = z.string().regex(/^[0-9a-f]{64}$/, "a digest is 64 hexadecimal digits");
const kind = z.string().regex(/^[a-z][a-z0-9-]*$/, "a kind is lower-case letters, digits and -");

/** A file below an artifact's folder: parts without a leading dot, so that none leads out of it. */
const fileNamePattern = /^[A-Za-z0-9_][A-Za-z0-9._@=+-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._@=+-]*)*$/;

export const manifestSchema = z.strictObject({
  /** What the artifact is: `features`, `sae`, … */
  kind,
  /** Of the kind's tables: raised when their columns change. */
  schemaVersion: z.int().positive(),
  /** The stage that wrote it. */
  stage: z.string(),
  parameters: z.record(z.string(), z.json()),
  /** Artifacts it was made of, by role; `ROLE.0`, `ROLE.1`, … where a role has several. */
  inputs: z.record(z.string(), z.strictObject({ kind, digest })),
  /** Every file but the manifest, by its path below the folder. */
  files: z.record(
    z.string().regex(fileNamePattern, "a file's name is a relative path of letters, digits and . _ - @ = +"),
    z.strictObject({ bytes: z.int().nonnegative(), sha256: digest }),
  ),
  /** Of the packages that computed it. */
  versions: z.record(z.string(), z.string()),
  device: z.string(),
  metrics: z.record(z.string(), z.json()),
});

export type Manifest = z.infer<typeof manifestSchema>;

const storedSchema = manifestSchema.extend({ digest });

export const manifestName = "manifest.json";

export function isFileName(name: string): boolean {
  return fileNamePattern.test(name) && name !== manifestName;
}

/** SHA-256 of the manifest's canonical JSON: equal for artifacts that are equal in every byte. */
export function digestOf(manifest: Manifest): string {
  return sha256(canonicalJson(manifest as Json));
}

/** The manifest as it lies on disk: with its own digest, so that a change to it shows. */
export function encodeManifest(manifest: Manifest): string {
  const checked = manifestSchema.parse(toJson(manifest));
  return `${JSON.stringify({ digest: digestOf(checked), ...checked }, null, 2)}\n`;
}

/**
 * The manifest in `folder`, checked against its own digest.
 * @throws ArtifactError
 */
export async function readManifest(folder: string): Promise<Manifest> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(join(folder, manifestName), "utf8"));
  } catch (error) {
    const missing = codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR";
    const what = missing
      ? `holds no artifact: it has no ${manifestName}`
      : `has a bad manifest: ${messageOf(error)}`;
    throw new ArtifactError(`${folder}: ${what}; run the stage that writes it`, { cause: error });
  }
  const result = storedSchema.safeParse(json);
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    const place = path.map(String).join(".");
    throw new ArtifactError(
      `${folder}: has a bad manifest: ${place ? `${place}: ` : ""}${message}; run its stage again`,
    );
  }
  const { digest: stated, ...manifest } = result.data;
  if (digestOf(manifest) === stated) return manifest;
  throw new ArtifactError(`${folder}: its manifest was changed by hand; run ${manifest.stage} again`);
}
