/** Digits drawn from a seed: a way of writing, bent, slanted, stretched, moved and inked by chance. */

import { type Random, seededRandom } from "@optogram/statistics";
import sharp from "sharp";
import { classes, type Digits, pixelsEach, side } from "./digits.ts";
import { handwritings, type Point, type Stroke } from "./strokes.ts";

/** Pictures a sheet: one document for many costs a tenth of a document each. */
const columns = 16;
const sheetDigits = columns * columns;
/** A picture's side in the strokes' units: digits are about 20 of 28 pixels high, as MNIST's are. */
const frame = 140;

/** Digits `first` to `first + count` of a seed; each is the same whichever are drawn beside it. */
export async function drawDigits(seed: number, first: number, count: number): Promise<Digits> {
  const pixels = new Uint8Array(count * pixelsEach);
  const labels = new Uint8Array(count);
  for (let start = 0; start < count; start += sheetDigits) {
    const cells = Array.from({ length: Math.min(sheetDigits, count - start) }, (_, i) => {
      const random = seededRandom(seed, first + start + i);
      labels[start + i] = random.integer(classes);
      return digitSvg(labels[start + i], random);
    });
    const sheet = await rasterSheet(cells);
    for (let i = 0; i < cells.length; i++) {
      const corner = Math.floor(i / columns) * side * columns * side + (i % columns) * side;
      for (let y = 0; y < side; y++) {
        const from = corner + y * columns * side;
        pixels.set(sheet.subarray(from, from + side), (start + i) * pixelsEach + y * side);
      }
    }
  }
  return { pixels, labels };
}

/** [columns · side, columns · side] of ink. */
async function rasterSheet(cells: readonly string[]): Promise<Uint8Array> {
  const width = columns * side;
  const half = frame / 2;
  const body = cells.map((cell, i) => {
    const at = `x="${(i % columns) * side}" y="${Math.floor(i / columns) * side}"`;
    return `<svg ${at} width="${side}" height="${side}" viewBox="${-half} ${-half} ${frame} ${frame}">${cell}</svg>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${width}" fill="none" stroke="#fff" stroke-linecap="round" stroke-linejoin="round">${body.join("")}</svg>`;
  const ink = await sharp(Buffer.from(svg)).extractChannel("alpha").raw().toBuffer();
  return new Uint8Array(ink.buffer, ink.byteOffset, ink.byteLength);
}

function digitSvg(digit: number, random: Random): string {
  const ways = handwritings[digit];
  const hand = handOf(random);
  const strokes = ways[random.integer(ways.length)];
  const width = random.uniform(8, 17).toFixed(1);
  return `<path d="${strokes.map((stroke) => pathOf(stroke, hand)).join("")}" stroke-width="${width}"/>`;
}

/** Where one hand puts a point: slow waves bend the strokes, then the whole is stretched, slanted, turned and moved. */
function handOf(random: Random): (point: Point) => Point {
  const wave = () => {
    const [across, down, phase] = [
      random.normal(0, 0.03),
      random.normal(0, 0.03),
      random.uniform(0, 2 * Math.PI),
    ];
    const height = random.normal(0, 5);
    return ([x, y]: Point) => height * Math.sin(across * x + down * y + phase);
  };
  const [bendX, bendY] = [wave(), wave()];
  const [wide, high] = [random.uniform(0.7, 1.15), random.uniform(0.85, 1.08)];
  const slant = random.normal(0.12, 0.17);
  const turn = random.normal(0, 0.09);
  const [left, top] = [random.normal(0, 3), random.normal(0, 3)];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return (point) => {
    const y = high * (point[1] + bendY(point));
    const x = wide * (point[0] + bendX(point)) - slant * y;
    return [cos * x - sin * y + left, sin * x + cos * y + top];
  };
}

/** A Catmull–Rom spline through the stroke's points as cubic curves. */
function pathOf({ points, closed = false }: Stroke, hand: (point: Point) => Point): string {
  const moved = points.map(hand);
  const n = moved.length;
  const p = (i: number) => (closed ? moved[(i + n) % n] : moved[Math.min(n - 1, Math.max(0, i))]);
  let d = `M${p(0).map(short).join(" ")}`;
  for (let i = 0; i < (closed ? n : n - 1); i++) {
    const [x0, y0] = p(i - 1);
    const [x1, y1] = p(i);
    const [x2, y2] = p(i + 1);
    const [x3, y3] = p(i + 2);
    const numbers = [x1 + (x2 - x0) / 6, y1 + (y2 - y0) / 6, x2 - (x3 - x1) / 6, y2 - (y3 - y1) / 6, x2, y2];
    d += `C${numbers.map(short).join(" ")}`;
  }
  return closed ? `${d}Z` : d;
}

function short(value: number): string {
  return value.toFixed(1);
}
