import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, encodeTable, readTable, writeArtifact } from "@optogram/artifacts";
import { type EncoderParts, openStore, readEncoders, renderSite, type Site } from "@optogram/render-atlas";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const features = 7;
const images = 40;

/** Plain squares of one colour an image: nothing of the outside world is needed. */
const source: EncoderParts["images"]["source"] = {
  name: "squares",
  origin: "squares",
  length: images,
  id: (index) => `square ${index}`,
  record: async (index) => ({ id: `square ${index}` }),
  read: async (index, size) => ({
    width: size,
    height: size,
    data: Uint8Array.from({ length: size * size * 3 }, (_, i) => (index * 37 + (i % 3) * 50) % 256),
  }),
};

const numbers = Array.from({ length: features }, (_, f) => f);
const tops = numbers.flatMap((f) =>
  Array.from({ length: 24 }, (_, rank) => ({ f, rank, image: (f * 5 + rank) % images })),
);

const parts: EncoderParts = {
  name: "plain",
  dimensions: 4,
  images: {
    description: "40 squares",
    source,
    image: Array.from({ length: images }, (_, i) => i),
    id: Array.from({ length: images }, (_, i) => `square ${i}`),
    label: new Array(images).fill(null),
    caption: new Array(images).fill(null),
    shown: { shows: (image, name) => name === "even" && image % 2 === 0 },
  },
  sae: {
    density: new Array(features + 1).fill(0.5),
    mean: new Array(features + 1).fill(0.5),
    max: new Array(features + 1).fill(1),
    dead: [...numbers.map(() => false), true],
    truth: {
      kind: ["odd", "even"],
      images: [20, 20],
      feature: [2, 0],
      auroc: [0.95, 0.75],
      dimension: [1, 1],
      dimensionAuroc: [0.7, 0.7],
    },
  },
  coactivation: {
    feature: numbers,
    column: numbers.map((f) => f % 3),
    row: numbers.map((f) => Math.floor(f / 3)),
    strength: numbers.map((f) => 1 / (f + 1)),
    count: numbers.map(() => 20),
    region: numbers.map((f) => (f < 4 ? 0 : 1)),
    label: numbers.map((f) => (f === 0 ? "even" : f === 3 ? "at sea" : null)),
    byWords: numbers.map((f) => f === 3),
    histogram: numbers.map((f) => [f, 20 - f]),
    regions: { region: [0, 1], label: ["low", ""] },
    tops: {
      feature: tops.map(({ f }) => f),
      rank: tops.map(({ rank }) => rank),
      image: tops.map(({ image }) => image),
      value: tops.map(({ rank }) => 1 - rank / 100),
    },
    neighbours: {
      feature: [1, 0],
      relation: ["cosine", "coactivation"],
      rank: [0, 0],
      other: [0, 1],
      score: [0.5, 0.25],
      count: [0, 9],
    },
  },
  metrics: {},
  provenance: [],
};

const quiet = { phase: () => ({ advance() {}, done() {} }) };

