import { describe, expect, it } from "vitest";
import { constant, cosine, cyclic, linearDecay, oneCycle, restarted, warmUp } from "./schedules.ts";

describe("schedules", () => {
  it("warm up in equal steps to the schedule's own value", () => {
    const schedule = warmUp(4, constant(2));
    expect([0, 1, 2, 3, 4, 9].map(schedule)).toEqual([0.5, 1, 1.5, 2, 2, 2]);
  });

  it("fall by half a cosine", () => {
    const schedule = cosine(1, 100, 0.2);
    expect(schedule(0)).toBe(1);
    expect(schedule(50)).toBeCloseTo(0.6, 12);
    expect(schedule(100)).toBeCloseTo(0.2, 12);
    expect(schedule(500)).toBeCloseTo(0.2, 12);
  });

  it("fall straight between two steps", () => {
    const schedule = linearDecay(1, 80, 100);
    expect([0, 80, 90, 100, 120].map(schedule)).toEqual([1, 1, 0.5, 0, 0]);
  });

  it("make one cycle: up over the first share, down to the last step", () => {
    const schedule = oneCycle({ peak: 3e-4, steps: 1000, rise: 0.05, initial: 1.2e-5, final: 1.2e-9 });
    expect(schedule(0)).toBeCloseTo(1.2e-5, 12);
    expect(schedule(50)).toBeCloseTo(3e-4, 12);
    expect(schedule(999)).toBeCloseTo(1.2e-9, 12);
    for (let step = 51; step < 1000; step++) expect(schedule(step)).toBeLessThan(schedule(step - 1));
  });

  it("cycle between two rates", () => {
    const schedule = cyclic({ lowest: 1, peak: 3, up: 2, down: 4 });
    expect([0, 1, 2, 4, 6, 8].map(schedule)).toEqual([1, 2, 3, 2, 1, 3]);
  });

  it("warm up again after each restart", () => {
    const schedule = restarted(constant(1), [10, 20], 4);
    expect([9, 10, 11, 13, 14, 20, 30].map(schedule)).toEqual([1, 0.25, 0.5, 1, 1, 0.25, 1]);
  });
});
