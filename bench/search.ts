/** Exact search: the nearest of a million embeddings to each of a thousand queries, and their softmax's denominator. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { search } from "@optogram/align-text";
import { seededRandom } from "@optogram/statistics";
import { openPeer } from "./peer.ts";
import { say, sayRatio, sayTimes } from "./report.ts";
import { inTurn, timed } from "./timing.ts";

const [queries, d, nearest] = [1000, 512, 10];
/** The million is 20 times the same block, so that neither side needs 2 GB. */
const [block, blocks] = [50_000, 20];

export async function run(): Promise<void> {
  const rows = unitRows(block, 1);
  const asked = unitRows(queries, 2);
  const folder = await mkdtemp(join(tmpdir(), "optogram-bench-"));
  try {
    await writeFile(join(folder, "rows"), rows);
    await writeFile(join(folder, "queries"), asked);
    const peer = await openPeer("search", [folder, ...[d, blocks, nearest].map(String)]);
    say(`${queries} queries, ${block * blocks} × ${d}, ${nearest} nearest`);
    const read = async (first: number, end: number) => {
      const at = first % block;
      return rows.subarray(at * d, (at + end - first) * d);
    };
    // Half a block of rows at a time: both sides then hold as many cosines.
    const options = { k: nearest, block: block / 2 };
    const times = await inTurn(
      {
        ours: () => timed(() => search(read, block * blocks, asked, d, options)),
        theirs: peer && (() => peer.turn("search")),
      },
      { warmUp: 0, rounds: 3 },
    );
    sayTimes("ours", times.ours);
    if (peer) {
      sayTimes(peer.about, times.theirs);
      sayRatio("NumPy", times.theirs, times.ours);
    }
    peer?.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function unitRows(n: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const rows = Float32Array.from({ length: n * d }, () => random.normal());
  for (let first = 0; first < rows.length; first += d) {
    const row = rows.subarray(first, first + d);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < d; i++) row[i] /= length;
  }
  return rows;
}
