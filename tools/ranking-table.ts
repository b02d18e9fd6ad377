/**
 * Two rankings that evaluate-encoders wrote as Markdown, and where they differ. Another type of processor rounds otherwise
 * and so trains slightly other networks: scores may differ by a stated amount, and encoders may change places that no test
 * told apart, or that lie no farther apart than that amount.
 */

export interface Score {
  readonly mean: number;
  /** Letters that those share who do not differ; none for controls. */
  readonly groups: readonly string[];
}

export interface RankingTable {
  /** Says on how many images. */
  readonly title: string;
  /** Titles of the scores, each with ↑ or ↓ for what is better. */
  readonly scores: readonly string[];
  /** Entries in their order, each with its scores in theirs. */
  readonly rows: ReadonlyMap<string, readonly Score[]>;
}

/** How far each score may be from what is expected, by its title. */
export type Tolerances = ReadonlyMap<string, number>;

export interface Comparison {
  /** One line each; none where all is as expected. */
  readonly problems: readonly string[];
  /** The farthest that a score is off, by its title. */
  readonly farthest: ReadonlyMap<string, { readonly entry: string; readonly off: number }>;
}

/** @throws RangeError where `text` begins with no such table. */
export function parseRanking(text: string): RankingTable {
  const [head, ...rows] = tablesOf(text)[0] ?? [];
  const first = head?.indexOf("tokens") ?? -1;
  const name = head?.indexOf("encoder") ?? -1;
  if (head === undefined || first < 0 || name < 0)
    throw new RangeError(
      'there is no table with columns "encoder" and "tokens" and a score a column after them',
    );
  return {
    title: /^# (.*)$/m.exec(text)?.[1] ?? "",
    scores: head.slice(first + 1),
    rows: new Map(rows.map((row) => [row[name], row.slice(first + 1).map(parseScore)])),
  };
}

/** What the table under the ranking says. @throws RangeError where a score has no tolerance. */
export function parseTolerances(text: string, scores: readonly string[]): Tolerances {
  const found = new Map(
    tablesOf(text)[1]
      ?.slice(1)
      .map(([score, within]) => [score, Number(within)]),
  );
  const without = scores.find((score) => !((found.get(score) ?? Number.NaN) > 0));
  if (without !== undefined) throw new RangeError(`the second table says no tolerance for "${without}"`);
  return found;
}

/** A file of what is expected: the ranking as it was written, and how far each score may be from it. */
export function expectedText(ranking: string, tolerances: Tolerances): string {
  const rows = parseRanking(ranking).scores.map(
    (score) => `| ${escaped(score)} | ${tolerances.get(score)} |`,
  );
  return `${ranking.trimEnd()}\n\n${["| score | within |", "| --- | --: |", ...rows].join("\n")}\n`;
}

/** What a score may be off where nobody has said. */
export function usualTolerance(score: string): number {
  if (score.startsWith("PSNR")) return 0.5;
  return score.startsWith("ΔE") ? 1 : 0.03;
}

export function compareRankings(
  expected: RankingTable,
  actual: RankingTable,
  within: Tolerances,
): Comparison {
  const problems: string[] = [];
  const farthest = new Map<string, { entry: string; off: number }>();
  if (actual.title !== expected.title) problems.push(`it is "${actual.title}", not "${expected.title}"`);
  problems.push(...missing("entry", [...expected.rows.keys()], [...actual.rows.keys()]));
  problems.push(...missing("score", expected.scores, actual.scores));
  for (const [i, score] of expected.scores.entries()) {
    const at = actual.scores.indexOf(score);
    if (at < 0) continue;
    const both = [...expected.rows].flatMap(([entry, row]) => {
      const now = actual.rows.get(entry)?.[at];
      return now ? [{ entry, was: row[i], now }] : [];
    });
    const tolerance = within.get(score) ?? 0;
    for (const { entry, was, now } of both) {
      const off = Math.abs(now.mean - was.mean);
      if (off > (farthest.get(score)?.off ?? -1)) farthest.set(score, { entry, off });
      // NaN is never within.
      if (!(off <= tolerance))
        problems.push(`${score}: ${entry} has ${now.mean}, expected ${was.mean} ± ${tolerance}`);
    }
    const sign = score.endsWith("↓") ? -1 : 1;
    for (const a of both)
      for (const b of both) {
        // The tests are over images: they know nothing of what another training would have brought.
        const isHeld = differ(a.was, b.was) && sign * (a.was.mean - b.was.mean) > tolerance;
        if (!isHeld) continue;
        if (sign * (a.now.mean - b.now.mean) <= 0)
          problems.push(
            `${score}: ${a.entry} (${a.now.mean}) is not better than ${b.entry} (${b.now.mean}); expected ${a.was.mean} and ${b.was.mean}, which differ significantly`,
          );
      }
  }
  return { problems, farthest };
}

/** Both are ranked, and no letter is shared. */
function differ(a: Score, b: Score): boolean {
  return a.groups.length > 0 && b.groups.length > 0 && !a.groups.some((group) => b.groups.includes(group));
}

function missing(what: string, expected: readonly string[], actual: readonly string[]): string[] {
  return [
    ...expected.filter((name) => !actual.includes(name)).map((name) => `the ${what} "${name}" is missing`),
    ...actual
      .filter((name) => !expected.includes(name))
      .map((name) => `the ${what} "${name}" is not expected`),
  ];
}

/** `0.790 (0.780, 0.810) ab`, letters set apart where there are more than the alphabet has. */
function parseScore(cell: string): Score {
  const [, mean, letters = ""] = /^(-?[\d.]+) \([^)]*\)(?: (.+))?$/.exec(cell) ?? [];
  if (mean === undefined) throw new RangeError(`"${cell}" is no score with its interval`);
  return { mean: Number(mean), groups: letters.includes(" ") ? letters.split(" ") : [...letters] };
}

/** The tables of a Markdown text, each a head and rows, without the rule between them. */
function tablesOf(text: string): string[][][] {
  const tables: string[][][] = [];
  let before = false;
  for (const line of text.split("\n")) {
    const isRow = line.startsWith("|");
    if (isRow && !before) tables.push([]);
    if (isRow && !/^\|(?: -+:? \|)+$/.test(line)) tables.at(-1)?.push(cellsOf(line));
    before = isRow;
  }
  return tables;
}

function cellsOf(line: string): string[] {
  return line
    .slice(1)
    .split(/(?<!\\)\|/)
    .slice(0, -1)
    .map((cell) => cell.trim().replaceAll(/\\(.)/g, "$1"));
}

function escaped(text: string): string {
  return text.replaceAll(/[\\`*_|<>[\]#]/g, (mark) => `\\${mark}`);
}
