import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Feature } from "../data/encoder.ts";

const leastCell = 112;
const gap = 14;
const captionHeight = 50;
/** Rows drawn beyond the window, so that a fast scroll meets pictures and not holes. */
const spareRows = 3;

/** Draws only the rows near the window, so that twelve thousand features scroll as a hundred do. */
export function FeatureGrid<F extends Feature>({
  features,
  children,
}: {
  features: readonly F[];
  /** A cell: a picture with two lines below it. */
  children: (feature: F) => ReactNode;
}) {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [range, setRange] = useState({ first: 0, last: 12 });
  const columns = Math.max(2, Math.floor((width + gap) / (leastCell + gap)));
  const cell = (width - gap * (columns - 1)) / columns;
  const rowHeight = cell + captionHeight + gap;
  const rows = Math.ceil(features.length / columns);

  useLayoutEffect(() => {
    if (!host.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(host.current);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const measureRange = () => {
      const top = -(host.current?.getBoundingClientRect().top ?? 0);
      const first = Math.max(0, Math.floor(top / rowHeight) - spareRows);
      const last = Math.min(rows, Math.ceil((top + innerHeight) / rowHeight) + spareRows);
      setRange((now) => (now.first === first && now.last === last ? now : { first, last }));
    };
    measureRange();
    addEventListener("scroll", measureRange, { passive: true });
    addEventListener("resize", measureRange);
    return () => {
      removeEventListener("scroll", measureRange);
      removeEventListener("resize", measureRange);
    };
  }, [rowHeight, rows]);

  return (
    <div className="grid" ref={host} style={{ height: rows * rowHeight }}>
      {width > 0 &&
        features.slice(range.first * columns, range.last * columns).map((feature, i) => {
          const index = range.first * columns + i;
          const [column, row] = [index % columns, Math.floor(index / columns)];
          return (
            <div
              key={feature.feature}
              className="grid-cell"
              style={{
                width: cell,
                transform: `translate(${column * (cell + gap)}px, ${row * rowHeight}px)`,
              }}
            >
              {children(feature)}
            </div>
          );
        })}
    </div>
  );
}
