/** `optogram images inspect SPEC`: what a collection is made of, before anything is computed on it. */
import { access, constants, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseSpecification, runCommand } from "@optogram/cli";
import { Command } from "commander";
import { describeCollection } from "./collection.ts";

/** Pictures on the contact sheet, and how many stand in a row. */
const [sheetPictures, sheetColumns] = [100, 10];

export function imagesCommand(): Command {
  const command = new Command("images").description("Look at a collection of images.");
  command
    .command("inspect")
    .description("Count a collection's images, sizes, classes, broken and repeated files.")
    .argument("<spec>", "as for --images: folder:photos or mnist:data/mnist,part=test")
    .option("--sheet <file>", `contact sheet of up to ${sheetPictures} images to write (WebP)`)
    .action((spec: string, { sheet }: { sheet?: string }) => inspect(spec, sheet));
  return command;
}

function inspect(spec: string, sheet: string | undefined): Promise<void> {
  return runCommand("images inspect", async ({ progress, signal }) => {
    const { imageSourceSchema, inspectImages, openImages, sheetOf, thumbnailSide, webpOf } = await import(
      "@optogram/images"
    );
    // Not after an hour of reading.
    if (sheet !== undefined) await access(dirname(resolve(sheet)), constants.W_OK);
    const source = await openImages(parseSpecification(spec, imageSourceSchema), { progress, signal });
    const phase = progress.phase("reading", source.length);
    const inspection = await inspectImages(source, {
      signal,
      seen: () => phase.advance(),
      ...(sheet === undefined ? {} : { thumbnails: sheetPictures }),
    });
    phase.done();
    for (const line of describeCollection(source.name, inspection)) console.log(line);
    const { thumbnails } = inspection;
    if (sheet === undefined || thumbnails.length === 0) return;
    const rows = Array.from({ length: Math.ceil(thumbnails.length / sheetColumns) }, (_, row) =>
      thumbnails.slice(row * sheetColumns, (row + 1) * sheetColumns),
    );
    await writeFile(sheet, await webpOf(sheetOf(rows, [thumbnailSide, thumbnailSide])));
    progress.note(`wrote ${sheet}, ${thumbnails.length} images`);
  });
}
