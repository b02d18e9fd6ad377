/** What a task made, in one line, from its manifest. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Task } from "@optogram/optogram";

const figures = 5;

interface ManifestFigures {
  readonly files: Readonly<Record<string, { readonly bytes: number }>>;
  readonly metrics: Readonly<Record<string, unknown>>;
}

/** `data/demo/tiny-siglip/sae  2.1 MB  fvu 0.21, l0 31.8` */
export async function describeArtifact(root: string, task: Task): Promise<string> {
  const text = await readFile(join(root, task.output, "manifest.json"), "utf8");
  return summaryLine(task.output, JSON.parse(text) as ManifestFigures);
}

export function summaryLine(output: string, { files, metrics }: ManifestFigures): string {
  const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
  const told = Object.entries(metrics)
    .flatMap(([name, value]) => (typeof value === "number" ? [`${name} ${shortNumber(value)}`] : []))
    .slice(0, figures);
  return [output, `${(bytes / 2 ** 20).toFixed(1)} MB`, told.join(", ")].filter(Boolean).join("  ");
}

function shortNumber(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString("en") : String(Number(value.toPrecision(3)));
}
