import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeTable, table, writeArtifact } from "@optogram/artifacts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MapsPart, readMaps } from "./maps.ts";
import { renderSite } from "./render.ts";
import { openStore } from "./store.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "site-maps-"));
});
afterAll(() => rm(root, { recursive: true }));

/** Feature maps of one layer of an encoder, with so many rows in the table of maps. */
async function write(name: string, rows: number): Promise<string> {
  const folder = join(root, `${name}-${rows}`);
  const description = {
    ...{ kind: "feature-maps", stage: "analyze-feature-maps", inputs: {}, versions: {}, device: "cpu" },
    parameters: { images: { source: "folder", path: "/home/somebody/photos" } },
  };
  await writeArtifact(folder, description, async (writer) => {
    for (const file of ["maps", "statistics", "histograms", "curves"])
      await writer.table(`${file}.parquet`, table({ layer: new Uint16Array(file === "maps" ? rows : 1) }));
    await writer.bytes("pictures/0.webp", Uint8Array.of(1, 2));
    await writer.json("feature-maps.json", {
      encoder: { name, title: "An encoder", isRandom: false },
      ...{ input: [8, 8], images: 2, thresholdRule: "otsu", outlierDeviations: 4 },
      shown: [{ position: 0, id: "photo", picture: "pictures/0.webp" }],
      layers: [
        {
          ...{ name: "last", grid: [2, 2], width: 4, channels: [1], tokens: 8, ratio: [1], deviation: 1 },
          ...{ low: [0], step: [1], threshold: 0, masked: { share: 0.5, ratio: [1] }, answers: [] },
        },
      ],
    });
  });
  return folder;
}

async function render(maps: readonly MapsPart[]) {
  const files = new Map<string, Uint8Array>();
  const writer = {
    bytes: async (path: string, bytes: Uint8Array) => void files.set(path, bytes),
    table: async (path: string, rows: Parameters<typeof encodeTable>[0]) => {
      const bytes = await encodeTable(rows, { compression: "snappy" });
      files.set(path, bytes);
      return bytes.length;
    },
  };
  const phase = () => ({ advance: () => {}, done: () => {} });
  const context = {
    ...{ writer, store: await openStore(join(root, "scratch"), "plan") },
    ...{ progress: { phase }, signal: new AbortController().signal },
  };
  return { files, site: await renderSite("Maps", [], context, { maps }) };
}

test("an atlas may be of feature maps alone, each encoder in a folder of its own", async () => {
  const part = await readMaps(await write("tiny", 1));
  const { files, site } = await render([part, part]);
  expect(site.pages).toEqual(["maps", "about"]);
  expect(site.maps?.map(({ name }) => name)).toEqual(["tiny", "tiny 2"]);
  for (const { about, tables } of site.maps!)
    for (const { url, bytes } of [about, ...Object.values(tables)])
      expect(files.get(url)).toHaveLength(bytes);
  const said = JSON.parse(new TextDecoder().decode(files.get(site.maps![1]!.about.url)));
  expect(said.shown).toEqual([{ id: "photo", picture: "maps/tiny-2/pictures/0.webp" }]);
  expect(Array.from(files.get("maps/tiny-2/pictures/0.webp")!)).toEqual([1, 2]);
  expect(JSON.stringify(site)).not.toContain("somebody");
});

test("maps that do not fit what is said of them are an error that says what to run", async () => {
  await expect(readMaps(await write("tiny", 3))).rejects.toThrow(
    /maps.parquet has 3 rows.*run analyze-feature-maps again/,
  );
});
