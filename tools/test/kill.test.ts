/**
 * Every stage is killed in the middle of its work and started again: it must end in the very artifact of an
 * unbroken run. The stages, the command and the encoder are the real ones, with little to do.
 */
import { spawn } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environment } from "../../packages/optogram/bin/environment.js";
import { copyWorkspace, type Workspace } from "./workspace.ts";

const pipeline = {
  title: "Small",
  images: {
    train: { source: "scenes", seed: 1, count: 320 },
    other: { source: "scenes", seed: 2, count: 160 },
  },
  encoders: ["tiny"],
  stages: {
    features: { stage: "extract-features", images: "train" },
    heldout: { stage: "extract-features", images: "other" },
    sae: {
      stage: "train-sae",
      from: { features: "features", heldout: "heldout" },
      parameters: { latents: 32, k: 8, steps: 900, batch: 64 },
    },
    alignment: {
      stage: "align-text",
      from: { features: "features", sae: "sae" },
      parameters: {
        queries: ["a red fish"],
        debug: [{ image: 3, prompts: ["a cat", "two red cars"], crops: [[0, 0, 0.5, 0.5]] }],
      },
    },
    coactivation: { stage: "compute-coactivation", from: { sae: "sae", features: "features" } },
    decoder: {
      stage: "train-decoder",
      from: { features: "features", sae: "sae" },
      parameters: { exemplars: 64 },
    },
    pictures: {
      stage: "visualize-features",
      from: { features: "features", sae: "sae", decoder: "decoder" },
      parameters: { refine: 16, painter: "fourier", steps: 4, views: 1 },
    },
    combinations: {
      stage: "combine-features",
      from: { features: "features", sae: "sae", decoder: "decoder", coactivation: "coactivation" },
      parameters: { count: 2, steps: 4, views: 1 },
    },
    spread: {
      stage: "spread-images",
      from: { features: "features", sae: "sae" },
      parameters: { steps: 4, views: 1 },
    },
    reconstructor: {
      stage: "train-reconstructor",
      images: "train",
      parameters: { width: 24, depth: 1, steps: 120, heldOut: 8 },
    },
    operators: {
      stage: "fit-operators",
      images: "other",
      from: { reconstructor: "reconstructor" },
      parameters: { fitImages: 140, judgeImages: 8, changes: ["swap", "flip"], batch: 4 },
    },
    ranking: {
      stage: "evaluate-encoders",
      images: "other",
      from: { reconstructors: "reconstructor" },
      parameters: { judges: ["tiny"], count: 160 },
    },
    maps: { stage: "analyze-feature-maps", images: "other", parameters: { shown: 4 } },
    superposition: { stage: "train-superposition", parameters: { digits: 400, steps: 60, each: 5 } },
    probes: {
      stage: "probe-features",
      from: { features: "features", sae: "sae" },
      parameters: { kinds: ["fish", "cup", "apple", "car", "moon", "tree"], drawings: 2 },
    },
    atlas: {
      stage: "render-atlas",
      from: {
        features: "features",
        sae: "sae",
        coactivation: "coactivation",
        decoder: "decoder",
        pictures: "pictures",
        combinations: "combinations",
        spread: "spread",
        superposition: "superposition",
        probes: "probes",
      },
    },
  },
};

const tinyEncoder =
  "--name tiny --size 32 --width 24 --depth 1 --heads 2 --embedding 16 --samples 1280 --batch 16 --held-out 40";

/** In the order in which each finds what it reads. */
const stages: readonly { readonly kind: string; readonly command: string; readonly output: string }[] = [
  { kind: "train-encoder", command: `train-encoder --out data/tiny ${tinyEncoder}`, output: "data/tiny" },
  { kind: "extract-features", command: "task small.tiny.features", output: "data/small/tiny/features" },
  { kind: "train-sae", command: "task small.tiny.sae", output: "data/small/tiny/sae" },
  {
    kind: "compute-coactivation",
    command: "task small.tiny.coactivation",
    output: "data/small/tiny/coactivation",
  },
  { kind: "align-text", command: "task small.tiny.alignment", output: "data/small/tiny/alignment" },
  { kind: "train-decoder", command: "task small.tiny.decoder", output: "data/small/tiny/decoder" },
  { kind: "visualize-features", command: "task small.tiny.pictures", output: "data/small/tiny/pictures" },
  {
    kind: "combine-features",
    command: "task small.tiny.combinations",
    output: "data/small/tiny/combinations",
  },
  { kind: "spread-images", command: "task small.tiny.spread", output: "data/small/tiny/spread" },
  {
    kind: "train-reconstructor",
    command: "task small.tiny.reconstructor",
    output: "data/small/tiny/reconstructor",
  },
  { kind: "fit-operators", command: "task small.tiny.operators", output: "data/small/tiny/operators" },
  { kind: "evaluate-encoders", command: "task small.ranking", output: "data/small/ranking" },
  { kind: "analyze-feature-maps", command: "task small.tiny.maps", output: "data/small/tiny/maps" },
  {
    kind: "train-superposition",
    command: "task small.superposition",
    output: "data/small/superposition",
  },
  { kind: "probe-features", command: "task small.tiny.probes", output: "data/small/tiny/probes" },
  { kind: "render-atlas", command: "task small.atlas", output: "data/small/atlas" },
];

describe("a stage that was killed ends, started again, as if it had not been", () => {
  let workspace: Workspace;
  beforeAll(() => {
    workspace = copyWorkspace();
    workspace.write("pipelines/small.json", JSON.stringify(pipeline));
    workspace.write("packages/atlas/dist/index.html", "<title>Atlas</title>");
  });
  afterAll(() => workspace?.remove());

  /** Runs the command, killed after `limit` ms; whether it came to its end. */
  const run = (command: string, limit?: number) =>
    new Promise<boolean>((resolve, reject) => {
      const args = ["packages/optogram/bin/optogram.js", ...command.split(" ")];
      const child = spawn(process.execPath, args, {
        cwd: workspace.folder,
        // As the command would set it for a process of its own: what is killed has to be the stage itself.
        env: environment(process.env),
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      child.stderr.on("data", (data) => {
        said += data;
      });
      const timer = limit === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), limit);
      child.on("close", (code, signal) => {
        clearTimeout(timer);
        if (code === 0 || signal === "SIGKILL") resolve(code === 0);
        else reject(new Error(`optogram ${command}: ${said}`));
      });
    });

  for (const { kind, command, output } of stages) {
    it(kind, { timeout: 600_000 }, async () => {
      const folder = join(workspace.folder, output);
      const manifest = () => readFileSync(join(folder, "manifest.json"), "utf8");
      if (kind === "train-sae") await run("task small.tiny.heldout");

      const began = performance.now();
      await run(command);
      let limit = 0.9 * (performance.now() - began);
      const unbroken = manifest();
      do {
        rmSync(folder, { recursive: true });
        limit *= 0.85;
        // A kill after the artifact is in its place is too late as well.
      } while ((await run(command, limit)) || existsSync(folder));

      await run(command);
      expect(manifest()).toBe(unbroken);
      expect(readdirSync(dirname(folder)).filter((name) => /^\.(?!.*lock)/.test(name))).toEqual([]);
      if (kind === "train-encoder")
        cpSync(folder, join(workspace.folder, "models/tiny"), { recursive: true });
    });
  }

  it("covers every stage that there is", () => {
    const facts = JSON.parse(
      readFileSync(join(workspace.folder, "packages/optogram/src/stages.json"), "utf8"),
    );
    expect(stages.map(({ kind }) => kind).sort()).toEqual(Object.keys(facts).sort());
  });
});
