/** Files as data sets have them, made small. */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ImageSource, imageSourceSchema, openImages } from "@optogram/images";
import sharp from "sharp";
import { afterEach } from "vitest";

const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

/** A new folder with these files, gone after the test. */
export async function folderOf(files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "images-"));
  folders.push(root);
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), content);
  }
  return root;
}

/** An image of one colour. */
export function plain(background: string, width = 3, height = 2): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

export function idx(sizes: readonly number[], data: Uint8Array, magic = 0x800 + sizes.length): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(magic);
  for (const [axis, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * axis);
  return Buffer.concat([header, data]);
}

export function open(spec: unknown): Promise<ImageSource> {
  return openImages(imageSourceSchema.parse(spec));
}

export function records(source: ImageSource) {
  return Promise.all(Array.from({ length: source.length }, (_, i) => source.record(i)));
}

export async function labels(spec: unknown): Promise<(string | undefined)[]> {
  return (await records(await open(spec))).map(({ label }) => label);
}
