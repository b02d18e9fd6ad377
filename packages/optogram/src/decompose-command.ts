import { describeFailure, runCommand } from "@optogram/cli";
import { Command } from "commander";
import { describeImage } from "./bars.ts";
import type { DecomposeFolders } from "./decompose.ts";

export function decomposeCommand(): Command {
  return new Command("decompose")
    .description("Take images apart into features, with bars.")
    .argument("<photo...>", "image files")
    .requiredOption("--sae <folder>", "the dictionary (sae)")
    .requiredOption("--features <folder>", "the embeddings that it was trained on (features)")
    .option("--coactivation <folder>", "names of features by their top images (coactivation)")
    .option("--pictures <folder>", "pictures of features and their figures (pictures)")
    .option("--json", "one JSON object a line and image; pictures as PNG in base64")
    .action((files: string[], { json, ...folders }: DecomposeFolders & { json?: boolean }) =>
      runCommand("decompose", async ({ signal }) => {
        const { openDecomposer } = await import("./decompose.ts");
        const decomposer = await openDecomposer(folders);
        try {
          for (const file of files) {
            signal.throwIfAborted();
            const picture = await decomposer.read(file).catch(reportUnreadable);
            if (!picture) continue;
            const image = await decomposer.decompose(file, picture);
            console.log(json ? JSON.stringify(image) : `${describeImage(image).join("\n")}\n`);
          }
        } finally {
          await decomposer.close();
        }
      }),
    );
}

/** A broken image does not keep the others from being shown. */
function reportUnreadable(error: unknown): undefined {
  const { message, exitCode } = describeFailure(error);
  console.error(`optogram decompose: ${message}`);
  process.exitCode = exitCode;
}
