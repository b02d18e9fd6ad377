/** `npm run schema`: writes what is generated from the stages, stages.json and pipeline.schema.json. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { imageSourceSchema } from "@optogram/images";
import { factsOf, pipelineJsonSchema } from "./json-schema.ts";
import { loadStage, stageKinds } from "./stages.ts";

/** The generated files by their paths in the package. */
export async function generatedFiles(): Promise<Record<string, string>> {
  const stages = await Promise.all(stageKinds.map(loadStage));
  const facts = Object.fromEntries(stages.map((stage) => [stage.kind, factsOf(stage)]));
  return {
    "src/stages.json": `${JSON.stringify(facts, null, 2)}\n`,
    "pipeline.schema.json": `${JSON.stringify(pipelineJsonSchema(stages, imageSourceSchema), null, 2)}\n`,
  };
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(await generatedFiles())) {
    await writeFile(join(import.meta.dirname, "..", path), text);
  }
}
