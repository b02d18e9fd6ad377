/** Rows of pictures as one. */

import sharp from "sharp";

const gap = 2;
/** Small pictures are enlarged to this height. */
const leastHeight = 96;
const background = { r: 255, g: 255, b: 255 };

/** Rows of pictures, each bytes [height, width, 3], as WebP, from the top. */
export async function sheetOf(
  rows: readonly (readonly Uint8Array[])[],
  [height, width]: readonly [number, number],
): Promise<Uint8Array> {
  const columns = Math.max(...rows.map((row) => row.length));
  const sheet = sharp({
    create: {
      width: columns * (width + gap) - gap,
      height: rows.length * (height + gap) - gap,
      ...{ channels: 3, background },
    },
  }).composite(
    rows.flatMap((row, i) =>
      row.map((picture, j) => ({
        input: Buffer.from(picture),
        raw: { width, height, channels: 3 as const },
        left: j * (width + gap),
        top: i * (height + gap),
      })),
    ),
  );
  const scale = Math.ceil(leastHeight / height);
  const flat = await sheet.png().toBuffer({ resolveWithObject: true });
  return await sharp(flat.data)
    .resize({ width: scale * flat.info.width, kernel: "nearest" })
    .webp({ quality: 90, effort: 2 })
    .toBuffer();
}
