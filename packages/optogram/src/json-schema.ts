/** The JSON Schema of pipeline files, from the stages themselves, for editors to complete and check. Pure. */
import type { Stage } from "@optogram/cli";
import { z } from "zod";
import { pipelineSchema } from "./pipeline.ts";
import type { StageFacts } from "./plan.ts";

/** Parameters that a pipeline gives by other fields: `images` of the stage, and the encoder it runs for. */
const givenByPipeline: readonly string[] = ["images", "encoder"];

type JsonSchema = Readonly<Record<string, unknown>>;

interface ObjectSchema extends JsonSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** What stages.json holds of a stage. */
export function factsOf(stage: Stage<unknown>): StageFacts {
  const { kind, writes, summary, scope, inputs } = stage;
  const images = Object.hasOwn(objectSchema(stage.parameters).properties, "images");
  return { kind, writes, summary, scope, images, inputs };
}

/** The parameters of a stage that a pipeline may set, as JSON Schema; no others are allowed. */
export function parametersJsonSchema(stage: Stage<unknown>): ObjectSchema {
  const { properties, required = [] } = objectSchema(stage.parameters);
  const isFree = (name: string) => !givenByPipeline.includes(name);
  return {
    type: "object",
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => isFree(name))),
    required: required.filter(isFree),
    additionalProperties: false,
  };
}

export function pipelineJsonSchema(stages: readonly Stage<unknown>[], imageSource: z.ZodType): JsonSchema {
  const shape = z.toJSONSchema(pipelineSchema, { io: "input" }) as unknown as ObjectSchema;
  const anyStage = shape.properties.stages as JsonSchema;
  return {
    ...shape,
    title: "Optogram pipeline",
    properties: {
      ...shape.properties,
      images: { ...shape.properties.images, additionalProperties: withoutDialect(imageSource) },
      stages: {
        ...anyStage,
        additionalProperties: {
          anyOf: stages.map((stage) => stageSchema(stage, anyStage.additionalProperties as ObjectSchema)),
        },
      },
    },
  };
}

function stageSchema(stage: Stage<unknown>, shape: ObjectSchema): JsonSchema {
  const { images, from, encoders, threads } = shape.properties;
  const roles = Object.entries(stage.inputs);
  const needed = roles.filter(([, input]) => !input.optional).map(([role]) => role);
  const readsImages = factsOf(stage).images;
  return {
    type: "object",
    description: stage.summary,
    properties: {
      stage: { const: stage.kind, description: stage.summary },
      ...(readsImages ? { images } : {}),
      from: {
        type: "object",
        description: from?.description,
        properties: Object.fromEntries(
          roles.map(([role, input]) => [
            role,
            {
              ...(from?.additionalProperties as JsonSchema),
              description: `${input.describe} (${input.kind})`,
            },
          ]),
        ),
        required: needed,
        additionalProperties: false,
      },
      ...(stage.scope === "encoder" ? { encoders } : {}),
      parameters: parametersJsonSchema(stage),
      threads,
    },
    required: ["stage", ...(readsImages ? ["images"] : []), ...(needed.length > 0 ? ["from"] : [])],
    additionalProperties: false,
  };
}

function objectSchema(schema: z.ZodType): ObjectSchema {
  return withoutDialect(schema) as ObjectSchema;
}

function withoutDialect(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}
