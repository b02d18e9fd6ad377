import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from "react";
import { type Place, tokenAt } from "./choices.ts";

type Grid = readonly [rows: number, columns: number];

/** What is drawn over an image: a colour a token, and marks. */
export interface Cell {
  readonly grid: Grid;
  /** [tokens, 3]; without them the picture is seen. */
  readonly colours?: Uint8Array | undefined;
  /** [tokens]; of a picture, what is not inside is darkened. */
  readonly mask?: Uint8Array | undefined;
  /** [tokens], cosines with the patch pointed at: in a picture, what is unlike it is darkened. */
  readonly cosines?: Float32Array | undefined;
  /** The patch itself. */
  readonly patch?: number | undefined;
  readonly nearest?: number | undefined;
}

/** Pixels of a token on the canvas: room for the frame of a mark. */
const tokenPixels = 16;
/** Of what lies outside a mask, and of what is unlike a patch. */
const darkest = 0.82;

/** One image at one layer. Pointing at it, or the arrow keys, choose a patch; a click or Enter keeps it. */
export function MapCell({
  cell,
  picture,
  name,
  image,
  onPoint,
  onKeep,
}: {
  cell: Cell;
  picture: string;
  name: string;
  image: number;
  onPoint: (place: Place | undefined) => void;
  onKeep: (place: Place) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [rows, columns] = cell.grid;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context) draw(context, cell);
  }, [cell]);
  const placeOf = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLButtonElement>): Place => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    const share = (at: number, whole: number) => Math.min(0.9999, Math.max(0, at / whole));
    return { image, x: share(clientX - left, width), y: share(clientY - top, height) };
  };
  const last = useRef<Place>({ image, x: 0.5, y: 0.5 });
  const token = useRef<number | undefined>(undefined);
  /** All pictures are drawn anew for another patch, not for another pixel of the same. */
  const point = (place: Place | undefined) => {
    const next = place && tokenAt(cell.grid, place);
    if (place) last.current = place;
    if (next !== token.current) onPoint(place);
    token.current = next;
  };
  const step = (event: KeyboardEvent) => {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ...{ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] },
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const along = (share: number, count: number, by: number) =>
      (Math.min(count - 1, Math.max(0, Math.floor(share * count) + by)) + 0.5) / count;
    point({
      image,
      x: along(last.current.x, columns, move[0]),
      y: along(last.current.y, rows, move[1]),
    });
  };
  return (
    <button
      type="button"
      className="map-cell"
      aria-label={name}
      style={{ aspectRatio: `${columns} / ${rows}`, backgroundImage: `url("${picture}")` }}
      onPointerMove={(event) => point(placeOf(event))}
      onPointerLeave={() => point(undefined)}
      onFocus={(event) => {
        if (event.currentTarget.matches(":focus-visible")) point(last.current);
      }}
      onBlur={() => point(undefined)}
      onKeyDown={step}
      onClick={() => onKeep(last.current)}
    >
      <canvas
        ref={canvas}
        width={columns * tokenPixels}
        height={rows * tokenPixels}
        className={cell.colours ? "map-blocks" : ""}
      />
    </button>
  );
}

/** While a patch is pointed at, what is like it takes the place of the mask. */
function shadeOf({ mask, cosines }: Cell, token: number): number {
  if (cosines) return darkest * (1 - Math.max(0, cosines[token]!));
  return mask && !mask[token] ? darkest : 0;
}

function draw(context: CanvasRenderingContext2D, cell: Cell): void {
  const { grid, colours, patch, nearest } = cell;
  const [rows, columns] = grid;
  const side = tokenPixels;
  context.clearRect(0, 0, columns * side, rows * side);
  for (let token = 0; token < rows * columns; token++) {
    const [x, y] = [(token % columns) * side, Math.floor(token / columns) * side];
    if (colours) {
      const [red, green, blue] = colours.subarray(3 * token, 3 * token + 3);
      context.fillStyle = `rgb(${red} ${green} ${blue})`;
      context.fillRect(x, y, side, side);
    }
    const shade = colours ? 0 : shadeOf(cell, token);
    if (shade > 0) {
      context.fillStyle = `rgb(6 7 9 / ${shade})`;
      context.fillRect(x, y, side, side);
    }
  }
  const frame = (token: number, colour: string, wide: number) => {
    const [x, y] = [(token % columns) * side, Math.floor(token / columns) * side];
    context.strokeStyle = "rgb(6 7 9)";
    context.lineWidth = wide + 2;
    context.strokeRect(x + 1, y + 1, side - 2, side - 2);
    context.strokeStyle = colour;
    context.lineWidth = wide;
    context.strokeRect(x + 1, y + 1, side - 2, side - 2);
  };
  if (nearest !== undefined && nearest >= 0) frame(nearest, "#ffffff", 2);
  if (patch !== undefined) frame(patch, "#ffc24b", 3);
}