describe("renderSite", () => {
  let scratch: string;
  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), "optogram-render-"));
  });
  afterEach(() => rm(scratch, { recursive: true, force: true }));

  async function render(
    folder: string,
    options: { stopAfter?: number; plan?: string; encoder?: EncoderParts } = {},
  ) {
    const files = new Map<string, Uint8Array>();
    const stop = new AbortController();
    let done = 0;
    const progress = {
      phase: () => ({
        advance() {
          if (++done === options.stopAfter) stop.abort(new Error("stopped"));
        },
        done() {},
      }),
    };
    const encoder = options.encoder ?? parts;
    const site = await renderSite("Test", [encoder, { ...withoutMap(parts), name: "rival" }], {
      writer: {
        bytes: async (path, bytes) => {
          files.set(path, Uint8Array.from(bytes));
        },
        table: async (path, table, rowGroupRows) => {
          const bytes = await encodeTable(table, {
            compression: "snappy",
            ...(rowGroupRows && { rowGroupRows }),
          });
          files.set(path, bytes);
          return bytes.length;
        },
      },
      store: await openStore(join(scratch, folder), options.plan ?? "plan"),
      progress: options.stopAfter ? progress : quiet,
      signal: stop.signal,
    });
    return { site, files };
  }

  function withoutMap({ coactivation: _, ...rest }: EncoderParts): EncoderParts {
    return rest;
  }

  test("writes what atlas.json names, and nothing twice", async () => {
    const { site, files } = await render("a");
    const stated: Site = JSON.parse(new TextDecoder().decode(files.get("atlas.json")));
    expect(stated).toEqual(JSON.parse(JSON.stringify(site)));
    expect(site.pages).toEqual(["map", "features", "feature", "about"]);
    const [plain, rival] = site.encoders;
    expect(rival).not.toHaveProperty("map");
    for (const { url, bytes } of Object.values(plain!.tables))
      expect(files.get(url)?.length, url).toBe(bytes);
    for (const f of numbers) {
      expect(files.has(`plain/sheets/${f}.jpg`)).toBe(true);
      expect(files.has(`plain/map_files/${plain!.map!.levels - 1}/${f % 3}_${Math.floor(f / 3)}.webp`)).toBe(
        true,
      );
    }
    expect(files.has(plain!.map!.url) && files.has(plain!.cover!.url)).toBe(true);
  });

  test("the features table joins dictionary, map, top images and ground truth", async () => {
    const { files } = await render("a");
    const path = join(scratch, "features.parquet");
    await writeFile(path, files.get("plain/tables/features.parquet")!);
    const rows = (await readTable(path)).toArray().map((row) => row.toJSON());
    expect(rows).toHaveLength(features + 1);
    expect(rows[0]).toMatchObject({
      column: 0,
      row: 0,
      answers: "even",
      share: 0.5,
      auroc: 0.75,
      dead: false,
    });
    // The best at telling odd ones, and yet none of its top images is one.
    expect(rows[3]).toMatchObject({ answers: "at sea", by_words: true, share: Number.NaN });
    expect(rows[2]).toMatchObject({ answers: null, share: Number.NaN, auroc: Number.NaN });
    expect(rows[features]).toMatchObject({ column: -1, row: -1, region: -1, answers: null, dead: true });
  });

  test("a run that was stopped ends in the bytes of one that was not, and draws nothing twice", async () => {
    const whole = await render("whole");
    await expect(render("broken", { stopAfter: 2 })).rejects.toThrow("stopped");
    const kept = await readdir(join(scratch, "broken/plain/features"));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(features);
    const before = await readFile(join(scratch, "broken/plain/features", kept[0]!));
    const resumed = await render("broken");
    expect(await readFile(join(scratch, "broken/plain/features", kept[0]!))).toEqual(before);
    expect([...resumed.files.keys()].sort()).toEqual([...whole.files.keys()].sort());
    for (const [path, bytes] of whole.files)
      expect(Buffer.compare(bytes, resumed.files.get(path)!), path).toBe(0);
  });

  test("a drawn picture fills its feature's tile, and its figures join the features table", async () => {
    const red = { width: 2, height: 2, channels: 3, background: "#ff0000" } as const;
    const pictures = {
      feature: [1],
      picture: [await sharp({ create: red }).png().toBuffer()],
      method: ["ascent"],
      cosine: [0.75],
      imageCosine: [0.5],
      rank: [1],
    };
    const { files, site } = await render("drawn", { encoder: { ...parts, pictures } });
    const tile = (f: number) =>
      files.get(`plain/map_files/${site.encoders[0]!.map!.levels - 1}/${f % 3}_${Math.floor(f / 3)}.webp`)!;
    const middle = async (f: number) => {
      const { data, info } = await sharp(tile(f)).raw().toBuffer({ resolveWithObject: true });
      return [
        ...data
          .subarray((info.width * info.height * 3) / 2)
          .subarray(info.width * 1.5)
          .subarray(0, 3),
      ];
    };
    const [r, g, b] = await middle(1);
    expect(r).toBeGreaterThan(240);
    expect(g! + b!).toBeLessThan(30);
    const path = join(scratch, "features.parquet");
    await writeFile(path, files.get("plain/tables/features.parquet")!);
    const rows = (await readTable(path)).toArray().map((row) => row.toJSON());
    expect(rows[1]).toMatchObject({
      picture: "ascent",
      picture_cosine: 0.75,
      image_cosine: 0.5,
      picture_rank: 1,
    });
    expect(rows[0]).toMatchObject({ picture: null, picture_cosine: Number.NaN, picture_rank: -1 });
  });

  test("networks for the page open the pages that run them", async () => {
    const live = {
      encoder: { file: Uint8Array.of(1), height: 8, width: 8, resize: "cover" as const },
      sae: { file: Uint8Array.of(2), active: 4 },
      decoder: { file: Uint8Array.of(3, 3), size: 16 },
    };
    const { site, files } = await render("live", { encoder: { ...parts, live } });
    expect(site.pages).toEqual(expect.arrayContaining(["photo", "combine"]));
    const { decoder } = site.encoders[0]!.live!;
    expect(decoder).toEqual({ url: "plain/live/decoder.onnx", bytes: 2, size: 16 });
    expect(files.get(decoder.url)).toEqual(Uint8Array.of(3, 3));
  });

  test("pieces of another plan are thrown away", async () => {
    await render("a");
    const store = await openStore(join(scratch, "a"), "another plan");
    expect(await store.read("plain/features/0.webp")).toBeUndefined();
  });
});

describe("readEncoders", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "optogram-read-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function write(name: string, kind: string, inputs: Record<string, { kind: string; digest: string }>) {
    const path = join(folder, name);
    const manifest = await writeArtifact(
      path,
      { kind, stage: `make-${kind}`, parameters: { name }, inputs, versions: {}, device: "cpu" },
      async () => undefined,
    );
    return { path, input: { kind, digest: digestOf(manifest) } };
  }

  test("joins artifacts by their digests, whatever their order", async () => {
    const a = await write("a", "features", {});
    const b = await write("b", "features", {});
    const saeB = await write("sae-b", "sae", { features: b.input });
    const saeA = await write("sae-a", "sae", { features: a.input });
    const map = await write("map", "coactivation", { sae: saeB.input });
    const drawn = await write("drawn", "pictures", { sae: saeA.input });
    const decoder = await write("decoder", "decoder", { sae: saeA.input });
    const encoders = await readEncoders({
      features: [a.path, b.path],
      sae: [saeB.path, saeA.path],
      coactivation: [map.path],
      decoder: [decoder.path],
      pictures: [drawn.path],
    });
    expect(
      encoders.map(({ features, sae, coactivation, decoder, pictures }) =>
        [features, sae, coactivation, decoder, pictures].map((one) => one?.folder),
      ),
    ).toEqual([
      [a.path, saeA.path, undefined, decoder.path, drawn.path],
      [b.path, saeB.path, map.path, undefined, undefined],
    ]);
  });

  test("says what to run where artifacts do not belong together", async () => {
    const a = await write("a", "features", {});
    const b = await write("b", "features", {});
    const sae = await write("sae", "sae", { features: b.input });
    await expect(readEncoders({ features: [a.path], sae: [sae.path] })).rejects.toThrow(
      /sae: was made of other features than those given; run make-sae again/,
    );
    await expect(readEncoders({ features: [a.path], sae: [] })).rejects.toThrow(/run train-sae first/);
  });
});
