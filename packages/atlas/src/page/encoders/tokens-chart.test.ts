import fc from "fast-check";
import { expect, test } from "vitest";
import { spread } from "./tokens-chart.ts";

test("labels of a column keep apart, in the order of their points and never above them", () => {
  const point = fc.record({
    tokens: fc.constantFrom(16, 64),
    mean: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(point), (points) => {
      const labels = spread(points, 0.1);
      expect(new Set(labels.map((label) => label.point))).toEqual(new Set(points));
      for (const [i, { point, at }] of labels.entries()) {
        expect(at).toBeLessThanOrEqual(point.mean);
        for (const other of labels.slice(0, i))
          if (other.point.tokens === point.tokens) {
            expect(other.at - at).toBeGreaterThanOrEqual(0.1 - 1e-12);
            expect(other.point.mean).toBeGreaterThanOrEqual(point.mean);
          }
      }
      // Nothing is moved that has room.
      const lone = labels.filter(({ point }) => points.filter((p) => p.tokens === point.tokens).length === 1);
      for (const { point, at } of lone) expect(at).toBe(point.mean);
    }),
  );
});
