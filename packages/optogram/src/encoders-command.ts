/** `optogram encoders list|inspect|fetch`. */
import { runCommand } from "@optogram/cli";
import { Command } from "commander";

export function encodersCommand(): Command {
  const command = new Command("encoders").description("List, fetch and look into encoders.");
  command
    .command("list")
    .description("The encoders in models/, and which of them are here.")
    .action(() =>
      runCommand("encoders list", async () => {
        const { listEncoders } = await import("./list-encoders.ts");
        for (const line of await listEncoders()) console.log(line);
      }),
    );
  command
    .command("fetch")
    .description("Fetch encoders from the hub, so that they can be used without a network.")
    .argument("<encoder...>", "names of folders in models/")
    .action((names: string[]) =>
      runCommand("encoders fetch", async ({ progress: watcher, signal }) => {
        const { findFiles, readCard } = await import("@optogram/encoders");
        // A name that is wrong is told before anything is fetched.
        const cards = await Promise.all(names.map(readCard));
        for (const resolved of cards) {
          const { path } = await findFiles(resolved, { watcher, signal });
          console.log(`${resolved.card.name}  ${path ?? "needs no file: its weights are drawn"}`);
        }
      }),
    );
  command
    .command("inspect")
    .description("What is in an ONNX file, and a card to start from; or what a card says.")
    .argument(
      "<what>",
      "a file.onnx, OWNER/NAME or OWNER/NAME/path/file.onnx on the hub, or a name in models/",
    )
    .option("--revision <revision>", "branch, tag or commit of a repository on the hub", "main")
    .action((what: string, { revision }: { revision: string }) =>
      runCommand("encoders inspect", async ({ progress: watcher, signal }) => {
        const { inspectEncoder } = await import("./inspect-encoder.ts");
        for (const line of await inspectEncoder(what, { revision, watcher, signal })) console.log(line);
      }),
    );
  return command;
}
