/** `npm test`: types, lint and format, boundaries and every test, with the count at the end. */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

$.cwd = join(import.meta.dirname, "..");
const inherit = $({ stdio: "inherit", nothrow: true });
const failures: string[] = [];

async function check(title: string, command: () => PromiseLike<{ readonly exitCode: number | null }>) {
  const start = performance.now();
  process.stdout.write(`\n▸ ${title}\n`);
  const { exitCode } = await command();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`  ${exitCode === 0 ? "ok" : "FAILED"}, ${seconds} s\n`);
  if (exitCode !== 0) failures.push(title);
}

console.log("Types, lint, boundaries and tests of every package; a few minutes on two cores.");
const folder = await mkdtemp(join(tmpdir(), "optogram-test-"));
const file = join(folder, "report.json");
try {
  await check("types (tsc)", () => inherit`tsc -p tsconfig.json`);
  for (const config of ["tsconfig.json", "tsconfig.node.json"])
    await check(`types of the page (${config})`, () => inherit`tsc -p ${join("packages/atlas", config)}`);
  await check("lint and format (biome)", () => inherit`biome ci --error-on-warnings .`);
  await check(
    "tests (vitest)",
    () =>
      inherit`vitest run --reporter=default --reporter=json --outputFile.json=${file} ${process.argv.slice(2)}`,
  );

  const report: Report | undefined = await readFile(file, "utf8").then(JSON.parse, () => undefined);
  if (!report || report.numPassedTests + report.numFailedTests === 0) failures.push("no test ran");
  if (failures.length > 0) console.log(`\nFailed: ${failures.join(", ")}.`);
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  const counts = [`${report?.numPassedTests ?? 0} passed`, `${report?.numFailedTests ?? 0} failed`];
  if (skipped > 0) counts.push(`${skipped} skipped`);
  console.log(`\n${counts.join(", ")}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = failures.length > 0 ? 1 : 0;
