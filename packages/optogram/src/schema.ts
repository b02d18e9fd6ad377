/** `npm run schema`: writes what is generated: stages.json and pipeline.schema.json from the stages, and cards' schema. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cardFileSchema, randomCardSchema } from "@optogram/encoders";
import { imageSourceSchema } from "@optogram/images";
import { z } from "zod";
import { factsOf, pipelineJsonSchema } from "./json-schema.ts";
import { loadStage, stageKinds } from "./stages.ts";

/** The generated files by their paths in the package. */
export async function generatedFiles(): Promise<Record<string, string>> {
  const stages = await Promise.all(stageKinds.map(loadStage));
  const facts = Object.fromEntries(stages.map((stage) => [stage.kind, factsOf(stage)]));
  const card = z.toJSONSchema(z.union([cardFileSchema, randomCardSchema]), { io: "input" });
  return {
    "../encoders/card.schema.json": `${JSON.stringify({ title: "Optogram encoder", ...card }, null, 2)}\n`,
    "src/stages.json": `${JSON.stringify(facts, null, 2)}\n`,
    "pipeline.schema.json": `${JSON.stringify(pipelineJsonSchema(stages, imageSourceSchema), null, 2)}\n`,
  };
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(await generatedFiles())) {
    await writeFile(join(import.meta.dirname, "..", path), text);
  }
}
