/** A stage that counts, with checkpoints; as a program, `optogram count …`. */
import { openCheckpoint, writeArtifact } from "@optogram/artifacts";
import { type Stage, stageCommand, UserError } from "@optogram/cli";
import { Command } from "commander";
import { z } from "zod";

const parameters = z.strictObject({
  to: z.int().positive().default(3).describe("Count to here."),
  pace: z.number().default(0).describe("Milliseconds a step."),
  order: z.enum(["up", "down"]).default("up").describe("Which way."),
  aloud: z.boolean().default(true).describe("Say the numbers."),
  minimumCount: z.int().optional(),
  fail: z.enum(["user", "defect"]).optional(),
});

export const counting: Stage<z.infer<typeof parameters>> = {
  kind: "count",
  writes: "numbers",
  summary: "Count.",
  scope: "encoder",
  parameters,
  inputs: {
    before: { kind: "numbers", describe: "What was counted before.", optional: true },
    others: { kind: "numbers", describe: "Other numbers.", optional: true, many: true },
  },
  packages: ["zod"],
  async run({ parameters, output, description, scratch, progress, signal }) {
    if (parameters.fail === "user") throw new UserError("cannot count", { advice: "learn to" });
    if (parameters.fail === "defect") throw new TypeError("counter is not a function");
    const checkpoint = openCheckpoint(scratch, { parameters });
    const start = (await checkpoint.load())?.step ?? 0;
    const phase = progress.phase("numbers", parameters.to, start);
    for (let i = start; i < parameters.to; i++) {
      await new Promise((resolve) => setTimeout(resolve, parameters.pace));
      await checkpoint.save(i + 1, {});
      phase.advance();
      signal.throwIfAborted();
    }
    phase.done();
    await writeArtifact(output, description, async (writer) => {
      await writer.json("numbers.json", { to: parameters.to, order: parameters.order });
      writer.metrics.resumedAt = start;
    });
  },
};

if (import.meta.main) await new Command("optogram").addCommand(stageCommand(counting)).parseAsync();
