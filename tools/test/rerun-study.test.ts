/** What an edit runs again of a reconstruction study: one encoder's branch and the ranking, no other encoder's. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stub } from "./stub.ts";
import { copyWorkspace, type Workspace } from "./workspace.ts";

const reconstructor = { stage: "train-reconstructor", images: "train" };
const pipeline = {
  title: "Study",
  images: {
    train: { source: "scenes", seed: 1, count: 8 },
    heldout: { source: "scenes", seed: 2, count: 8 },
  },
  encoders: ["one", "two"],
  stages: {
    ...{ of_one: { ...reconstructor, encoders: ["one"], parameters: { steps: 3 } } },
    ...{ of_two: { ...reconstructor, encoders: ["two"], parameters: { steps: 3 } } },
    // The study at another depth of one encoder.
    block: { ...reconstructor, encoders: ["one"], parameters: { steps: 3, layer: 0 } },
    operators: {
      ...{ stage: "fit-operators", images: "heldout", encoders: ["one"] },
      ...{ from: { reconstructor: "of_one" }, parameters: { fitImages: 4 } },
    },
    ranking: {
      stage: "evaluate-encoders",
      images: "heldout",
      from: { reconstructors: ["of_one", "of_two", "block"] },
      parameters: { judges: ["judge"] },
    },
  },
};

describe("an edit of a reconstruction study runs again", () => {
  let workspace: Workspace;

  const run = async () => {
    const kinds = ["train-reconstructor", "fit-operators", "evaluate-encoders"];
    const tasks = await workspace.nx("run-many", "-t", ...kinds);
    return tasks
      .filter(({ cacheStatus }) => cacheStatus === "cache-miss")
      .map(({ taskId }) => taskId.split(":")[0].replace("study.", ""))
      .sort();
  };
  const edit = (change: (copy: typeof pipeline) => unknown) =>
    workspace.edit("pipelines/study.json", (text) => {
      const copy = JSON.parse(text);
      change(copy);
      return JSON.stringify(copy);
    });

  beforeAll(async () => {
    workspace = copyWorkspace();
    workspace.write("packages/optogram/bin/optogram.js", stub.replaceAll("small", "study"));
    workspace.write("pipelines/study.json", JSON.stringify(pipeline));
    for (const name of ["one", "two", "judge"]) workspace.write(`models/${name}/card.json`, "{}");
    expect(await run()).toEqual([...["one.block", "one.of_one", "one.operators", "ranking", "two.of_two"]]);
  }, 120_000);
  afterAll(() => workspace?.remove());

  it("nothing, when nothing changed", async () => {
    expect(await run()).toEqual([]);
  });

  it("a reconstructor's parameters: that one, what reads it, and no other encoder's", async () => {
    edit(({ stages }) => {
      stages.of_one.parameters.steps = 4;
    });
    expect(await run()).toEqual(["one.of_one", "one.operators", "ranking"]);
  });

  it("the layer of a reconstructor: it and the ranking", async () => {
    edit(({ stages }) => {
      stages.block.parameters.layer = 1;
    });
    expect(await run()).toEqual(["one.block", "ranking"]);
  });

  it("an encoder's card: all of its branch, and the ranking", async () => {
    workspace.write("models/two/card.json", '{ "edited": true }');
    expect(await run()).toEqual(["ranking", "two.of_two"]);
  });

  it("an encoder's weights: the same", async () => {
    workspace.write("models/one/model.onnx", "edited");
    expect(await run()).toEqual(["one.block", "one.of_one", "one.operators", "ranking"]);
  });

  it("the card of a judge that is not compared, or the judges: the ranking alone", async () => {
    workspace.write("models/judge/card.json", '{ "edited": true }');
    expect(await run()).toEqual(["ranking"]);
    edit(({ stages }) => {
      stages.ranking.parameters.judges.push("one");
    });
    expect(await run()).toEqual(["ranking"]);
  });

  it("operators' parameters: the operators alone", async () => {
    edit(({ stages }) => {
      stages.operators.parameters.fitImages = 5;
    });
    expect(await run()).toEqual(["one.operators"]);
  });

  it("the source of evaluate-encoders: the ranking; of reconstruction: everything", async () => {
    workspace.edit("packages/evaluate-encoders/src/index.ts", (text) => `${text}\n// edited\n`);
    expect(await run()).toEqual(["ranking"]);
    workspace.edit("packages/reconstruction/src/index.ts", (text) => `${text}\n// edited\n`);
    expect(await run()).toHaveLength(5);
  });
});
