import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openImages } from "@optogram/images";
import { stageFacts, stageKinds } from "@optogram/optogram";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generatedFiles } from "../src/schema.ts";

const here = join(import.meta.dirname, "..");
const template = JSON.parse(readFileSync(join(here, "../../pipelines/template.json"), "utf8"));

it("what is generated from the stages is up to date (npm run schema)", async () => {
  for (const [path, text] of Object.entries(await generatedFiles())) {
    expect(readFileSync(join(here, path), "utf8"), path).toBe(text);
  }
});

describe("optogram", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "optogram-command-"));
    for (const name of ["pipelines", "models/tiny-siglip"])
      mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, "models/tiny-siglip/card.json"), "{}");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const optogram = (...args: string[]) =>
    promisify(execFile)(process.execPath, [join(here, "bin/optogram.js"), ...args], { cwd: folder });
  const writePipeline = (change: (pipeline: typeof template) => void) => {
    const pipeline = structuredClone(template);
    change(pipeline);
    writeFileSync(join(folder, "pipelines/mine.json"), JSON.stringify(pipeline));
  };

  it("lists every stage, and every one's help comes from its schema", async () => {
    const { stdout } = await optogram("--help");
    expect([...stageFacts.keys()]).toEqual(stageKinds);
    for (const kind of stageKinds) expect(stdout).toContain(kind);
    expect((await optogram("train-sae", "--help")).stdout).toMatch(/--latents <integer>.*default: 1536/s);
  });

  it("ends with its launcher, even where that is killed", async () => {
    const { GLIBC_TUNABLES: _, ...env } = process.env;
    const command = [
      "train-encoder",
      "--out",
      "models/endless",
      "--size",
      "16",
      "--depth",
      "1",
      "--width",
      "24",
    ];
    const launcher = spawn(process.execPath, [join(here, "bin/optogram.js"), ...command], {
      cwd: folder,
      env,
    });
    await once(launcher.stderr, "data");
    launcher.kill("SIGKILL");
    // The pipes close when the last process that holds them has ended.
    await once(launcher, "close");
  });

  it("accepts the template, and lists its tasks", async () => {
    writePipeline(() => {});
    const { stdout } = await optogram("pipeline", "check", "pipelines/mine.json");
    expect(stdout.split("\n").filter(Boolean)).toEqual([
      "mine.tiny-siglip.features  extract-features -> data/mine/tiny-siglip/features",
      "mine.tiny-siglip.sae  train-sae -> data/mine/tiny-siglip/sae",
      "mine.tiny-siglip.coactivation  compute-coactivation -> data/mine/tiny-siglip/coactivation",
      "mine.tiny-siglip.decoder  train-decoder -> data/mine/tiny-siglip/decoder",
      "mine.tiny-siglip.pictures  visualize-features -> data/mine/tiny-siglip/pictures",
      "mine.atlas  render-atlas -> data/mine/atlas",
    ]);
  });

  it("tells every problem of a pipeline's values with its place", async () => {
    writePipeline((pipeline) => {
      pipeline.images.photos.path = 3;
      pipeline.encoders = ["absent"];
      pipeline.stages.sae.parameters = { latent: 10, k: 0 };
    });
    const file = "pipelines/mine.json";
    const failed = await optogram("pipeline", "check", file).catch((error) => error);
    expect(failed.code).toBe(1);
    const lines: string[] = failed.stderr.split("\n").filter(Boolean);
    expect(lines.map((line) => line.split(": ", 2).join(": "))).toEqual([
      `${file}: images.photos.path`,
      `${file}: encoders[0]`,
      `${file}: stages.sae.parameters.latent`,
      `${file}: stages.sae.parameters.k`,
    ]);
  });

  it("inspects a collection and writes its contact sheet", async () => {
    const spec = "scenes:seed=3,count=12";
    const { stdout, stderr } = await optogram("images", "inspect", spec, "--sheet", "sheet.webp");
    expect(stdout).toMatch(/^scenes 3: 12 images\n {2}size {8}96 × 96 to 96 × 96, median 96 × 96\n/);
    expect(stdout).toMatch(/\n {2}captions {4}12\n {2}broken {6}none\n {2}repeated {4}none\n$/);
    expect(stderr).toContain("wrote sheet.webp, 12 images");
    // Two rows, the first of ten pictures of 96 pixels with 2 between them.
    const sheet = await openImages({ source: "folder", path: folder });
    expect(await sheet.read(0, 978)).toMatchObject({ width: 978, height: 194 });
  });

  it.each([
    [["task", "none.sae"], "pipelines/none.json: there is no such pipeline"],
    [["task", "mine.sea"], "pipelines/mine.json has no task mine.sea; it has tiny-siglip.features,"],
    [["task", "../../etc/passwd"], "is no name of a task"],
    [["pipeline", "run", "pipelines/mine.json", "--only", "sea"], 'there is no task "sea"'],
    [["serve", "nowhere"], "nowhere: no atlas here"],
    [["serve", ".", "--port", "x"], "a port is a whole number"],
    [["train-sea"], "unknown command 'train-sea'"],
    [
      ["images", "inspect", "zip:photos"],
      '"zip" is no source (zip:photos): there are scenes, folder, parquet,',
    ],
    [["images", "inspect", "folder:nowhere"], "nowhere: cannot be listed (ENOENT"],
    [
      ["images", "inspect", "mnist:.,part=valid"],
      "bad specification (mnist:.,part=valid): part: Invalid option",
    ],
    [["images", "inspect", "folder:models", "--sheet", "nowhere/a.webp"], "no such file or folder ("],
    [["images", "inspect", "webdataset:models"], "models: no .tar files in this folder"],
  ])("says in a line what is wrong with %j", async (args, message) => {
    writePipeline(() => {});
    const failed = await optogram(...args).catch((error) => error);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain(message);
    expect(failed.stderr).not.toMatch(/\n +at /);
  });
});
