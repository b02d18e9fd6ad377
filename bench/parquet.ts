/** A table of embeddings to a Parquet file and back. */

import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { columnOf, readTable, table, toVectors, vectors, writeTable } from "@optogram/artifacts";
import { seededRandom } from "@optogram/statistics";
import { openPeer, type Peer } from "./peer.ts";
import { say, sayRatio, sayTimes } from "./report.ts";
import { inTurn, timed } from "./timing.ts";

const [rows, d] = [50_000, 384];

export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "optogram-bench-"));
  const peer = await openPeer("parquet", [folder, String(rows), String(d)]);
  try {
    await compare(join(folder, "ours.parquet"), peer);
  } finally {
    peer?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Embeddings are written uncompressed, because random mantissas do not shrink. */
async function compare(path: string, peer: Peer | undefined): Promise<void> {
  const random = seededRandom(0);
  const values = Float32Array.from({ length: rows * d }, () => random.normal());
  const data = table({
    image: Uint32Array.from({ length: rows }, (_, i) => i),
    embedding: vectors(values, d),
  });
  const times = await inTurn({
    write: () => timed(() => writeTable(path, data, { compression: "none" })),
    read: () => timed(async () => toVectors(columnOf(await readTable(path), "embedding")).values),
    peerWrite: peer && (() => peer.turn("write")),
    peerRead: peer && (() => peer.turn("read")),
  });
  const { size } = await stat(path);
  say(`${(size / 1e6).toFixed(0)} MB, uncompressed, no dictionaries`);
  sayTimes("ours, write", times.write);
  sayTimes("ours, read", times.read);
  if (peer) {
    sayTimes(`${peer.about}, write`, times.peerWrite);
    sayTimes(`${peer.about}, read`, times.peerRead);
    sayRatio("pyarrow at writing", times.peerWrite, times.write);
    sayRatio("pyarrow at reading", times.peerRead, times.read);
  }
}
