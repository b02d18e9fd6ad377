import { availableParallelism } from "node:os";
import { afterEach, expect, test, vi } from "vitest";
import { availableThreads } from "./threads.ts";

afterEach(() => vi.unstubAllEnvs());

test.each([
  ["", availableParallelism()],
  ["1", 1],
  ["100000", availableParallelism()],
  ["0", availableParallelism()],
  ["-1", availableParallelism()],
  ["half", availableParallelism()],
])("OPTOGRAM_THREADS=%s", (value, threads) => {
  vi.stubEnv("OPTOGRAM_THREADS", value);
  expect(availableThreads()).toBe(threads);
});
