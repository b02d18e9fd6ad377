/** A grid of texts and numbers as CSV, Markdown and LaTeX. Names come from cards: each format escapes what it gives a meaning. */

export type Cell = string | number;

export interface Grid {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Lines below the table. */
  readonly notes?: readonly string[];
}

/** RFC 4180, head and rows alone. Spreadsheets take a text that begins with = + - @ for a formula: it gets an apostrophe. */
export function csv({ head, rows }: Grid): string {
  return [head, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(cell: Cell): string {
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  const text = /^[\s]*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table of GitHub's Markdown under its title. */
export function markdown({ title, head, rows, notes = [] }: Grid): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (isNumeric(rows, column) ? "--:" : "---"));
  return `${[
    `# ${markdownText(title)}`,
    "",
    line(head.map(markdownText)),
    line(rule),
    ...rows.map((row) => line(row.map((cell) => markdownText(shown(cell))))),
    ...notes.flatMap((note) => ["", markdownText(note)]),
  ].join("\n")}\n`;
}

function markdownText(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_|<>[\]#]/g, (mark) => `\\${mark}`);
}

const latexMarks: Readonly<Record<string, string>> = {
  ...{ "\\": "\\textbackslash{}", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}" },
  ...{ "{": "\\{", "}": "\\}", $: "\\$", "&": "\\&", "#": "\\#", _: "\\_", "%": "\\%" },
  ...{ "<": "\\textless{}", ">": "\\textgreater{}", Δ: "$\\Delta$", "−": "$-$", "×": "$\\times$" },
};

/** A table environment with booktabs' rules. */
export function latex({ title, head, rows, notes = [] }: Grid): string {
  const columns = head.map((_, column) => (isNumeric(rows, column) ? "r" : "l")).join("");
  const line = (cells: readonly string[]) => `${cells.join(" & ")} \\\\`;
  return `${[
    "% \\usepackage{booktabs}",
    "\\begin{table}",
    "\\centering",
    `\\caption{${latexText([title, ...notes].join(". "))}}`,
    `\\begin{tabular}{${columns}}`,
    "\\toprule",
    line(head.map(latexText)),
    "\\midrule",
    ...rows.map((row) => line(row.map((cell) => latexText(shown(cell))))),
    "\\bottomrule",
    "\\end{tabular}",
    "\\end{table}",
  ].join("\n")}\n`;
}

function latexText(text: string): string {
  const escaped = oneLine(text).replaceAll(/[\\^~{}$&#_%<>Δ−×]/g, (mark) => latexMarks[mark]);
  // After \\ or at a row's begin, LaTeX reads [ as an option and * as one more.
  return escaped.replace(/^(?=[[*])/, "{}");
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function shown(cell: Cell): string {
  if (typeof cell === "string") return cell;
  return Number.isFinite(cell) ? String(cell) : "";
}

/** Whether a column stands to the right: numbers, or texts that begin with one. */
function isNumeric(rows: Grid["rows"], column: number): boolean {
  return rows.every(
    (row) => typeof row[column] === "number" || /^(?:(?:< |-)?\d.*)?$/.test(row[column] as string),
  );
}
