import type { SiteMap } from "@optogram/render-atlas/site";
import type { Feature } from "./data/encoder.ts";

/**
 * A feature's colour, the same wherever it appears: the hue is its bearing from the map's centre, so that neighbours on
 * the map have neighbouring colours; lightness and chroma keep 3:1 against both themes' grounds.
 */
export function colourOf(feature: Feature, map: SiteMap | undefined): string {
  if (!feature.cell || !map) return "oklch(0.6 0 0)";
  const dx = (feature.cell.column + 0.5) / map.columns - 0.5;
  const dy = (feature.cell.row + 0.5) / map.rows - 0.5;
  const hue = ((Math.atan2(dy, dx) * 180) / Math.PI + 360) % 360;
  const chroma = 0.06 + 0.1 * Math.min(1, Math.hypot(dx, dy) * 2);
  return `oklch(0.66 ${chroma.toFixed(3)} ${hue.toFixed(1)})`;
}
