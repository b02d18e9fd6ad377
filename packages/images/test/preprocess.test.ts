import { readFile } from "node:fs/promises";
import {
  decodeImage,
  fitPicture,
  type Picture,
  type Preprocessing,
  preprocess,
  preprocessingSchema,
  resize,
  seenPart,
  wantedSide,
} from "@optogram/images";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const fixture = (name: string) => readFile(new URL(`../fixtures/${name}`, import.meta.url));

const modes = z
  .record(
    z.string(),
    z.object({
      input_size: z.number(),
      interpolation: z.enum(["bicubic", "bilinear"]),
      crop_pct: z.number(),
      crop_mode: z.enum(["center", "squash"]),
    }),
  )
  .parse(JSON.parse((await fixture("modes.json")).toString()));

const cases = Object.entries(modes).flatMap(([mode, settings]) =>
  ["photo0", "photo3"].map((photo) => ({
    photo,
    mode,
    preprocessing: preprocessingSchema.parse({
      size: settings.input_size,
      resize: settings.crop_mode === "squash" ? "squash" : "cover",
      cropFraction: settings.crop_pct,
      interpolation: settings.interpolation,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    }),
  })),
);

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

const unit: Preprocessing = preprocessingSchema.parse({ size: 2, mean: [0, 0, 0], std: [1, 1, 1] });

describe("preprocessing", () => {
  it.each(cases)("gives timm's pixels for $photo, $mode", async ({ photo, mode, preprocessing }) => {
    const expected = await decodeImage(await fixture(`${photo}.${mode}.png`), mode);
    const fitted = fitPicture(await decodeImage(await fixture(`${photo}.png`), photo), preprocessing);
    expect([fitted.width, fitted.height]).toEqual([expected.width, expected.height]);
    expect(meanDifference(fitted.data, expected.data)).toBe(0);
  });

  it.each(cases)("stays close where decoding reduces $photo for $mode", async (golden) => {
    const { photo, mode, preprocessing } = golden;
    const expected = await decodeImage(await fixture(`${photo}.${mode}.png`), mode);
    const options = { shortestSide: wantedSide(preprocessing) };
    const reduced = await decodeImage(await fixture(`${photo}.png`), photo, options);
    expect(meanDifference(fitPicture(reduced, preprocessing).data, expected.data)).toBeLessThan(0.5);
  });

  it("puts channels first, in the order asked, with each colour's own mean and deviation", () => {
    const picture: Picture = {
      width: 2,
      height: 2,
      data: new Uint8Array(12).map((_, i) => [255, 51, 0][i % 3]!),
    };
    const settings = { ...unit, mean: [0.5, 0.1, 0.25], std: [0.5, 2, 0.25] } satisfies Preprocessing;
    const planes = (values: number[]) => values.flatMap((value) => Array(4).fill(expect.closeTo(value, 5)));
    expect([...preprocess(picture, settings)]).toEqual(planes([1, 0.05, -1]));
    expect([...preprocess(picture, { ...settings, channels: "bgr" })]).toEqual(planes([-1, 0.05, 1]));
    expect([...preprocess(picture, { ...settings, scale: 1 })]).toEqual(planes([509, 25.45, -1]));
  });

  it("takes pictures of any proportions to inputs of any, one pixel wide included", () => {
    const side = fc.integer({ min: 1, max: 40 });
    const share = fc.double({ min: 0.5, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        side,
        side,
        side,
        side,
        share,
        fc.boolean(),
        (width, height, h, w, cropFraction, squash) => {
          const picture = { width, height, data: new Uint8Array(width * height * 3).fill(77) };
          const settings: Preprocessing = {
            ...unit,
            size: [h, w],
            cropFraction,
            resize: squash ? "squash" : "cover",
          };
          const fitted = fitPicture(picture, settings);
          expect([fitted.width, fitted.height]).toEqual([w, h]);
          expect(fitted.data).toEqual(new Uint8Array(w * h * 3).fill(77));
        },
      ),
    );
  });

  it("says which part of a picture is seen", () => {
    const settings = preprocessingSchema.parse({
      size: 10,
      cropFraction: 0.5,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    });
    expect(seenPart({ width: 40, height: 20 }, settings)).toEqual({
      ...{ left: 0.375, top: 0.25, width: 0.25, height: 0.5 },
    });
    expect(seenPart({ width: 40, height: 20 }, { ...settings, resize: "squash", cropFraction: 1 })).toEqual({
      ...{ left: 0, top: 0, width: 1, height: 1 },
    });
  });

  it("shows the middle of a picture a thousand times as long as wide", () => {
    const data = new Uint8Array(3 * 5000 * 3).map((_, i) => (Math.floor(i / 9) < 2500 ? 0 : 200));
    const fitted = fitPicture(
      { width: 3, height: 5000, data },
      { ...unit, size: 64, interpolation: "bilinear" },
    );
    expect(fitted.data[0]).toBe(0);
    expect(fitted.data.at(-1)).toBe(200);
  });
});

describe("resize", () => {
  const pictures = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
    .chain(([width, height]) =>
      fc
        .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
        .map((data): Picture => ({ width, height, data })),
    );

  it("leaves a picture of the wanted size as it is", () => {
    fc.assert(
      fc.property(pictures, fc.constantFrom("bicubic" as const, "bilinear" as const), (picture, kind) => {
        expect(resize(picture, picture.width, picture.height, kind).data).toEqual(picture.data);
      }),
    );
  });

  it("commutes with mirroring, so nothing shifts", () => {
    const mirror = ({ width, height, data }: Picture): Picture => ({
      width,
      height,
      data: data.map(
        (_, i) =>
          data[(Math.floor(i / 3 / width) * width * 2 + width - 1 - Math.floor(i / 3)) * 3 + (i % 3)]!,
      ),
    });
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(pictures, size, size, (picture, width, height) => {
        const there = resize(mirror(picture), width, height, "bicubic");
        const back = mirror(resize(picture, width, height, "bicubic"));
        for (const [i, value] of there.data.entries()) {
          expect(Math.abs(value - back.data[i]!)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
