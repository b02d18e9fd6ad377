/**
 * What an edit runs again. Nx, the plugin and the task hashes are the real ones; the stages are replaced by a
 * command that writes what it was asked for, because only what runs is in question here.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { stub } from "./stub.ts";
import { copyWorkspace, type Workspace } from "./workspace.ts";

const pipeline = {
  title: "Small",
  images: { train: { source: "scenes", seed: 1, count: 8 }, other: { source: "scenes", seed: 2, count: 8 } },
  encoders: ["one", "two"],
  stages: {
    features: { stage: "extract-features", images: "train" },
    wide: { stage: "train-sae", from: { features: "features" }, parameters: { latents: 64 } },
    sae: {
      stage: "train-sae",
      from: { features: "features" },
      parameters: { latents: 32 },
      encoders: ["one"],
    },
    coactivation: {
      stage: "compute-coactivation",
      from: { sae: "sae", features: "features" },
      encoders: ["one"],
    },
    atlas: {
      stage: "render-atlas",
      from: { features: "features", sae: "sae", coactivation: "coactivation" },
    },
  },
};

describe("an edit runs again what depends on it, and nothing else", () => {
  let workspace: Workspace;

  const run = async () => {
    const tasks = await workspace.nx(
      "run-many",
      "-t",
      "extract-features",
      "train-sae",
      "compute-coactivation",
      "render-atlas",
    );
    return {
      all: tasks.map((task) => task.taskId).sort(),
      ran: tasks
        .filter((task) => task.cacheStatus === "cache-miss")
        .map((task) => task.taskId.split(":")[0])
        .sort(),
    };
  };
  const editPipeline = (change: (copy: typeof pipeline) => unknown) => {
    workspace.edit("pipelines/small.json", (text) => {
      const copy = JSON.parse(text);
      change(copy);
      return JSON.stringify(copy);
    });
  };

  beforeAll(async () => {
    workspace = copyWorkspace();
    workspace.write("packages/optogram/bin/optogram.js", stub);
    workspace.write("packages/atlas/vite.config.ts", "export default {};");
    workspace.write("packages/atlas/index.html", "<title>Atlas</title>");
    workspace.write("pipelines/small.json", JSON.stringify(pipeline));
    workspace.write("models/one/card.json", "{}");
    workspace.write("models/two/card.json", '{ "weights": "random", "of": "one" }');
    const first = await run();
    expect(first.all).toHaveLength(8);
    expect(first.ran).toHaveLength(8);
  }, 120_000);
  afterAll(() => workspace?.remove());

  it("nothing, when nothing changed", async () => {
    expect((await run()).ran).toEqual([]);
  });

  it("nothing, when data/ was deleted: it comes back from the cache", async () => {
    const manifest = join(workspace.folder, "data/small/one/sae/manifest.json");
    const before = readFileSync(manifest, "utf8");
    rmSync(join(workspace.folder, "data"), { recursive: true });
    expect((await run()).ran).toEqual([]);
    expect(readFileSync(manifest, "utf8")).toBe(before);
  });

  it("nothing by npm start, which says what there is", async () => {
    const { stdout } = await workspace.node("tools/start.ts", "--pipeline", "small", "--no-serve");
    expect(stdout).toContain("8/8  small.atlas  from the cache");
    expect(stdout).toContain("data/small/one/sae  1.0 MB  fvu 0.25");
    expect(stdout).toContain("The atlas is in data/small/atlas.");
  });

  it("an SAE's parameter: that SAE and what reads it", async () => {
    editPipeline((copy) => {
      copy.stages.sae.parameters.latents = 48;
    });
    expect((await run()).ran).toEqual(["small.atlas", "small.one.coactivation", "small.one.sae"]);
  });

  it("the source of render-atlas: rendering alone", async () => {
    workspace.edit("packages/render-atlas/src/index.ts", (text) => `${text}\n// edited\n`);
    expect((await run()).ran).toEqual(["small.atlas"]);
  });

  it("a new stage: itself alone", async () => {
    editPipeline((copy) => {
      Object.assign(copy.stages, {
        more: { stage: "train-sae", from: { features: "features" }, encoders: ["two"] },
      });
    });
    expect((await run()).ran).toEqual(["small.two.more"]);
  });

  it("a README, a test or a title: nothing", async () => {
    workspace.write("packages/train-sae/README.md", "Edited.\n");
    workspace.write("models/one/README.md", "Edited.\n");
    workspace.write("packages/statistics/src/new.test.ts", "// edited\n");
    editPipeline((copy) => {
      copy.title = "Edited";
    });
    expect((await run()).ran).toEqual([]);
  });

  it("an encoder's card: what ran for that encoder, and for a control that has its network", async () => {
    workspace.write("models/two/card.json", '{ "weights": "random", "of": "one", "seed": 2 }');
    const control = (await run()).ran;
    expect(control).toContain("small.two.features");
    expect(control).not.toContain("small.one.features");
    workspace.write("models/one/card.json", '{ "edited": true }');
    expect((await run()).ran).toEqual(expect.arrayContaining(["small.one.features", "small.two.features"]));
  });

  it("an image set that no stage reads: nothing", async () => {
    editPipeline((copy) => {
      copy.images.other.count = 9;
    });
    expect((await run()).ran).toEqual([]);
  });

  it("what failed: npm start says why, ends non-zero, and goes on from there", async () => {
    editPipeline((copy) => {
      copy.stages.sae.parameters.latents = 50;
    });
    const start = () => workspace.node("tools/start.ts", "--pipeline", "small", "--no-serve");
    vi.stubEnv("BROKEN", "coactivation");
    await expect(start()).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining("it broke") });
    vi.unstubAllEnvs();
    expect((await start()).stdout).toMatch(/one\.sae {2}from the cache\n.*one\.coactivation {2}\d/s);
  });
});
