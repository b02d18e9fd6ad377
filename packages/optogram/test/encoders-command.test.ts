/** `optogram encoders` and dry runs, as processes. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { commit, startHub } from "@optogram/hub/testing";
import { encodeModel, GraphBuilder, reduceMean, writeModel } from "@optogram/onnx";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const here = join(import.meta.dirname, "..");
const template = JSON.parse(readFileSync(join(here, "../../pipelines/template.json"), "utf8"));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "optogram-encoders-"));
  mkdirSync(join(folder, "pipelines"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** No cache of the user's and no network. */
const env = () => ({ ...process.env, HF_HOME: join(folder, "hf"), HF_HUB_CACHE: "", HF_HUB_OFFLINE: "1" });
const optogramWith = (more: NodeJS.ProcessEnv, ...args: string[]) =>
  promisify(execFile)(process.execPath, [join(here, "bin/optogram.js"), ...args], {
    cwd: folder,
    env: { ...env(), ...more },
  });
const optogram = (...args: string[]) => optogramWith({}, ...args);
const failed = (...args: string[]) => optogram(...args).catch((error) => error);

function addCard(name: string, card: object): void {
  const path = join(folder, "models", name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "card.json"), JSON.stringify({ name, title: name, ...card }));
}

describe("encoders list", () => {
  it("is a table of the cards in models/ with what is here and what is to be fetched", async () => {
    const { stdout } = await optogram("encoders", "list");
    const rows = stdout.split("\n").filter(Boolean);
    expect(rows[0]).toMatch(/^encoder +size +tokens +width +weights +trained by +licence +file +title$/);
    const row = (name: string) => rows.find((line) => line.startsWith(`${name} `));
    expect(row("dinov3-vits16")).toMatch(
      / 256 +261 +384 +22 M .*distillation +DINOv3 License.* hub, ~86\.3 MB +DINOv3/,
    );
    expect(row("tiny-siglip")).toMatch(/ 64 +64 .* here /);
    expect(row("sam-base")).toMatch(/ 1024 +4096 +768 +90 M +segmentation/);
  });
});

describe("encoders inspect", () => {
  it("prints a card to start from, with the preprocessing that lies beside the file", async () => {
    const g = new GraphBuilder();
    g.output("pooled", reduceMean(g.input("pixels", [1, 3, 64, 64]), { axes: [2, 3] }));
    mkdirSync(join(folder, "export"));
    await writeModel(join(folder, "export/my.model.onnx"), g.model());
    const config = { size: { height: 64, width: 64 }, image_mean: [0.1, 0.2, 0.3], image_std: [1, 1, 1] };
    writeFileSync(join(folder, "export/preprocessor_config.json"), JSON.stringify(config));
    const { stdout } = await optogram("encoders", "inspect", "export/my.model.onnx");
    expect(stdout).toContain("pixels float32 [1, 3, 64, 64]: pictures");
    const card = JSON.parse(stdout.slice(stdout.indexOf("\n{")));
    expect(card).toMatchObject({
      name: "my-model",
      file: "my.model.onnx",
      input: { preprocessing: { size: 64, resize: "squash", mean: [0.1, 0.2, 0.3] } },
      outputs: { embedding: { tensor: "pooled" } },
    });
  });

  it("looks into a repository on the hub: its model, its preprocessing, its commit on the card", async () => {
    const hub = await startHub();
    const g = new GraphBuilder();
    g.output("image_embeds", reduceMean(g.input("pixel_values", [1, 3, 32, 32]), { axes: [2, 3] }));
    const config = { size: 32, image_mean: [0.4, 0.4, 0.4], image_std: [1, 1, 1] };
    hub.files.set("onnx/model.onnx", { bytes: Buffer.from(encodeModel(g.model())), lfs: true });
    hub.files.set("onnx/model_fp16.onnx", { bytes: Buffer.from("not wanted"), lfs: true });
    hub.files.set("preprocessor_config.json", { bytes: Buffer.from(JSON.stringify(config)), lfs: false });
    const online = { HF_ENDPOINT: hub.endpoint, HF_HUB_OFFLINE: "" };
    try {
      const { stdout } = await optogramWith(online, "encoders", "inspect", "owner/model");
      expect(JSON.parse(stdout.slice(stdout.indexOf("\n{")))).toMatchObject({
        name: "model",
        weights: { repo: "owner/model", file: "onnx/model.onnx", revision: commit },
        input: { preprocessing: { size: 32, mean: [0.4, 0.4, 0.4] } },
        outputs: { embedding: { tensor: "image_embeds" } },
      });
      const error = await optogramWith(online, "encoders", "inspect", "owner/model/x.onnx").catch((e) => e);
      expect(error.stderr).toContain(
        "owner/model has no file x.onnx; its ONNX files: onnx/model.onnx, onnx/model_fp16.onnx",
      );
    } finally {
      await hub.close();
    }
  });

  it("shows the outputs of an encoder that is built from weights, without them", async () => {
    const { stdout } = await optogram("encoders", "inspect", "dinov3-vits16");
    expect(stdout).toContain("eva, 21,586,944 parameters, images of 256 × 256, embedding of 384");
    expect(stdout).toContain("  block.11 [261, 384]");
  });

  it.each([
    [["encoders", "inspect", "./none.onnx"], "./none.onnx: there is no such file"],
    [["encoders", "inspect", "nobody"], 'there is none for "nobody"'],
    [["encoders", "inspect", "owner/model"], "owner/model cannot be listed while HF_HUB_OFFLINE is set"],
    [["encoders", "fetch", "nobody"], 'there is none for "nobody"'],
    [
      ["encoders", "fetch", "dinov3-vits16"],
      "dinov3-vits16: timm/vit_small_patch16_dinov3.lvd1689m: model.safetensors is not here, and HF_HUB_OFFLINE is set; fetch https://huggingface.co/",
    ],
  ])("says in a line what is wrong with %j", async (args, message) => {
    const { code, stderr } = await failed(...args);
    expect([code, stderr.trim().split("\n").length]).toEqual([1, 1]);
    expect(stderr).toContain(message);
  });
});

