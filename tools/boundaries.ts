/** The rules of the house: who may import whom. Pure: files and packages in, broken rules out. */
import { join, normalize } from "node:path/posix";
import type { House, Layer, Member } from "./house.ts";
import { importsOf, packageOf } from "./imports.ts";

const rank: Readonly<Record<Layer, number>> = { ground: 0, stage: 1, top: 2 };

export interface SourceFile {
  /** From the workspace's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** One line for each broken rule: where, what, and what would be right. */
export function brokenRules(house: House, files: readonly SourceFile[]): string[] {
  return [...house.packages.values()].flatMap((member) => {
    const own = files.filter((file) => file.path.startsWith(`${member.folder}/`));
    return [
      ...own.flatMap((file) => importRules(member, file, house)),
      ...dependencyRules(member, own, house),
    ];
  });
}

function importRules(member: Member, file: SourceFile, house: House): string[] {
  const broken: string[] = [];
  for (const imported of importsOf(file.text)) {
    const say = (rule: string) => broken.push(`${file.path} imports ${imported}: ${rule}`);
    if (imported.startsWith(".")) {
      const target = normalize(join(file.path, "..", imported));
      if (!target.startsWith(`${member.folder}/`)) say("import another package by its name");
      continue;
    }
    const name = packageOf(imported);
    const other = name === undefined ? undefined : house.packages.get(name);
    if (!other) continue;
    if (!other.exports.includes(imported)) say(`import what ${name} exports, not its inner files`);
    if (other !== member && member.layer === "stage" && other.layer === "stage") {
      say("a stage imports no stage; what two share lives on the ground");
    } else if (rank[other.layer] > rank[member.layer]) {
      say(`imports run downward, and ${member.layer} lies below ${other.layer}`);
    }
  }
  return broken;
}

/** What package.json declares is what the code uses, and no package stands on itself. */
function dependencyRules(member: Member, own: readonly SourceFile[], house: House): string[] {
  const usedBy = (files: readonly SourceFile[]) =>
    new Set(files.flatMap((file) => importsOf(file.text)).flatMap((imported) => packageOf(imported) ?? []));
  const shipped = own.filter((file) => /\/(?:src|bin)\//.test(file.path) && !isTest(file.path));
  const declared = [...member.internal, ...member.external];
  const used = usedBy(shipped);
  const usedAnywhere = usedBy(own.filter((file) => !isTest(file.path)));
  const where = `${member.folder}/package.json`;
  return [
    ...[...used]
      .filter((name) => name !== member.name && !declared.includes(name))
      .map((name) => `${where}: ${name} is imported but not declared`),
    ...declared
      .filter((name) => !usedAnywhere.has(name))
      .map((name) => `${where}: ${name} is declared but not imported`),
    ...(reaches(member.name, member.name, house)
      ? [`${where}: ${member.name} depends on itself through others`]
      : []),
  ];
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.includes("/test/") || path.includes("/fixtures/");
}

function reaches(from: string, goal: string, house: House, seen = new Set<string>()): boolean {
  return (house.packages.get(from)?.internal ?? []).some((next) => {
    if (next === goal) return true;
    if (seen.has(next)) return false;
    seen.add(next);
    return reaches(next, goal, house, seen);
  });
}
