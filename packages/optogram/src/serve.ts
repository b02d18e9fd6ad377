import { runCommand, UserError } from "@optogram/cli";
import { Command, InvalidArgumentError } from "commander";

export function serveCommand(): Command {
  return new Command("serve")
    .description("Serve an atlas on 127.0.0.1.")
    .argument("<folder>", "an atlas, such as data/demo/atlas")
    .option("--port <number>", "first port to try; the next free one is taken", portNumber, 4180)
    .action((folder: string, { port }: { port: number }) =>
      runCommand("serve", async ({ signal }) => {
        const { serveAtlas } = await import("@optogram/atlas");
        const { url, close } = await serveAtlas(folder, { port }).catch((error: Error) => {
          throw new UserError(error.message);
        });
        console.log(`Open ${url}   (Ctrl-C ends it)`);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        await close();
      }),
    );
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new InvalidArgumentError("a port is a whole number from 0 to 65535");
  }
  return port;
}
