import { classes, type Film, type Frame, takenFor } from "./film.ts";
import { type Name, namesOfDirections, namesOfPoints, reachOf } from "./names.ts";

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
  readonly faint: string;
}

/** Room for the digits beyond the outermost points. */
const rim = 34;

export function placeOf({ extent }: Frame, size: number): Place {
  return { size, scale: (size / 2 - rim) / extent };
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
  drawRings(context, film, place, look);
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
  const names = directions ? namesOfDirections(frame, place) : namesOfPoints(film, frame, place);
  drawNames(context, film, names, look);
}

export function toCanvas({ size, scale }: Place, x: number, y: number): [number, number] {
  return [size / 2 + scale * x, size / 2 - scale * y];
}

/** Lengths at which a circle tells how far it is from the centre. */
const rings = [0.5, 1, 2, 5, 10, 20, 50, 100];

function drawRings(context: CanvasRenderingContext2D, film: Film, { size, scale }: Place, look: Look): void {
  // Their numbers stand where no ray will be.
  const [across, down] = [Math.cos(film.gap), -Math.sin(film.gap)];
  context.strokeStyle = look.line;
  context.fillStyle = look.faint;
  context.lineWidth = 1;
  context.font = "13px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const ring of rings) {
    const radius = ring * scale;
    if (radius < size / 12 || radius > size / 2 - 1) continue;
    context.beginPath();
    context.arc(size / 2, size / 2, radius, 0, 2 * Math.PI);
    context.stroke();
    const [x, y] = [size / 2 + radius * across, size / 2 + radius * down];
    context.clearRect(x - 12, y - 9, 24, 18);
    context.fillText(String(ring), x, y);
  }
}

function drawDirections(
  context: CanvasRenderingContext2D,
  film: Film,
  { direction }: Frame,
  place: Place,
  look: Look,
): void {
  const length = reachOf(place);
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

function drawNames(context: CanvasRenderingContext2D, film: Film, names: readonly Name[], look: Look): void {
  context.font = "700 18px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 5;
  context.lineJoin = "round";
  for (const { digit, x, y } of names) {
    context.strokeStyle = look.ground;
    context.strokeText(String(digit), x, y);
    context.fillStyle = colourOfClass(film, digit, look.dark);
    context.fillText(String(digit), x, y);
  }
}
