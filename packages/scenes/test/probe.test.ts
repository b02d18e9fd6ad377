import { kinds, LayeredRaster, probeScenes, rasterScene, spread } from "@optogram/scenes";
import fc from "fast-check";
import { expect, test } from "vitest";

const kindNames = fc.constantFrom(...kinds.map(({ name }) => name));

test("one more thing leaves those before it where they are, and size and slicing leave what is behind", () => {
  fc.assert(
    fc.property(kindNames, fc.nat(), fc.integer({ min: 0, max: 19 }), (name, seed, count) => {
      const scene = probeScenes(name, seed);
      const [fewer, more] = [scene({ count }), scene({ count: count + 1 })];
      expect(more.objects.length).toBe(count + 1);
      for (const object of fewer.objects) expect(more.objects).toContain(object);
      expect(probeScenes(name, seed)({ count })).toEqual(fewer);
      expect(scene({ size: 0.2, sliced: true }).backdrop).toBe(fewer.backdrop);
    }),
    { numRuns: 10 },
  );
});

test("a thing has the size that was asked for and lies in the frame", () => {
  fc.assert(
    fc.property(kindNames, fc.nat(), fc.double({ min: 0.07, max: 1, noNaN: true }), (name, seed, size) => {
      for (const { box } of probeScenes(name, seed)({ size, count: 4 }).objects) {
        expect(Math.max(box.width, box.height)).toBeCloseTo(size, 6);
        expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(-1e-9);
        expect(Math.max(box.x + box.width, box.y + box.height)).toBeLessThanOrEqual(1 + 1e-9);
      }
    }),
    { numRuns: 10 },
  );
});

test("kinds that can be cut are cut, on a place where they live or on a colour", () => {
  for (const { name, inside, habitats } of kinds) {
    const scene = probeScenes(name, 5)({ sliced: true });
    expect(scene.objects.every(({ whole }) => whole)).toBe(inside === undefined);
    expect(habitats).toContain(scene.background);
  }
  const plain = probeScenes("chair", 5, "#336699")({});
  expect(plain.caption).toMatch(/chair$/);
  expect(plain.backdrop.map(({ fill }) => fill)).toEqual(["#336699"]);
});

test("things laid over one another look as they do when drawn together", async () => {
  for (const name of ["fish", "moon", "strawberry", "chair"]) {
    const scene = probeScenes(name, 3);
    const raster = new LayeredRaster(48);
    for (const options of [{ count: 0 }, { size: 0.9 }, { count: 6 }, { sliced: true }]) {
      const layered = await raster.raster(scene(options));
      const whole = await rasterScene(scene(options), 48);
      const apart = layered.reduce((sum, value, i) => sum + Math.abs(value - whole[i]!), 0);
      expect(apart / layered.length, `${name} ${JSON.stringify(options)}`).toBeLessThan(0.6);
    }
  }
});

test("things that fit beside one another are spread apart", () => {
  const places = spread(
    1,
    Array.from({ length: 4 }, () => ({ width: 30, height: 30 })),
  );
  for (const [i, a] of places.entries())
    for (const b of places.slice(i + 1))
      expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))).toBeGreaterThan(15);
});
