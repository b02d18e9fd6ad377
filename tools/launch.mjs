/**
 * What `npm start` and `npm test` call, in any Node from 20.19 on: installs what is missing, then runs
 * tools/NAME.ts in the Node 24 that came with the packages.
 */
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { environment } from "../packages/optogram/bin/environment.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [name, ...args] = process.argv.slice(2);
const node = join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");

/** Resolves to the exit code; signals are the child's to answer. */
function run(command, parameters, env, shell = false) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { cwd: root, stdio: "inherit", env, shell });
    const pass = (signal) => child.kill(signal);
    process.on("SIGTERM", pass);
    process.on("SIGHUP", pass);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGTERM", pass);
      process.off("SIGHUP", pass);
      resolve(code ?? (signal === "SIGINT" ? 130 : 1));
    });
  });
}

function isInstalled() {
  const installed = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installed) || !existsSync(node)) return false;
  return statSync(installed).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

async function install() {
  console.log("Installing packages (npm ci, about half a minute) …");
  // The download of CUDA libraries by onnxruntime-node fails offline and is of no use without CUDA.
  const env = { ONNXRUNTIME_NODE_INSTALL: "skip", ...process.env };
  const parameters = ["ci", "--no-audit", "--no-fund"];
  const npm = process.env.npm_execpath;
  const code = npm?.endsWith("npm-cli.js")
    ? await run(process.execPath, [npm, ...parameters], env)
    : await run("npm", parameters, env, process.platform === "win32");
  if (code !== 0) process.exit(code);
  if (!existsSync(node)) {
    console.error("Node 24 did not come with the packages: npm ran no install script. Run: npm rebuild node");
    process.exit(1);
  }
}

// Ctrl-C reaches the whole group; this process waits for its child to end cleanly.
process.on("SIGINT", () => {});
if (!isInstalled()) await install();
const path = `${join(root, "node_modules/.bin")}${process.platform === "win32" ? ";" : ":"}${process.env.PATH}`;
process.exitCode = await run(node, [join(root, "tools", `${name}.ts`), ...args], {
  ...environment(process.env),
  PATH: path,
});
