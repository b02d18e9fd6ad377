/** Which features fire together: every feature's 16 nearest by cosine, with counts. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Coactivation, coactivationNeighbours } from "@optogram/compute-coactivation";
import { type SparseRows, seededRandom } from "@optogram/statistics";
import { openPeer } from "./peer.ts";
import { say, sayRatio, sayTimes } from "./report.ts";
import { inTurn, timed } from "./timing.ts";

const [images, active, features] = [50_000, 32, 12_288];
const [nearest, minimum] = [16, 4];

export async function run(): Promise<void> {
  const codes = drawCodes();
  const folder = await mkdtemp(join(tmpdir(), "optogram-bench-"));
  try {
    await writeFile(join(folder, "indices"), codes.indices);
    await writeFile(join(folder, "values"), codes.values);
    const shape = [images, active, features, nearest, minimum].map(String);
    const peer = await openPeer("coactivation", [folder, ...shape]);
    say(`each feature's ${nearest} nearest among those that it meets at least ${minimum} times`);
    const times = await inTurn(
      {
        ours: () => timed(() => coactivationNeighbours(new Coactivation(codes), nearest, minimum)),
        theirs: peer && (() => peer.turn("neighbours")),
      },
      { warmUp: 1, rounds: 5 },
    );
    sayTimes("ours, 1 thread", times.ours);
    if (peer) {
      sayTimes(peer.about, times.theirs);
      sayRatio("SciPy", times.theirs, times.ours);
    }
    peer?.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Some features are common and many rare: feature f is drawn in proportion to 1 / (f + 100). */
function drawCodes(): SparseRows {
  const random = seededRandom(0);
  const cumulative = new Float64Array(features);
  let total = 0;
  for (let f = 0; f < features; f++) cumulative[f] = total += 1 / (f + 100);
  const indices = new Uint32Array(images * active);
  const values = Float32Array.from(indices, () => 0.1 + Math.abs(random.normal()));
  for (let image = 0; image < images; image++) {
    const chosen = new Set<number>();
    while (chosen.size < active) chosen.add(firstAbove(cumulative, random.uniform(0, total)));
    indices.set([...chosen], image * active);
  }
  const offsets = Uint32Array.from({ length: images + 1 }, (_, image) => image * active);
  return { columns: features, offsets, indices, values };
}

function firstAbove(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
