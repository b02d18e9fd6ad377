/** Principal components of many tokens: sums of squares in bounded memory, beside scikit-learn with all of them in memory. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openScatter } from "@optogram/analyze-feature-maps";
import { type Principal, principalComponents, seededRandom } from "@optogram/statistics";
import { openPeer } from "./peer.ts";
import { say, sayRatio, sayTimes } from "./report.ts";
import { inTurn, timed } from "./timing.ts";

const [tokens, width, kept] = [1_000_000, 384, 16];
/** Tokens that come at a time, as from a batch of images. */
const batch = 3136;

export async function run(): Promise<void> {
  const rows = drawTokens();
  const folder = await mkdtemp(join(tmpdir(), "optogram-bench-"));
  try {
    await writeFile(join(folder, "tokens"), rows);
    const peer = await openPeer("pca", [join(folder, "tokens"), String(width), String(kept)]);
    say(`the first ${kept} components of ${tokens.toLocaleString("en")} tokens of ${width}`);
    let found: Principal | undefined;
    const times = await inTurn(
      {
        ours: () => timed(async () => (found = await components(rows))),
        theirs: peer && (() => peer.turn("pca")),
      },
      { warmUp: 1, rounds: 5 },
    );
    sayTimes("ours, tokens in batches", times.ours);
    if (peer) {
      sayTimes(peer.about, times.theirs);
      sayRatio("scikit-learn", times.theirs, times.ours);
    }
    peer?.close();
    say(
      `largest error of a variance against sums in float64: ${worstError(rows, found as Principal).toExponential(1)}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function components(rows: Float32Array): Promise<Principal> {
  const sum = await openScatter(width);
  for (let at = 0; at < rows.length; at += batch * width)
    await sum.add(rows.subarray(at, at + batch * width));
  const scatter = await sum.scatter();
  await sum.close();
  return principalComponents(scatter, kept);
}

/** Variances along the found components, summed anew in float64; as shares. */
function worstError(rows: Float32Array, { mean, components, variance }: Principal): number {
  let worst = 0;
  for (const c of [0, 1, kept - 1]) {
    let squares = 0;
    for (let at = 0; at < rows.length; at += width) {
      let along = 0;
      for (let j = 0; j < width; j++) along += (rows[at + j] - mean[j]) * components[c * width + j];
      squares += along ** 2;
    }
    worst = Math.max(worst, Math.abs(squares / (tokens - 1) / variance[c] - 1));
  }
  return worst;
}

/** Channels of falling scale, mixed by turns of neighbours and moved from zero, as layers' are. */
function drawTokens(): Float32Array {
  const random = seededRandom(0);
  const pool = Float32Array.from({ length: 1 << 20 }, () => random.normal());
  const rows = new Float32Array(tokens * width);
  for (let token = 0; token < tokens; token++) {
    const from = random.integer(pool.length - width);
    for (let j = 0; j < width; j++) rows[token * width + j] = 1 + (pool[from + j] * 8) / (1 + j / 8);
    for (let j = 1; j < width; j++) rows[token * width + j] += 0.5 * rows[token * width + j - 1];
  }
  return rows;
}
