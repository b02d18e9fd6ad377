import { createProgress } from "@optogram/cli";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A progress, what it has written, and its clock. */
function watched(isTTY: boolean, columns = 100) {
  const written: string[] = [];
  let time = 0;
  const output = { isTTY, columns, write: (text: string) => written.push(text) };
  const progress = createProgress({ name: "train-sae", output, now: () => time });
  const pass = (milliseconds: number) => {
    time += milliseconds;
    vi.advanceTimersByTime(milliseconds);
  };
  return { progress, written, pass };
}

test("without a terminal there is a plain line every five seconds and at the end", () => {
  const { progress, written, pass } = watched(false);
  const phase = progress.phase("steps", 4000);
  for (let i = 0; i < 1200; i++) {
    pass(32);
    phase.advance(1, "fvu 0.21");
  }
  phase.done();
  phase.done();
  expect(written).toHaveLength(Math.floor((1200 * 32) / 5000) + 1);
  expect(written[0]).toBe("train-sae: steps 157/4000, 31/s, 2 min 5 s left, fvu 0.21\n");
  expect(written.at(-1)).toBe("train-sae: steps 1200 in 39 s, fvu 0.21\n");
});

test("on a terminal there is one live line that fits it, and a line to stay at the end", () => {
  const { progress, written, pass } = watched(true, 68);
  const phase = progress.phase("steps", 100);
  for (let i = 0; i < 50; i++) {
    pass(200);
    phase.advance();
  }
  pass(150);
  phase.advance(0);
  expect(written.at(-1)).toBe("\r\u001b[Ktrain-sae: ██████████░░░░░░░░░░ steps 50/100, 5.0/s, 10 s left");
  phase.advance(0, "a note that is longer than the terminal is wide");
  pass(1000);
  for (const text of written) expect(text.replace("\r\u001b[K", "").length).toBeLessThan(68);
  const lines = written.length;
  expect(written.join("")).not.toContain("\n");
  phase.done("fvu 0.2");
  expect(written.slice(lines)).toEqual(["\r\u001b[Ktrain-sae: steps 50 in 12 s, fvu 0.2\n"]);
  pass(5000);
  expect(written).toHaveLength(lines + 1);
});

test("the live line goes on while a long step says nothing", () => {
  const { progress, written, pass } = watched(true);
  const phase = progress.phase("steps", 10);
  for (let i = 0; i < 5; i++) {
    pass(4000);
    phase.advance();
  }
  expect(written.at(-1)).toContain("20 s left");
  pass(2000);
  expect(written.at(-1)).toContain("18 s left");
  progress.close();
});

test("a note stands above the live line", () => {
  const { progress, written } = watched(true);
  progress.phase("images");
  progress.note("a.jpg cannot be read");
  expect(written.slice(-2)).toEqual([
    "\r\u001b[Ktrain-sae: a.jpg cannot be read\n",
    "\r\u001b[Ktrain-sae: images",
  ]);
  progress.close();
});

test("a closed display draws no more", () => {
  const { progress, written, pass } = watched(true);
  progress.phase("images");
  progress.close();
  expect(written.at(-1)).toBe("\r\u001b[K");
  const lines = written.length;
  pass(5000);
  expect(written).toHaveLength(lines);
});

test("a phase that goes on from an earlier run counts from there", () => {
  const { progress, written, pass } = watched(false);
  const phase = progress.phase("steps", 1000, 900);
  for (let i = 0; i < 6; i++) {
    pass(1000);
    phase.advance();
  }
  expect(written[0]).toBe("train-sae: steps 905/1000, 1.0/s, 1 min 35 s left\n");
  phase.done();
});
