/**
 * `npm run bench [name…]`: times what this project promises to be fast at, beside other software where it is installed.
 * Each bench runs in a process of its own.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { environment } from "../packages/optogram/bin/environment.js";
import { describeMachine } from "./machine.ts";

const benches: Readonly<Record<string, string>> = {
  "sae-step": "A training step of a sparse autoencoder",
  reconstructor: "A training step of a reconstructor",
  "input-gradient": "The gradient of a ViT-S/16 for its input",
  architectures: "Published encoders, built here",
  pictures: "Searching for pictures of features",
  painters: "Ways to hold a picture, on the demo's dictionary",
  extraction: "Extraction end to end against inference alone",
  parquet: "Parquet, 50,000 × 384 float32",
  search: "Exact search, 1,000 queries in 1,000,000 × 512",
  pca: "Principal components of 1,000,000 × 384 tokens",
  coactivation: "Coactivation of 50,000 × 32 of 12,288 features",
};

/** As the launchers have it, for both sides: without large pages the system spends longer on pages than we on sums. */
const env = environment(process.env);

async function runAll(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !(name in benches));
  if (unknown !== undefined) {
    console.error(`there is no bench "${unknown}"; there are ${Object.keys(benches).join(", ")}`);
    return 1;
  }
  console.log(`${describeMachine()}${env.GLIBC_TUNABLES ? `; ${env.GLIBC_TUNABLES}` : ""}`);
  let failed = 0;
  for (const [name, title] of Object.entries(benches)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`\n${title} (${name})`);
    const script = fileURLToPath(new URL("one.ts", import.meta.url));
    const child = spawn(process.execPath, [script, name], { stdio: "inherit", env });
    const [code] = await once(child, "close");
    if (code !== 0) failed++;
  }
  return failed === 0 ? 0 : 1;
}

process.exitCode = await runAll(process.argv.slice(2));
