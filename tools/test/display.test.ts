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
    display.say("demo.features", "drawing 10/20");
    display.say("demo.features", "");
    display.say("demo.features", "drawing 20/20");
    pass(1500);
    display.end("demo.features", "done");
    display.begin("demo.sae");
    display.end("demo.sae", "cached");
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

  it("names who speaks where two tasks run beside each other", () => {
    const { display, written } = recorded(false);
    display.begin("a");
    display.begin("b");
    for (const [task, text] of ["a1", "a2", "b1", "a3"].map((text) => [text[0] as string, text] as const))
      display.say(task, text);
    display.end("a", "done");
    display.say("a", "too late");
    display.say("b", "b2");
    expect(written.join("").split("\n")).toEqual([
      ...["   1/12  a", "       a1", "       a2", "   2/12  b", "       b1", "   1/12  a", "       a3"],
      ...["✓  1/12  a  0.0 s", "   2/12  b", "       b2", ""],
    ]);
  });

  it("keeps a line of a terminal's width a task while they run", () => {
    const { display, written } = recorded(true, 40);
    display.begin("demo.features");
    display.say("demo.features", "x".repeat(200));
    expect(written.join("")).not.toContain("\n");
    expect(written.at(-1)?.replace("\r\x1b[J", "")).toHaveLength(39);
    display.begin("demo.sae");
    display.say("demo.sae", "step 1");
    // Up to the first of two lines, which are written again.
    const second = "   2/12  demo.sae  step 1";
    expect(written.at(-1)).toMatch(new RegExp(`^.\\[1A\r.\\[J {3}1/12 .*x\n${second}$`));
    display.end("demo.features", "failed");
    expect(written.at(-1)).toMatch(new RegExp(`✗ .*demo.features {2}failed after 0.0 s\n${second}$`));
    display.end("demo.sae", "done");
    expect(written.at(-1)).toBe("\r\x1b[J✓  2/12  demo.sae  0.0 s\n");
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
      "Failed tasks:",
      "- demo.b.sae:train-sae",
    ];
    expect(lines.map(read)).toEqual([
      { kind: "start", task: "demo.a.sae", cached: false },
      { kind: "line", task: "demo.a.sae", text: "step 1" },
      { kind: "start", task: "demo.b.sae", cached: true },
      { kind: "line", task: "demo.b.sae", text: "trained before" },
      { kind: "start", task: "demo.c.sae", cached: true },
      { kind: "other", text: " NX   Successfully ran target" },
      { kind: "other", text: "demo.x.sae: not a task's line" },
      { kind: "other", text: "Failed tasks:" },
      { kind: "failed", task: "demo.b.sae" },
    ]);
  });
});

it("summaryLine tells the size and the first figures, and passes over the rest", () => {
  const metrics = { fvu: 0.213456, dead: 12345, names: ["x"], a: 1, b: 2, c: 3, d: 4 };
  expect(
    summaryLine("data/p/sae", { files: { x: { bytes: 2 ** 20 }, y: { bytes: 2 ** 19 } }, metrics }),
  ).toBe("data/p/sae  1.5 MB  fvu 0.213, dead 12,345, a 1, b 2, c 3");
});
