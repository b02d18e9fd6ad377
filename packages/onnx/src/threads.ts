import { availableParallelism } from "node:os";

/** Threads that this process may compute with: one a core, or at most as many as `OPTOGRAM_THREADS` says. */
export function availableThreads(): number {
  const most = Number(process.env.OPTOGRAM_THREADS);
  const cores = availableParallelism();
  return Number.isInteger(most) && most > 0 ? Math.min(most, cores) : cores;
}
