/**
 * Stands for the command where only what runs is in question: its artifact changes with its own entry and with the
 * artifacts it reads.
 */
export const stub = `
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parsePipeline, planPipeline, stageFacts } from "@optogram/optogram";
const pipeline = parsePipeline(readFileSync("pipelines/small.json", "utf8"), "small");
if (process.argv[3].includes(process.env.BROKEN ?? "-")) throw new Error("it broke");
const tasks = planPipeline("small", pipeline, stageFacts);
const folderOf = (name) => tasks.find((task) => task.name === name).output;
const task = tasks.find((task) => task.name === process.argv[3]);
const read = Object.values(task.inputs).flat().map((name) => readFileSync(folderOf(name) + "/manifest.json", "utf8"));
mkdirSync(task.output, { recursive: true });
const digest = createHash("sha256").update(JSON.stringify([task.parameters, pipeline.images, read])).digest("hex");
const manifest = { digest, files: { "a.parquet": { bytes: 2 ** 20 } }, metrics: { fvu: 0.25 } };
writeFileSync(task.output + "/manifest.json", JSON.stringify(manifest));
`;
