import { describe, expect, it } from "vitest";
import { type Judged, judgeKinds, shownKinds, type Truth } from "./judge.ts";

/** Images that show a fish, a boat, a speck of a fish, or nothing, in turn; feature 2 fires at fish. */
function world(n: number): Judged {
  const truths: Truth[] = Array.from(
    { length: n },
    (_, i) =>
      [
        [{ kind: "fish", coverage: 0.2 }],
        [{ kind: "boat", coverage: 0.3 }],
        [{ kind: "fish", coverage: 0.01 }],
        [],
      ][i % 4],
  );
  const offsets = new Uint32Array(n + 1);
  const indices: number[] = [];
  for (let i = 0; i < n; i++) {
    indices.push(i % 4 === 0 ? 2 : 0);
    offsets[i + 1] = indices.length;
  }
  const codes = {
    columns: 4,
    offsets,
    indices: Uint32Array.from(indices),
    values: new Float32Array(n).fill(1),
  };
  // Dimension 1 falls where there is a boat.
  const data = Float32Array.from({ length: 2 * n }, (_, p) => (p % 2 === 1 && (p >> 1) % 4 === 1 ? -1 : 0.5));
  return { codes, rows: { data, d: 2 }, shown: shownKinds(truths, ["boat", "fish"]) };
}

describe("judgeKinds", () => {
  it("finds the feature and the dimension of a kind and leaves out specks", () => {
    const [boat, fish] = judgeKinds(world(40), world(80));
    expect(fish).toMatchObject({ kind: "fish", feature: 2, auroc: 1, images: 20 });
    expect(boat).toMatchObject({ kind: "boat", dimension: 1, dimensionAuroc: 1 });
  });
});
