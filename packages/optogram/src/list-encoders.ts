/** The table of encoders. */
import {
  type Card,
  EncoderError,
  encoderNames,
  layoutOf,
  type ResolvedCard,
  readCard,
  type Whereabouts,
  whereabouts,
} from "@optogram/encoders";
import { formatBytes } from "@optogram/hub";
import { inputSize } from "@optogram/images";

const heads = ["encoder", "size", "tokens", "width", "weights", "trained by", "licence", "file", "title"];
/** Numbers stand to the right. */
const numeric = new Set(["size", "tokens", "width", "weights"]);

/** Lines, the heads first. A card that is wrong has a line that says so. */
export async function listEncoders(): Promise<string[]> {
  const problems: string[] = [];
  const rows: string[][] = [];
  for (const name of await encoderNames()) {
    try {
      const resolved = await readCard(name);
      rows.push(rowOf(name, resolved, await whereabouts(resolved)));
    } catch (error) {
      if (!(error instanceof EncoderError)) throw error;
      problems.push(error.message);
    }
  }
  return [...aligned([heads, ...rows]), ...problems];
}

function rowOf(name: string, { card, architecture }: ResolvedCard, where: Whereabouts): string[] {
  const size = inputSize(card.input.preprocessing);
  const layout = architecture && layoutOf(architecture, size);
  const { tensor, layout: kind } = card.outputs.tokens ?? {};
  const width = tensor && layout?.shapes[tensor]?.at(kind === "map" ? 0 : -1);
  return [
    name,
    size[0] === size[1] ? String(size[0]) : size.join("×"),
    String(card.tokens ?? gridTokens(card) ?? ""),
    String(width ?? ""),
    card.parameters === undefined ? "" : inMillions(card.parameters),
    card.objectives?.join(", ") ?? card.objective ?? "",
    card.licence ?? "",
    fileOf(where),
    card.title,
  ];
}

function gridTokens({ outputs: { tokens } }: Card): number | undefined {
  return tokens?.grid && tokens.prefix + tokens.grid[0] * tokens.grid[1];
}

function inMillions(count: number): string {
  return `${(count / 1e6).toFixed(count < 1e7 ? 1 : 0)} M`;
}

/** `here`, or what is to be fetched: `hub, ~86.3 MB`. */
export function fileOf(where: Whereabouts): string {
  switch (where.place) {
    case "here":
      return "here";
    case "missing":
      return "missing";
    case "hub": {
      if (where.bytes === undefined) return "hub";
      return `hub, ${where.estimated ? "~" : ""}${formatBytes(where.bytes)}`;
    }
  }
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return numeric.has(heads[column] ?? "") ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
