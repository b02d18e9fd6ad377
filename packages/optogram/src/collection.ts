/** An inspected collection as lines of text. */
import type { Inspection, Size } from "@optogram/images";

/** Lines of names before the rest are a number. */
const linesShown = 20;

export function describeCollection(name: string, inspection: Inspection): string[] {
  const { images, sizes, captions, brokenCount, repeated } = inspection;
  const row = (title: string, text: string) => `  ${title.padEnd(12)}${text}`;
  return [
    `${name}: ${counted(images, "image")}`,
    ...(sizes
      ? [row("size", `${sizeOf(sizes.smallest)} to ${sizeOf(sizes.largest)}, median ${sizeOf(sizes.median)}`)]
      : []),
    row(
      "formats",
      [...inspection.formats].map(([format, count]) => `${format} ${count}`).join(", ") || "none",
    ),
    row("classes", rangeOf(inspection.classes)),
    ...(inspection.kinds.size > 0 ? [row("shown", rangeOf(inspection.kinds))] : []),
    row("captions", captions === 0 ? "none" : `${captions}`),
    row("broken", brokenCount === 0 ? "none" : `${brokenCount}`),
    ...listed(inspection.broken, brokenCount),
    row("repeated", repeated === 0 ? "none" : `${repeated}`),
    ...listed(
      inspection.duplicates.map((ids) => ids.join(" = ")),
      inspection.duplicates.length,
    ),
  ];
}

/** `10: cat (12) to dog (3)`. */
function rangeOf(counts: ReadonlyMap<string, number>): string {
  const entries = [...counts];
  if (entries.length === 0) return "none";
  const [largest, least] = [entries[0], entries.at(-1) as [string, number]];
  const of = ([name, count]: readonly [string, number]) => `${name} (${count})`;
  if (entries.length === 1) return `1: ${of(largest)}`;
  return `${entries.length}: largest ${of(largest)}, smallest ${of(least)}`;
}

function listed(lines: readonly string[], count: number): string[] {
  const shown = lines.slice(0, linesShown).map((line) => `    ${line}`);
  return count > shown.length ? [...shown, `    and ${count - shown.length} more`] : shown;
}

function sizeOf({ width, height }: Size): string {
  return `${width} × ${height}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
