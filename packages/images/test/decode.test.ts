import { crc32 } from "node:zlib";
import { decodeImage, ImageError } from "@optogram/images";
import sharp, { type Color, type Sharp } from "sharp";
import { describe, expect, it } from "vitest";

const red = { r: 255, g: 0, b: 0 };

function plain(width: number, height: number, background: Color = red) {
  return sharp({ create: { width, height, channels: 3, background } });
}

/** A picture whose left half is red and whose right half is blue. */
async function halves(width: number, height: number): Promise<Sharp> {
  const blue = await plain(width / 2, height, "blue")
    .png()
    .toBuffer();
  return plain(width, height).composite([{ input: blue, left: width / 2, top: 0 }]);
}

/** A PNG whose header claims another size. */
function claiming(png: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(png);
  changed.writeUInt32BE(width, 16);
  changed.writeUInt32BE(height, 20);
  changed.writeUInt32BE(crc32(changed.subarray(12, 29)), 29);
  return changed;
}

/** A JPEG whose frame claims the largest size there is. */
function claimingMost(jpeg: Buffer): Buffer {
  const changed = Buffer.from(jpeg);
  const frame = changed.indexOf(Buffer.of(0xff, 0xc0));
  changed.writeUInt16BE(65_500, frame + 5);
  changed.writeUInt16BE(65_500, frame + 7);
  return changed;
}

async function pixel(bytes: Uint8Array, x = 0, y = 0): Promise<number[]> {
  const { width, data } = await decodeImage(bytes, "test");
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

describe("decodeImage", () => {
  it("makes three equal channels of grey", async () => {
    const grey = await plain(4, 3, { r: 90, g: 90, b: 90 }).toColourspace("b-w").png().toBuffer();
    expect((await sharp(grey).metadata()).channels).toBe(1);
    const picture = await decodeImage(grey, "grey.png");
    expect([picture.width, picture.height, picture.data.length]).toEqual([4, 3, 36]);
    expect(new Set(picture.data)).toEqual(new Set([90]));
  });

  it("puts transparency over white, in colour and in grey", async () => {
    const clear = { create: { width: 2, height: 2, channels: 4, background: { ...red, alpha: 0 } } } as const;
    expect(await pixel(await sharp(clear).png().toBuffer())).toEqual([255, 255, 255]);
    const veiled = sharp({ create: { ...clear.create, background: { r: 0, g: 0, b: 0, alpha: 0.5 } } });
    const [grey] = await pixel(await veiled.clone().toColourspace("b-w").png().toBuffer());
    expect(grey).toBeGreaterThan(125);
    expect(grey).toBeLessThan(129);
  });

  it("reads CMYK as colour", async () => {
    const cmyk = await plain(8, 8).toColourspace("cmyk").jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe("cmyk");
    const [r, g, b] = (await pixel(cmyk)) as [number, number, number];
    expect(r).toBeGreaterThan(200);
    expect(Math.max(g, b)).toBeLessThan(80);
  });

  it("reads 16 bits as 8", async () => {
    const deep = await plain(2, 2, { r: 10, g: 100, b: 200 }).toColourspace("rgb16").png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe("ushort");
    const rgb = await pixel(deep);
    for (const [i, expected] of [10, 100, 200].entries()) {
      expect(Math.abs(rgb[i] - expected)).toBeLessThanOrEqual(1);
    }
    const grey = await plain(2, 2, { r: 100, g: 100, b: 100 }).toColourspace("grey16").png().toBuffer();
    expect((await sharp(grey).metadata()).depth).toBe("ushort");
    expect(Math.abs(((await pixel(grey))[0] as number) - 100)).toBeLessThanOrEqual(1);
  });

  it("turns a picture upright after its EXIF orientation", async () => {
    const turned = await (await halves(8, 4)).withMetadata({ orientation: 6 }).png().toBuffer();
    const picture = await decodeImage(turned, "turned.png");
    expect([picture.width, picture.height]).toEqual([4, 8]);
    expect(await pixel(turned, 0, 0)).toEqual([255, 0, 0]);
    expect(await pixel(turned, 0, 7)).toEqual([0, 0, 255]);
  });

  it("takes the first frame of an animation", async () => {
    const frames = Buffer.concat([
      await plain(6, 6).raw().toBuffer(),
      await plain(6, 6, "lime").raw().toBuffer(),
    ]);
    const options = { raw: { width: 6, height: 12, channels: 3, pageHeight: 6 } } as const;
    const gif = await sharp(frames, options)
      .gif({ delay: [50, 50] })
      .toBuffer();
    expect((await sharp(gif).metadata()).pages).toBe(2);
    const picture = await decodeImage(gif, "moving.gif");
    expect([picture.width, picture.height]).toEqual([6, 6]);
    expect(await pixel(gif)).toEqual([255, 0, 0]);
  });

  it("leaves RGB values as they stand in the file, whatever its profile", async () => {
    const wide = await plain(2, 2, { r: 200, g: 30, b: 30 }).withIccProfile("p3").png().toBuffer();
    const stored = [...(await sharp(wide, { ignoreIcc: true }).raw().toBuffer()).subarray(0, 3)];
    expect(await pixel(wide)).toEqual(stored);
    expect(stored).not.toEqual([...(await sharp(wide).raw().toBuffer()).subarray(0, 3)]);
  });

  it.each(["jpeg", "webp", "png", "tiff", "avif"] as const)("reads one pixel as %s", async (format) => {
    const picture = await decodeImage(await plain(1, 1).toFormat(format).toBuffer(), "dot");
    expect([picture.width, picture.height, picture.data.length]).toEqual([1, 1, 3]);
  });

  it("reduces a large picture only as far as asked, and remembers its proportions", async () => {
    const large = await (await halves(402, 250)).jpeg({ quality: 100 }).toBuffer();
    const small = await decodeImage(large, "large.jpg", { shortestSide: 30 });
    expect([small.width, small.height]).toEqual([101, 63]);
    expect(small.original).toEqual({ width: 402, height: 250 });
    const whole = await decodeImage(large, "large.jpg", { shortestSide: 80 });
    expect([whole.width, whole.height, whole.original]).toEqual([402, 250, undefined]);
  });

  it("refuses what is broken, truncated, huge, empty or no image in one line with its name", async () => {
    const noise = Buffer.from(Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i * 7919) % 251));
    const photo = sharp(noise, { raw: { width: 64, height: 64, channels: 3 } });
    const jpeg = await photo.clone().jpeg().toBuffer();
    const png = await photo.clone().png().toBuffer();
    const bad = {
      "cut.jpg": jpeg.subarray(0, jpeg.length / 2),
      "cut.png": png.subarray(0, png.length / 2),
      "head.jpg": jpeg.subarray(0, 20),
      "text.jpg": Buffer.from("this is no image"),
      "empty.png": Buffer.alloc(0),
      "drawing.svg": Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      "bomb.png": claiming(await plain(1, 1).png().toBuffer(), 60_000, 60_000),
      "bomb.jpg": claimingMost(jpeg),
    };
    for (const [name, bytes] of Object.entries(bad)) {
      const error = await decodeImage(bytes, name).then(
        () => `${name} was decoded`,
        (reason) => reason,
      );
      expect(error).toBeInstanceOf(ImageError);
      expect((error as Error).message).toMatch(new RegExp(`^${name}: [^\\n]+$`));
      if (name === "bomb.png")
        expect((error as Error).message).toMatch(/60000 × 60000 pixels, more than 100/);
    }
  });
});
