/**
 * A pipeline file: the images, the encoders and the stages of one experiment, as data.
 *
 * Checking has two steps: the file's shape (here), and what its names refer to (plan.ts). Both collect
 * problems with the place in the file at which each stands.
 */
import { z } from "zod";

/** A name that is safe as a folder, as a part of a project's name and as a field of a JSON path. */
const plainName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    "a name is letters, digits, - and _, and begins with a letter or digit",
  );

/** Encoders are often called after checkpoints, which have dots in their names. */
const encoderName = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.|$)){0,127}$/,
    "an encoder's name is letters, digits, -, _ and single dots, and begins with a letter or digit",
  );

const stageEntry = z.strictObject({
  stage: z.string().describe("The kind of stage: the command that runs it."),
  images: plainName.optional().describe("The image set that the stage reads."),
  from: z
    .record(z.string(), z.union([plainName, z.array(plainName).min(1)]))
    .optional()
    .describe("Where the stage's inputs come from: role to the name of a stage in this file."),
  encoders: z.array(encoderName).min(1).optional().describe("Run for these encoders only."),
  parameters: z.record(z.string(), z.unknown()).optional().describe("What the stage is told."),
  threads: z
    .int()
    .min(1)
    .optional()
    .describe(
      "Threads that a task of this stage may use: such tasks run beside each other. Without it a task has the machine to itself.",
    ),
});

export const pipelineSchema = z.strictObject({
  $schema: z.string().optional(),
  title: z.string().min(1).describe("One line for people."),
  description: z.string().optional().describe("What it shows and how long it takes, for people."),
  images: z
    .record(plainName, z.looseObject({ source: z.string() }))
    .describe("Image sets by name: where each comes from."),
  encoders: z.array(encoderName).min(1).describe("Folders in models/, one an encoder."),
  stages: z.record(plainName, stageEntry).describe("Stages by name."),
});

export type Pipeline = z.infer<typeof pipelineSchema>;
export type StageEntry = z.infer<typeof stageEntry>;

/** One thing that is wrong in a pipeline file. `path` is where: `stages.sae.from.features`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** What is wrong with a pipeline: one line a problem, `FILE: PATH: MESSAGE`. */
export class PipelineError extends Error {
  readonly problems: readonly Problem[];
  constructor(file: string, problems: readonly Problem[]) {
    super(problems.map(({ path, message }) => `${file}: ${path ? `${path}: ` : ""}${message}`).join("\n"));
    this.name = "PipelineError";
    this.problems = problems;
  }
}

/** zod's path as people write it in JSON: `stages.sae.from[1]`. */
export function jsonPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : `${i > 0 ? "." : ""}${String(part)}`))
    .join("");
}

/** Problems of a failed zod check, below `prefix`. */
export function problemsOf(error: z.ZodError, prefix: readonly PropertyKey[] = []): Problem[] {
  return error.issues.map((issue) => ({
    path: jsonPath([...prefix, ...issue.path]),
    message: innerMessage(issue),
  }));
}

/** A record's bad key hides what is wrong with the key one level down. */
function innerMessage(issue: z.core.$ZodIssue): string {
  return issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message;
}

/**
 * The pipeline in `text`, shape checked; `file` is for messages only.
 * @throws PipelineError
 */
export function parsePipeline(text: string, file: string): Pipeline {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new PipelineError(file, [{ path: "", message: `is not JSON: ${(error as Error).message}` }]);
  }
  const result = pipelineSchema.safeParse(json);
  if (!result.success) throw new PipelineError(file, problemsOf(result.error));
  return result.data;
}
