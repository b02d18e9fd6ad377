/** A copy of this workspace in a temporary folder, for tests that edit files and run Nx. */
import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

const home = join(import.meta.dirname, "../..");
const copied = [
  "nx.json",
  "package.json",
  "package-lock.json",
  "tsconfig.base.json",
  ".gitignore",
  "tools",
  "packages",
];
const leftOut = new Set(["node_modules", "dist", "fixtures", "test"]);

export interface RunRecord {
  readonly taskId: string;
  readonly cacheStatus: string;
  readonly status: number;
}

export interface Workspace {
  readonly folder: string;
  write(path: string, text: string): void;
  edit(path: string, change: (text: string) => string): void;
  /** Runs Nx; which tasks it ran and which it had in its cache. Rejects when a task fails. */
  nx(...args: string[]): Promise<readonly RunRecord[]>;
  /** Runs a script of the workspace. Rejects where it ends with another exit code than 0. */
  node(script: string, ...args: string[]): Promise<{ readonly stdout: string; readonly stderr: string }>;
  remove(): void;
}

/** npm's packages are linked, the workspace's own are copied, so that editing the copy is editing the code that runs. */
export function copyWorkspace(): Workspace {
  const folder = mkdtempSync(join(tmpdir(), "optogram-"));
  for (const name of copied) {
    cpSync(join(home, name), join(folder, name), {
      recursive: true,
      filter: (source) => !leftOut.has(basename(source)),
    });
  }
  linkModules(folder);
  mkdirSync(join(folder, "pipelines"));

  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const node = (script: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, [join(folder, script), ...args], {
      cwd: folder,
      env: {
        ...process.env,
        PATH: `${join(folder, "node_modules/.bin")}:${process.env.PATH}`,
        NX_WORKSPACE_ROOT_PATH: folder,
      },
      maxBuffer: 2 ** 26,
    });
  return {
    folder,
    write,
    edit: (path, change) => write(path, change(readFileSync(join(folder, path), "utf8"))),
    nx: async (...args) => {
      await node("node_modules/nx/dist/bin/nx.js", ...args);
      return JSON.parse(readFileSync(join(folder, ".nx/cache/run.json"), "utf8")).tasks;
    },
    node,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function linkModules(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@optogram"), { recursive: true });
  for (const name of readdirSync(join(home, "node_modules"))) {
    if (name !== "@optogram" && name !== ".cache")
      symlinkSync(join(home, "node_modules", name), join(modules, name));
  }
  for (const name of readdirSync(join(home, "packages"))) {
    symlinkSync(join("../../packages", name), join(modules, "@optogram", name));
  }
}
