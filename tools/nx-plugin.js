/**
 * The Nx plugin: pipelines become tasks, packages get their targets (nx-projects.ts has the method).
 *
 * Plain JavaScript, because Nx loads it in whatever Node it was started with; where that one cannot run
 * TypeScript as it is, the workspace's own Node is asked.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export const name = "optogram";

async function projectsOf(files, workspaceRoot) {
  if (Number.parseInt(process.versions.node, 10) >= 24) {
    const { readProjects } = await import("./nx-projects.ts");
    return readProjects(files, workspaceRoot);
  }
  const node = join(workspaceRoot, "node_modules/node/bin/node");
  const script = join(import.meta.dirname, "nx-projects.ts");
  const { stdout, stderr } = await promisify(execFile)(node, [script, workspaceRoot, ...files], {
    maxBuffer: 2 ** 28,
  });
  process.stderr.write(stderr);
  return JSON.parse(stdout);
}

export const createNodesV2 = [
  "{pipelines/*.json,packages/*/package.json}",
  async (files, _options, { workspaceRoot }) => {
    // The template is there to be copied, and has nothing to run.
    const own = files.filter((file) => file !== "pipelines/template.json");
    const projects = await projectsOf(own, workspaceRoot);
    return files.map((file) => [file, { projects: projects[file] ?? {} }]);
  },
];
