import type { SiteSuperposition } from "@optogram/render-atlas/site";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { drawFrame, placeOf, toCanvas } from "./draw.ts";
import { type Film, type Frame, takenFor } from "./film.ts";

/** How near a pointer must come to a point, in pixels. */
const reach = 16;
/** Side of the digit that is shown of a point. */
const shownSide = 84;

interface PlaneProps {
  readonly film: Film;
  readonly frame: Frame;
  readonly digits: SiteSuperposition["digits"];
  readonly directions: boolean;
  /** What the picture shows, for those who do not see it. */
  readonly label: string;
}

/** The plane with its points; the one under the pointer shows its picture. */
export function Plane({ film, frame, digits, directions, label }: PlaneProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useWidth(canvas);
  const dark = useDark();
  const [pointer, setPointer] = useState<{ readonly x: number; readonly y: number }>();
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || size === 0) return;
    const pixels = Math.round(size * devicePixelRatio);
    if (element.width !== pixels) Object.assign(element, { width: pixels, height: pixels });
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    const style = getComputedStyle(element);
    const look = {
      dark,
      ground: style.getPropertyValue("--ground"),
      line: style.getPropertyValue("--line"),
      faint: style.getPropertyValue("--faint"),
    };
    drawFrame(context, film, frame, placeOf(frame, size), look, directions);
  }, [film, frame, directions, size, dark]);
  useEffect(() => {
    // Fetched before it is needed, which would be under the pointer.
    new Image().src = digits.url;
  }, [digits]);
  const follow = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    setPointer({ x: event.clientX - box.left, y: event.clientY - box.top });
  };
  const spots = pointer && spotsOf(film, frame, size);
  const point = spots && nearest(spots, pointer);
  return (
    <div className="plane">
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        onPointerMove={follow}
        onPointerDown={follow}
        onPointerLeave={() => setPointer(undefined)}
      />
      {point !== undefined && (
        <Pointed
          spot={spots![point]!}
          size={size}
          point={point}
          digits={digits}
          label={film.labels[point]!}
          taken={takenFor(frame, point)}
        />
      )}
    </div>
  );
}

type Spot = readonly [x: number, y: number];

function spotsOf(film: Film, frame: Frame, size: number): Spot[] {
  const place = placeOf(frame, size);
  const { position } = frame;
  return film.labels.map((_, i) => toCanvas(place, position[2 * i]!, position[2 * i + 1]!));
}

function nearest(spots: readonly Spot[], { x, y }: { readonly x: number; readonly y: number }) {
  let best: number | undefined;
  let least = reach;
  for (const [i, spot] of spots.entries()) {
    const distance = Math.hypot(spot[0] - x, spot[1] - y);
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
}

function Pointed({
  spot: [x, y],
  size,
  point,
  digits: { url, columns, side },
  label,
  taken,
}: {
  spot: Spot;
  size: number;
  point: number;
  digits: SiteSuperposition["digits"];
  label: number;
  taken: number;
}) {
  const scale = shownSide / side;
  const [column, row] = [point % columns, Math.floor(point / columns)];
  const across = x < size / 2 ? { left: x + 14 } : { right: size - x + 14 };
  const down = y < size / 2 ? { top: y + 8 } : { bottom: size - y + 8 };
  return (
    <>
      <span className="plane-mark" style={{ left: x, top: y }} />
      <span className="plane-digit" style={{ ...across, ...down }}>
        <span
          style={{
            width: shownSide,
            height: shownSide,
            backgroundImage: `url(${url})`,
            backgroundSize: `${columns * side * scale}px auto`,
            backgroundPosition: `${-column * shownSide}px ${-row * shownSide}px`,
          }}
        />
        {label === taken ? `a ${label}` : `a ${label}, taken for a ${taken}`}
      </span>
    </>
  );
}

function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

const darkTheme = "(prefers-color-scheme: dark)";

function useDark(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = matchMedia(darkTheme);
      query.addEventListener("change", changed);
      return () => query.removeEventListener("change", changed);
    },
    () => matchMedia(darkTheme).matches,
  );
}
