/**
 * Prints a digest of a file or folder outside the workspace: names, sizes and times of change, not contents.
 * Nx asks for it to know whether a user's photos or weights are the ones it has results for.
 */
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const path = process.argv[2] ?? ".";
const hash = createHash("sha256");

function visit(at) {
  const entry = statSync(at, { throwIfNoEntry: false });
  if (entry?.isDirectory()) {
    for (const name of readdirSync(at).sort()) visit(join(at, name));
  } else {
    hash.update(`${at}\0${entry?.size}\0${entry?.mtimeMs}\n`);
  }
}

visit(path);
process.stdout.write(`${hash.digest("hex")}\n`);