describe("pipeline run --dry-run", () => {
  const architecture = { family: "vit", patch: 8, size: 32, width: 16, depth: 2, heads: 2 };
  const input = (size: number) => ({ preprocessing: { size, mean: [0, 0, 0], std: [1, 1, 1] } });
  const weights = { repo: "owner/model", file: "w.safetensors", size: 5_000_000, login: true };
  const dryRun = (encoders: string[], photos: string | object) => {
    const pipeline = structuredClone(template);
    pipeline.encoders = encoders;
    pipeline.images.photos =
      typeof photos === "string" ? { ...pipeline.images.photos, path: photos } : photos;
    writeFileSync(join(folder, "pipelines/mine.json"), JSON.stringify(pipeline));
    return failed("pipeline", "run", "--dry-run", "pipelines/mine.json");
  };

  it("lists what would be fetched, and which images are not there", async () => {
    addCard("remote", { architecture, weights, input: input(32) });
    const { code, stdout, stderr } = await dryRun(["remote"], "photos");
    expect(stdout).toContain("encoder remote: hub, 5.0 MB, asks for a login");
    expect(stdout).toContain("to fetch as it is needed: about 5.0 MB");
    expect(stdout).toContain("mine.remote.sae  train-sae -> data/mine/remote/sae");
    expect(stderr).toBe(
      "pipelines/mine.json: images.photos.path: photos is not there; put the images there, or change the path\n",
    );
    expect(code).toBe(1);
  });

  it("lists images of the hub, and takes their not being here for no mistake", async () => {
    const { stdout, stderr } = await dryRun(["remote"], {
      source: "hub",
      repo: "owner/photos",
      split: "train",
    });
    expect(stdout).toContain("images photos: to fetch from the hub, owner/photos\n");
    expect(stderr).toBe("");
  });

  it("tells every card that does not fit in a line", async () => {
    addCard("odd", { architecture, weights: "random", seed: 1, input: input(33) });
    addCard("lost", { architecture, weights: { file: "w.pth" }, input: input(32) });
    const { code, stderr } = await dryRun(["odd", "lost"], "photos");
    expect(code).toBe(1);
    const lines = stderr.trim().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^pipelines\/mine\.json: encoders\[0\]: .*33 × 33 pixels are no multiples of 8: take 32 × 32$/,
    );
    expect(lines[1]).toMatch(/^pipelines\/mine\.json: encoders\[1\]: lost: .*w\.pth is missing$/);
  });
});
