import { type ReactNode, useEffect, useRef } from "react";
import type { ChartDrawer } from "../charts.ts";

/** Draws a chart as wide as its place, and again when that changes. `draw` comes from charts.ts, fetched on first need. */
export function Chart({ draw, label, caption }: { draw: ChartDrawer; label: string; caption?: ReactNode }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let wanted = true;
    let width = 0;
    const redraw = async () => {
      const { tools } = await import("../charts.ts");
      if (wanted && width > 0) element.replaceChildren(draw(tools, width));
    };
    const observer = new ResizeObserver(([entry]) => {
      const next = Math.round(entry?.contentRect.width ?? 0);
      if (next === width) return;
      width = next;
      void redraw();
    });
    observer.observe(element);
    return () => {
      wanted = false;
      observer.disconnect();
    };
  }, [draw]);
  return (
    <figure className="chart">
      <div className="chart-plot" ref={host} role="img" aria-label={label} />
      {caption && <figcaption>{caption}</figcaption>}
    </figure>
  );
}
