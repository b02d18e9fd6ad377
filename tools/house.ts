/** The workspace's packages as their package.json files describe them: layers and who stands on whom. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path/posix";

export type Layer = "ground" | "stage" | "top";

export interface Member {
  /** `@optogram/train-sae` */
  readonly name: string;
  /** `packages/train-sae` */
  readonly folder: string;
  readonly layer: Layer;
  /** What others may import: its name, and its name with the subpaths that it exports. */
  readonly exports: readonly string[];
  /** Workspace packages it depends on. */
  readonly internal: readonly string[];
  /** npm packages it depends on, without those that hold types only. */
  readonly external: readonly string[];
}

export interface House {
  /** The workspace's folder. */
  readonly root: string;
  readonly packages: ReadonlyMap<string, Member>;
}

interface PackageJson {
  readonly name: string;
  readonly optogram: { readonly layer: Layer };
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export function readHouse(workspaceRoot: string): House {
  const folders = readdirSync(join(workspaceRoot, "packages"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `packages/${entry.name}`)
    .sort();
  const packages = new Map<string, Member>();
  for (const folder of folders) {
    const json = JSON.parse(readFileSync(join(workspaceRoot, folder, "package.json"), "utf8")) as PackageJson;
    const dependencies = Object.keys(json.dependencies ?? {}).sort();
    packages.set(json.name, {
      name: json.name,
      folder,
      layer: json.optogram.layer,
      exports: Object.keys(json.exports).map((path) => join(json.name, path)),
      internal: dependencies.filter((name) => name.startsWith("@optogram/")),
      external: dependencies.filter((name) => !name.startsWith("@optogram/") && !name.startsWith("@types/")),
    });
  }
  return { root: workspaceRoot, packages };
}

/** The package called `name` and every workspace package below it, in the order of their names. */
export function closureOf(name: string, house: House): Member[] {
  const found = new Map<string, Member>();
  const visit = (next: string) => {
    const member = house.packages.get(next);
    if (!member || found.has(next)) return;
    found.set(next, member);
    member.internal.forEach(visit);
  };
  visit(name);
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}
