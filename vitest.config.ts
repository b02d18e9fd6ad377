import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts", "tools/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    // One a worker: tests are small, and two workers of two threads get in each other's way.
    env: { OPTOGRAM_THREADS: "1" },
    // A loaded machine is slow, not wrong.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
