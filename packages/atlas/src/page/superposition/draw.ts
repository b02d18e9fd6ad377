import { classes, type Film, type Frame, takenFor } from "./film.ts";
import { namesOf } from "./names.ts";

/** Where the plane lies on a square canvas of `size` CSS pixels: the centre in its middle. */
export interface Place {
  readonly size: number;
  /** Pixels a unit. */
  readonly scale: number;
}

/** Colours of the page's theme. */
export interface Look {
  readonly dark: boolean;
  readonly ground: string;
  readonly line: string;
}

/** Room for the digits beyond the outermost points. */
const rim = 34;

export function placeOf(film: Film, size: number): Place {
  return { size, scale: (size / 2 - rim) / film.extent };
}

/** A class's colour: neighbours around the circle have neighbouring hues and differ in lightness. */
export function colourOfClass(film: Film, digit: number, dark: boolean): string {
  const rank = film.order[digit]!;
  const light = rank % 2 === 0;
  const lightness = dark ? (light ? 0.82 : 0.68) : light ? 0.66 : 0.5;
  return `oklch(${lightness} 0.16 ${(rank * 36 + 12) % 360})`;
}

/** Points, the digits beside them and, where wanted, the classes' directions. */
export function drawFrame(
  context: CanvasRenderingContext2D,
  film: Film,
  frame: Frame,
  place: Place,
  look: Look,
  directions: boolean,
): void {
  const { size } = place;
  const radius = Math.max(2.2, size / 210);
  context.clearRect(0, 0, size, size);
  drawAxes(context, place, look);
  if (directions) drawDirections(context, film, frame, place, look);
  context.lineWidth = 1.4;
  for (const [point, digit] of film.labels.entries()) {
    const [x, y] = toCanvas(place, frame.position[2 * point]!, frame.position[2 * point + 1]!);
    const colour = colourOfClass(film, digit, look.dark);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    if (takenFor(frame, point) === digit) {
      context.fillStyle = colour;
      context.fill();
    } else {
      context.strokeStyle = colour;
      context.stroke();
    }
  }
  drawNames(context, film, frame, place, look);
}

export function toCanvas({ size, scale }: Place, x: number, y: number): [number, number] {
  return [size / 2 + scale * x, size / 2 - scale * y];
}

function drawAxes(context: CanvasRenderingContext2D, { size }: Place, look: Look): void {
  context.strokeStyle = look.line;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, size / 2);
  context.lineTo(size, size / 2);
  context.moveTo(size / 2, 0);
  context.lineTo(size / 2, size);
  context.stroke();
}

function drawDirections(
  context: CanvasRenderingContext2D,
  film: Film,
  { direction }: Frame,
  place: Place,
  look: Look,
): void {
  const length = film.extent * place.scale * 0.98;
  const head = 9;
  for (let c = 0; c < classes; c++) {
    const [dx, dy] = [direction[2 * c]!, -direction[2 * c + 1]!];
    const [tipX, tipY] = [place.size / 2 + length * dx, place.size / 2 + length * dy];
    context.strokeStyle = colourOfClass(film, c, look.dark);
    context.fillStyle = context.strokeStyle;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(place.size / 2, place.size / 2);
    context.lineTo(tipX - head * dx, tipY - head * dy);
    context.stroke();
    context.beginPath();
    context.moveTo(tipX, tipY);
    context.lineTo(tipX - head * dx - 0.5 * head * dy, tipY - head * dy + 0.5 * head * dx);
    context.lineTo(tipX - head * dx + 0.5 * head * dy, tipY - head * dy - 0.5 * head * dx);
    context.fill();
  }
}

/** Each class's digit, a little further out than most of its points. */
function drawNames(
  context: CanvasRenderingContext2D,
  film: Film,
  frame: Frame,
  place: Place,
  look: Look,
): void {
  context.font = "700 18px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 5;
  context.lineJoin = "round";
  for (const { digit, x, y } of namesOf(film, frame, place)) {
    context.strokeStyle = look.ground;
    context.strokeText(String(digit), x, y);
    context.fillStyle = colourOfClass(film, digit, look.dark);
    context.fillText(String(digit), x, y);
  }
}
