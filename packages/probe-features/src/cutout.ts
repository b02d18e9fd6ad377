/** The user's own things: PNG files with a transparent background, placed on a colour or a picture. */

import { readdir, readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { messageOf, sha256 } from "@optogram/artifacts";
import { UserError } from "@optogram/cli";
import type { Picture } from "@optogram/images";
import { spread } from "@optogram/scenes";
import { seededRandom } from "@optogram/statistics";
import sharp, { type Sharp } from "sharp";
import type { Background } from "./background.ts";
import type { Thing } from "./thing.ts";

/** Of what is kept of a file: enough for any probe, whatever the file unfolds to. */
const longestSide = 512;
const pixelLimit = 100_000_000;

/** Largest turn from upright, in degrees: the drawings of a cut-out differ by it, by mirroring and by place. */
const tilt = 10;

/**
 * The PNG files of a folder, by name.
 * @throws UserError where there is none, or one cannot be read or has nothing cut out
 */
export async function readCutouts(folder: string, background: Background): Promise<Thing[]> {
  const names = (await readdir(folder))
    .filter((name) => !name.startsWith(".") && extname(name).toLowerCase() === ".png")
    .sort();
  if (names.length === 0)
    throw new UserError("there are no cut-outs in this folder", {
      where: folder,
      advice: "put PNG files with a transparent background there",
    });
  const things: Thing[] = [];
  for (const name of names) things.push(await readCutout(join(folder, name), background));
  return things;
}

async function readCutout(path: string, background: Background): Promise<Thing> {
  const file = await readFile(path);
  const cutout = await decode(file, path);
  return {
    name: basename(path, extname(path)),
    key: `${sha256(file)} ${background.key}`,
    sliceable: false,
    drawing(seed) {
      const posed = new Map<string, Promise<Rgba>>();
      return async ({ count, size }, side) => {
        const longest = Math.max(1, Math.round(size * side));
        const layers = await Promise.all(
          Array.from({ length: count }, (_, i) => {
            const key = `${i} ${longest}`;
            const layer = posed.get(key) ?? pose(cutout, longest, seed * 31 + i);
            posed.set(key, layer);
            return layer;
          }),
        );
        return { width: side, height: side, data: await place(layers, await background.square(side), seed) };
      };
    },
  };
}

/** Layers spread over a square RGB picture. */
async function place(layers: readonly Rgba[], ground: Picture, seed: number): Promise<Uint8Array> {
  const { width: side } = ground;
  const percent = (length: number) => (100 * length) / side;
  const places = spread(
    seed,
    layers.map(({ width, height }) => ({ width: percent(width), height: percent(height) })),
  );
  const pixel = (at: number, length: number) =>
    Math.max(0, Math.min(side - length, Math.round((at / 100) * side)));
  const over = layers.map(({ width, height, data }, i) => ({
    input: data,
    raw: { width, height, channels: 4 as const },
    left: pixel(places[i].x, width),
    top: pixel(places[i].y, height),
  }));
  const raw = { width: side, height: side, channels: 3 as const };
  return sharp(ground.data, { raw }).composite(over).removeAlpha().raw().toBuffer();
}

/** Four channels, row-major. */
interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}

/** A file's picture without the transparent rim around it. */
async function decode(file: Uint8Array, path: string): Promise<Rgba> {
  const fail = (what: string, advice: string) => new UserError(what, { where: path, advice });
  const image = sharp(file, { limitInputPixels: pixelLimit, failOn: "error" });
  const { hasAlpha, format } = await image.metadata().catch((error: unknown) => {
    throw fail(`cannot be decoded, ${messageOf(error)}`, "save it again as PNG");
  });
  if (format !== "png") throw fail(`this is ${format} and no PNG`, "convert it");
  if (!hasAlpha) throw fail("nothing is cut out: it has no transparency", "make its background transparent");
  const whole = await image
    .resize(longestSide, longestSide, { fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw fail(`cannot be decoded, ${messageOf(error)}`, "save it again as PNG");
    });
  const { width, height } = whole.info;
  const box = boxOf({ width, height, data: whole.data }, 1);
  if (!box) throw fail("nothing is left in it: all of it is transparent", "leave the thing in it");
  return rgba(open({ width, height, data: whole.data }).extract(box));
}

/** The smallest box around what is at least that opaque. */
function boxOf({ width, height, data }: Rgba, alpha: number) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let i = 0; i < width * height; i++) {
    if (data[4 * i + 3] < alpha) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return right < left ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Mirrored or not and a little turned, then `longest` pixels along its longer side. */
async function pose(cutout: Rgba, longest: number, seed: number): Promise<Rgba> {
  const random = seededRandom(seed);
  const angle = random.uniform(-tilt, tilt);
  const mirrored = random.uniform() < 0.5;
  const within = { width: longest, height: longest, fit: "inside" } as const;
  const small = await rgba(open(cutout).flop(mirrored).resize(within));
  const turned = await rgba(open(small).rotate(angle, { background: "#00000000" }));
  // Turning softens edges: the size is that of what is seen.
  const seen = boxOf(turned, 128);
  return rgba((seen ? open(turned).extract(seen) : open(turned)).resize(within));
}

function open({ width, height, data }: Rgba): Sharp {
  return sharp(data, { raw: { width, height, channels: 4 } });
}

async function rgba(image: Sharp): Promise<Rgba> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
