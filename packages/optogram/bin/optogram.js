#!/usr/bin/env node
/** The command. A Node that cannot run TypeScript as it is hands over to the one among the packages. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const main = join(dirname(fileURLToPath(import.meta.url)), "../src/main.ts");

if (Number.parseInt(process.versions.node, 10) >= 24) {
  await import(main);
} else {
  const node = findNode();
  if (!node) {
    console.error(`optogram needs Node 24 (this is ${process.version}): run npm ci, which brings it along`);
    process.exit(1);
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  process.on("SIGINT", () => {});
  process.on("SIGTERM", (signal) => child.kill(signal));
  child.on("close", (code) => {
    process.exitCode = code ?? 1;
  });
}

function findNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve("node/package.json"));
    return [join(folder, "bin/node"), join(folder, "bin/node.exe")].find(existsSync);
  } catch {
    return undefined;
  }
}
