#!/usr/bin/env node
/**
 * The command. It is handed over to a new process where this Node cannot run TypeScript as it is, and on Linux to get
 * huge pages.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { environment } from "./environment.js";

const here = dirname(fileURLToPath(import.meta.url));

const runsTypeScript = Number.parseInt(process.versions.node, 10) >= 24;
const env = environment(process.env);

if (runsTypeScript && env.GLIBC_TUNABLES === process.env.GLIBC_TUNABLES) {
  module.enableCompileCache(env.NODE_COMPILE_CACHE);
  // For threads.
  process.env.NODE_COMPILE_CACHE = env.NODE_COMPILE_CACHE;
  await import("../src/main.ts");
} else {
  const node = runsTypeScript ? process.execPath : findNode();
  if (!node) {
    console.error(`optogram needs Node 24 (this is ${process.version}): run npm ci, which brings it along`);
    process.exit(1);
  }
  const stdio = ["inherit", "inherit", "inherit", "ipc"];
  const child = spawn(node, [join(here, "child.js"), ...process.argv.slice(2)], { stdio, env });
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
