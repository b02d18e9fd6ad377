/** The machine that figures belong to. */

import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";
import { float32, GraphBuilder, matmul, openSession } from "@optogram/onnx";
import { median, type Turn, timed } from "./timing.ts";

export function describeMachine(): string {
  const runtime = new URL(import.meta.resolve("onnxruntime-node/package.json"));
  const { version } = JSON.parse(readFileSync(runtime, "utf8")) as { version: string };
  const cores = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? "unknown processor"}`;
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${cores}, ${memory}, ${platform()} ${arch()}; Node ${process.versions.node}, ONNX Runtime ${version}`;
}

const side = 2048;

export interface Product {
  readonly turn: Turn;
  /** Floating-point operations a second at the given times. */
  rate(times: readonly number[]): number;
  close(): Promise<void>;
}

/** The product of two 2048 × 2048 matrices: how fast this machine computes where nothing else is to be done. */
export async function openProduct(): Promise<Product> {
  const graph = new GraphBuilder();
  const shape = [side, side];
  graph.output("y", matmul(graph.input("a", shape), graph.input("b", shape)));
  const session = await openSession(graph.model("product"));
  const tensor = () =>
    float32(
      Float32Array.from({ length: side * side }, (_, i) => Math.sin(i)),
      shape,
    );
  const feeds = { a: tensor(), b: tensor() };
  const fetches = { y: tensor() };
  return {
    turn: () => timed(() => session.run(feeds, fetches)),
    rate: (times) => (2 * side ** 3) / median(times),
    close: () => session.close(),
  };
}
