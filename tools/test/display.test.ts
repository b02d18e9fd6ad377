import { describe, expect, it } from "vitest";
import { createDisplay } from "../display.ts";
import { nxReader } from "../nx-output.ts";
import { summaryLine } from "../summary.ts";

function recorded(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  let time = 0;
  const screen = { isTTY, columns, write: (text: string) => written.push(text) };
  const display = createDisplay(12, screen, () => time);
  return { display, written, pass: (ms: number) => (time += ms) };
}

describe("createDisplay", () => {
  it("writes plain lines where there is no terminal", () => {
    const { display, written, pass } = recorded(false);
    display.begin("demo.features");
    display.say("drawing 10/20");
    display.say("");
    display.say("drawing 20/20");
    pass(1500);
    display.end("done");
    display.begin("demo.sae");
    display.end("cached");
    expect(written.join("")).toBe(
      [
        "   1/12  demo.features",
        "       drawing 10/20",
        "       drawing 20/20",
        "✓  1/12  demo.features  1.5 s",
        "✓  2/12  demo.sae  from the cache",
        "",
      ].join("\n"),
    );
  });

  it("keeps to one line of a terminal's width while a task runs", () => {
    const { display, written } = recorded(true, 40);
    display.begin("demo.features");
    display.say("x".repeat(200));
    expect(written.join("")).not.toContain("\n");
    expect(written.at(-1)?.replace("\r\x1b[2K", "")).toHaveLength(39);
    display.end("failed");
    expect(written.at(-1)).toMatch(/✗ .*demo\.features {2}failed after 0\.0 s\n$/);
  });
});

describe("nxReader", () => {
  it("tells tasks, what they say, and what Nx says", () => {
    const read = nxReader();
    const lines = [
      "> nx run demo.a.sae:train-sae",
      "demo.a.sae: step \x1b[33m1\x1b[39m",
      "> nx run demo.b.sae:train-sae  [local cache]",
      "trained before",
      "> nx run demo.c.sae:train-sae  [existing outputs match the cache, left as is]",
      " NX   Successfully ran target",
      "demo.x.sae: not a task's line",
    ];
    expect(lines.map(read)).toEqual([
      { kind: "start", task: "demo.a.sae", cached: false },
      { kind: "line", task: "demo.a.sae", text: "step 1" },
      { kind: "start", task: "demo.b.sae", cached: true },
      { kind: "line", task: "demo.b.sae", text: "trained before" },
      { kind: "start", task: "demo.c.sae", cached: true },
      { kind: "other", text: " NX   Successfully ran target" },
      { kind: "other", text: "demo.x.sae: not a task's line" },
    ]);
  });
});

it("summaryLine tells the size and the first figures, and passes over the rest", () => {
  const metrics = { fvu: 0.213456, dead: 12345, names: ["x"], a: 1, b: 2, c: 3, d: 4 };
  expect(
    summaryLine("data/p/sae", { files: { x: { bytes: 2 ** 20 }, y: { bytes: 2 ** 19 } }, metrics }),
  ).toBe("data/p/sae  1.5 MB  fvu 0.213, dead 12,345, a 1, b 2, c 3");
});
