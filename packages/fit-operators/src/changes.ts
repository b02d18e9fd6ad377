/**
 * Changes of pictures that an operator on tokens is to repeat. Pictures are planes, [3, height, width] in 0..1, and stay
 * in that range.
 */

import { z } from "zod";

/** A picture and its width in pixels to a new picture of that size. */
export type PixelMap = (picture: Float32Array, width: number) => Float32Array;

export interface Change {
  /** Letters, digits, points and hyphens. */
  readonly name: string;
  /** One line. */
  readonly describe: string;
  /** What the operator's tokens are of; `asIs` where the change is one of the picture itself. */
  readonly from: PixelMap;
  /** What the tokens behind the operator are to be of. */
  readonly to: PixelMap;
  /** Whether `to` is left for right: an operator acts on channels alone, so tokens change places before it is fitted. */
  readonly mirrored?: boolean;
  /** What the theory says of the operator's eigenvalues, where it says something. */
  readonly theory?: Theory;
}

/** `signs`: all are 1 or −1, because the change twice is none. `shrinks`: all are 1 or of smaller modulus. */
export type Theory = "signs" | "shrinks";

/** Three rows of four: the new red, green or blue is a sum of red, green and blue with these weights, and a constant. */
export const colourMatrixSchema = z
  .array(z.array(z.number()).length(4))
  .length(3)
  .describe("Rows for red, green and blue: weights of red, green and blue, and a constant.");

export type ColourMatrix = z.infer<typeof colourMatrixSchema>;

export const ownChangeSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, "a name is small letters, digits, and single points and hyphens")
    .max(64),
  matrix: colourMatrixSchema,
});

export type OwnChange = z.infer<typeof ownChangeSchema>;

export const asIs: PixelMap = (picture) => picture;

/** Every pixel through the matrix, cut to 0..1. */
export function recolour(matrix: ColourMatrix): PixelMap {
  return (picture) => {
    const plane = picture.length / 3;
    const result = new Float32Array(picture.length);
    for (const [channel, [red, green, blue, constant]] of matrix.entries())
      for (let i = 0, to = channel * plane; i < plane; i++, to++) {
        const value =
          red * picture[i] + green * picture[i + plane] + blue * picture[i + 2 * plane] + constant;
        result[to] = Math.max(0, Math.min(1, value));
      }
    return result;
  };
}

/** Left for right. */
export const mirror: PixelMap = (picture, width) =>
  picture.map((_, i) => picture[i - (i % width) + width - 1 - (i % width)]);

const swapMatrix: ColourMatrix = [
  [0, 0, 1, 0],
  [0, 1, 0, 0],
  [1, 0, 0, 0],
];

/** Luma of ITU-R BT.601. */
const luma = [0.2989, 0.587, 0.114, 0];

/** Colours turned about the axis of greys, as vectors in RGB: 120° make red green, green blue and blue red. */
export function hueMatrix(degrees: number): ColourMatrix {
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180) / Math.sqrt(3);
  const [own, next, last] = [(1 + 2 * cos) / 3, (1 - cos) / 3 + sin, (1 - cos) / 3 - sin];
  return [
    [own, last, next, 0],
    [next, own, last, 0],
    [last, next, own, 0],
  ];
}

function scaled(red: number, green: number, blue: number): ColourMatrix {
  return [
    [red, 0, 0, 0],
    [0, green, 0, 0],
    [0, 0, blue, 0],
  ];
}

/** Blue × 0.9, that many times. */
function suppression(times: number): Change {
  return {
    name: `blue-${times}`,
    describe: `blue × 0.9, ${times === 1 ? "once" : `${times} times`}`,
    from: asIs,
    to: recolour(scaled(1, 1, 0.9 ** times)),
    theory: "shrinks",
  };
}

export const changes: readonly Change[] = [
  { name: "swap", describe: "red and blue swapped", from: asIs, to: recolour(swapMatrix), theory: "signs" },
  ...[1, 4, 8, 12].map(suppression),
  { name: "colourise", describe: "grey to colour", from: recolour([luma, luma, luma]), to: asIs },
  { name: "hue-90", describe: "hue turned by 90°", from: asIs, to: recolour(hueMatrix(90)) },
  {
    name: "dim",
    describe: "brightness × 0.6",
    from: asIs,
    to: recolour(scaled(0.6, 0.6, 0.6)),
  },
  { name: "flip", describe: "left for right", from: asIs, to: mirror, mirrored: true, theory: "signs" },
];

/** A user's own change of colours. */
export function ownChange({ name, matrix }: OwnChange): Change {
  return { name, describe: `colours through ${JSON.stringify(matrix)}`, from: asIs, to: recolour(matrix) };
}

/** Tokens [images, rows · columns, d], row by row of the grid, with columns left for right. */
export function mirrorTokens(tokens: Float32Array, columns: number, d: number): Float32Array {
  const result = new Float32Array(tokens.length);
  const row = columns * d;
  for (let from = 0; from < tokens.length; from += row)
    for (let column = 0; column < columns; column++)
      result.set(
        tokens.subarray(from + column * d, from + (column + 1) * d),
        from + (columns - 1 - column) * d,
      );
  return result;
}
