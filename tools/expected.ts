/** `npm run expected -- NAME`: whether a pipeline's ranking is the one that pipelines/NAME.expected.md holds. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parsePipeline, planPipeline, stageFacts } from "@optogram/optogram";
import {
  compareRankings,
  expectedText,
  parseRanking,
  parseTolerances,
  usualTolerance,
} from "./ranking-table.ts";

const root = join(import.meta.dirname, "..");
const usage = `npm run expected -- NAME [--write]

  NAME     the pipeline in pipelines/NAME.json, whose evaluate-encoders has run
  --write  make its ranking the expected one; tolerances stay as they are
`;

async function main(): Promise<number> {
  const options = { write: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const [name] = positionals;
  if (values.help || name === undefined || positionals.length > 1) {
    process.stdout.write(usage);
    return values.help ? 0 : 1;
  }
  const file = `pipelines/${name}.expected.md`;
  const made = await rankingFile(name);
  const ranking = await read(made, `run: npx nx run-many -t evaluate-encoders -p tag:pipeline:${name}`);
  const actual = parsed(made, () => parseRanking(ranking));
  if (values.write) {
    const known = parseTolerances(await readFile(join(root, file), "utf8").catch(() => ""), []);
    const all = new Map(actual.scores.map((score) => [score, known.get(score) ?? usualTolerance(score)]));
    await writeFile(join(root, file), expectedText(ranking, all));
    console.log(`${file} holds the ranking of ${made}.`);
    return 0;
  }
  const text = await read(file, `make it: npm run expected -- ${name} --write`);
  const expected = parsed(file, () => parseRanking(text));
  const within = parsed(file, () => parseTolerances(text, expected.scores));
  const { problems, farthest } = compareRankings(expected, actual, within);
  for (const [score, { entry, off }] of farthest)
    console.log(`${score}: at most ${off.toFixed(4)} off (${entry}), ${within.get(score)} allowed`);
  for (const problem of problems) console.error(problem);
  const other = `${made} is not what ${file} expects. If it should be: npm run expected -- ${name} --write`;
  console.log(problems.length > 0 ? other : `${made} is what ${file} expects.`);
  return problems.length > 0 ? 1 : 0;
}

/** Where the pipeline's only evaluation writes its table. */
async function rankingFile(name: string): Promise<string> {
  const file = `pipelines/${name}.json`;
  const text = await read(file, "name a pipeline");
  const tasks = planPipeline(name, parsePipeline(text, file), stageFacts);
  const found = tasks.filter(({ kind }) => kind === "evaluate-encoders");
  if (found.length !== 1)
    throw new Error(`${file} has ${found.length} stages that evaluate encoders; only one can be expected`);
  return `${found[0].output}/ranking.md`;
}

async function read(file: string, advice: string): Promise<string> {
  return readFile(join(root, file), "utf8").catch(() => {
    throw new Error(`${file} is missing; ${advice}`);
  });
}

function parsed<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof RangeError ? new Error(`${file}: ${error.message}`) : error;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
