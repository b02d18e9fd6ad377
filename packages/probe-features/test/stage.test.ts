import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  columnOf,
  fieldOfStruct,
  readArtifact,
  readManifest,
  toBinaries,
  toFloats,
  toLists,
  toNumbers,
  toTexts,
} from "@optogram/artifacts";
import { runStage, StoppedError, silent } from "@optogram/cli";
import { stage } from "@optogram/probe-features";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeStudy } from "./support.ts";

let root: string;
let study: { features: string; sae: string };
const at = (name: string) => join(root, name);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "probes-"));
  study = await writeStudy(root);
});
afterAll(() => rm(root, { recursive: true }));

function run(output: string, parameters: object, more: object = {}) {
  const inputs = { features: [study.features], sae: [study.sae] };
  return runStage(stage, { parameters, inputs, output: at(output), ...more });
}

/** A red disc on nothing, as PNG. */
function disc(background: string, width = 40): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="40"><rect width="100%" height="100%" fill="${background}"/><circle cx="20" cy="20" r="15" fill="#ff0000"/></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

async function cutouts(name: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  await mkdir(at(name), { recursive: true });
  for (const [file, bytes] of Object.entries(files)) await writeFile(join(at(name), file), bytes);
  return at(name);
}

async function read(name: string) {
  const artifact = await readArtifact(at(name), "probes");
  const probes = await artifact.table("probes.parquet");
  const { offsets, items } = toLists(columnOf(probes, "activations"));
  const features = Array.from(toNumbers(fieldOfStruct(items, "feature")), Number);
  const means = toFloats(fieldOfStruct(items, "mean"));
  const [things, names] = ["thing", "probe"].map((column) => toTexts(columnOf(probes, column)));
  const rows = Array.from(toFloats(columnOf(probes, "value")), (value, i) => ({
    thing: things![i],
    probe: names![i],
    value,
    active: new Map(features.slice(offsets[i], offsets[i + 1]).map((f, k) => [f, means[offsets[i]! + k]!])),
  }));
  return { artifact, probes, rows, pictures: toBinaries(columnOf(probes, "picture")) };
}

describe("stage probe-features", () => {
  it("writes the tables of its contract, a row an image with its picture", async () => {
    await run("plain", { kinds: ["strawberry", "fish"], drawings: 2 });
    const { artifact, probes, rows, pictures } = await read("plain");
    const columns = async (name: string) =>
      (await artifact.table(name)).schema.fields.map(({ name, type }) => `${name}: ${type}`);
    expect(await columns("probes.parquet")).toEqual([
      "thing: Utf8",
      "probe: Utf8",
      "value: Float32",
      "picture: Binary",
      "activations: List<Struct<{feature:Uint32, mean:Float32, deviation:Float32}>>",
    ]);
    expect((await columns("splits.parquet")).slice(0, 5)).toEqual([
      "thing: Utf8",
      "probe: Utf8",
      "a: Uint32",
      "b: Uint32",
      "score: Float32",
    ]);
    // A fish cannot be cut.
    expect(probes.numRows).toBe(35 + 33);
    expect(rows.filter(({ probe }) => probe === "wholeness").map(({ thing }) => thing)).toEqual([
      "strawberry",
      "strawberry",
    ]);
    for (const picture of pictures.slice(0, 3)) {
      const { width, height, format } = await sharp(picture).metadata();
      expect([width, height, format]).toEqual([128, 128, "webp"]);
    }
    const red = (probe: string, value: number) =>
      rows
        .find((row) => row.thing === "strawberry" && row.probe === probe && row.value === value)!
        .active.get(0) ?? 0;
    expect(red("size", 1)).toBeGreaterThan(red("empty", 0));
    expect(red("number", 20)).toBeGreaterThan(red("number", 1));
    expect(artifact.manifest.metrics).toMatchObject({ things: 2 });
  });

  it("writes the same bytes again, also where it was stopped in between", async () => {
    const parameters = { kinds: ["cup", "moon", "apple"], drawings: 1 };
    await run("first", parameters);
    const stop = new AbortController();
    const progress = {
      ...silent,
      phase: () => ({ advance: () => stop.abort(new Error("stopped")), done() {} }),
    };
    await expect(run("second", parameters, { progress, signal: stop.signal })).rejects.toThrow(StoppedError);
    await run("second", parameters);
    expect(await readManifest(at("second"))).toEqual(await readManifest(at("first")));
  });

  it("probes with a user's cut-out on a colour or a picture", async () => {
    const folder = await cutouts("own", {
      "red disc.png": await disc("none"),
      "notes.txt": Buffer.from("x"),
    });
    await run("coloured", { cutouts: folder, background: "#000000", drawings: 2 });
    const { rows, pictures } = await read("coloured");
    expect(new Set(rows.map(({ thing }) => thing))).toEqual(new Set(["red disc"]));
    expect(rows.some(({ probe }) => probe === "wholeness")).toBe(false);
    const sizes = rows.filter(({ probe }) => probe === "size").map(({ active }) => active.get(0) ?? 0);
    // A disc fills π/4 of its box: red beyond grey is twice its share of the frame.
    expect(sizes[0]! / 2).toBeCloseTo(Math.PI / 4, 1);
    expect(sizes.every((value, i) => i === 0 || value <= sizes[i - 1]!)).toBe(true);
    const empty = await sharp(pictures[0]).stats();
    expect(Math.max(...empty.channels.map(({ max }) => max))).toBeLessThan(3);

    const sea = await sharp({ create: { width: 30, height: 20, channels: 3, background: "#0000ff" } })
      .png()
      .toBuffer();
    await cutouts("behind", { "sea.png": sea });
    await run("pictured", { cutouts: folder, background: join(at("behind"), "sea.png"), drawings: 1 });
    const blue = (await read("pictured")).rows.map(({ active }) => active.get(1) ?? 0);
    expect(blue[0]).toBeCloseTo(2, 2);
    expect(blue[1]).toBeLessThan(1);
  });

  it("says in one line what is wrong with what it was given", async () => {
    const bad = async (name: string, file: Uint8Array) =>
      run("bad", { cutouts: await cutouts(name, { "a.png": file }) });
    const whole = await disc("#ffffff");
    await expect(bad("opaque", await sharp(whole).removeAlpha().png().toBuffer())).rejects.toThrow(
      /nothing is cut out: it has no transparency \(.*a\.png\): make its background transparent$/,
    );
    await expect(bad("cut", (await disc("none")).subarray(0, 120))).rejects.toThrow(
      /cannot be decoded.*a\.png/,
    );
    await expect(bad("text", Buffer.from("no picture"))).rejects.toThrow(/cannot be decoded.*a\.png/);
    await expect(bad("jpeg", await sharp(whole).jpeg().toBuffer())).rejects.toThrow(
      /this is jpeg and no PNG/,
    );
    const nothing = sharp({ create: { width: 9, height: 9, channels: 4, background: "#00000000" } });
    await expect(bad("clear", await nothing.png().toBuffer())).rejects.toThrow(/all of it is transparent/);
    await expect(run("bad", { cutouts: await cutouts("none", {}) })).rejects.toThrow(
      /no cut-outs in this folder/,
    );
    await expect(run("bad", { kinds: ["unicorn"] })).rejects.toThrow(/no kind of thing is called "unicorn"/);
    await expect(run("bad", { background: "sea.png" })).rejects.toThrow(/cannot be put on "sea.png"/);
    await expect(run("bad", { kinds: ["cup", "cup"] })).rejects.toThrow(/two things are called cup/);
    await expect(run("bad", { cutouts: at("nowhere") })).rejects.toThrow(/nowhere/);
  });
});
