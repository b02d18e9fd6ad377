import type { EncoderData, Feature } from "../data/encoder.ts";
import { labelOpacity, type PlacedLabel, pictureScale, smoothstep } from "./labels.ts";
import type { Frame } from "./tiles.ts";

/** What stands out from the map. */
export interface Highlight {
  readonly hovered: Feature | undefined;
  readonly selected: Feature | undefined;
  /** Features that fire together with the one in focus, strongest first. */
  readonly together: readonly Feature[];
  /** Features whose directions lie nearest. */
  readonly near: readonly Feature[];
  /** What a search found. */
  readonly found: readonly Feature[];
  /** 0: nothing stands back; 1: all but the highlighted stands back. */
  readonly dim: number;
}

/** The look, read from the style sheet once a draw so that one palette serves all. */
export interface Palette {
  readonly accent: string;
  readonly text: string;
  readonly ground: string;
  readonly font: string;
}

const captionHeight = 24;

/** Draws what lies over the tiles: the lifted features, captions when near, region labels when far. */
export function drawOverlay(
  context: CanvasRenderingContext2D,
  frame: Frame,
  data: EncoderData,
  labels: readonly PlacedLabel[],
  highlight: Highlight,
  palette: Palette,
): void {
  context.clearRect(0, 0, frame.width, frame.height);
  const focus = highlight.hovered ?? highlight.selected;
  const lifted = new Set([...highlight.found, ...highlight.together, ...highlight.near]);
  if (focus) lifted.add(focus);
  if (highlight.selected) lifted.add(highlight.selected);
  if (highlight.dim > 0 && lifted.size > 0) dimAllBut(context, frame, lifted, highlight.dim, palette);
  drawCaptions(context, frame, data, lifted, highlight.dim, palette);
  drawLabels(context, frame, labels, highlight.dim, palette);
  if (focus) drawThreads(context, frame, focus, highlight.together, palette);
  for (const feature of highlight.found) outline(context, frame, feature, palette.accent, 1.5);
  for (const feature of highlight.near) outline(context, frame, feature, palette.text, 1.5, [4, 3]);
  for (const feature of highlight.together) outline(context, frame, feature, palette.accent, 2);
  if (highlight.selected) outline(context, frame, highlight.selected, palette.accent, 3.5);
  if (highlight.hovered) outline(context, frame, highlight.hovered, palette.text, 3);
}

function dimAllBut(
  context: CanvasRenderingContext2D,
  frame: Frame,
  lifted: Iterable<Feature>,
  dim: number,
  palette: Palette,
): void {
  context.globalAlpha = 0.62 * dim;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, frame.width, frame.height);
  context.globalAlpha = 1;
  for (const feature of lifted) {
    const box = place(frame, feature);
    if (box) context.clearRect(box.x, box.y, box.size, box.size);
  }
}

/** Thin bows from the feature in focus to those that fire with it: where on the map its company lives. */
function drawThreads(
  context: CanvasRenderingContext2D,
  frame: Frame,
  focus: Feature,
  together: readonly Feature[],
  palette: Palette,
): void {
  const from = place(frame, focus);
  if (!from) return;
  context.strokeStyle = palette.accent;
  context.globalAlpha = 0.5;
  context.lineWidth = 1;
  const half = from.size / 2;
  for (const feature of together) {
    const to = place(frame, feature);
    if (!to) continue;
    const [x0, y0, x1, y1] = [from.x + half, from.y + half, to.x + half, to.y + half];
    const bend = 0.12;
    context.beginPath();
    context.moveTo(x0, y0);
    context.quadraticCurveTo((x0 + x1) / 2 - (y1 - y0) * bend, (y0 + y1) / 2 + (x1 - x0) * bend, x1, y1);
    context.stroke();
  }
  context.globalAlpha = 1;
}

function outline(
  context: CanvasRenderingContext2D,
  frame: Frame,
  feature: Feature,
  colour: string,
  width: number,
  dash: number[] = [],
): void {
  const box = place(frame, feature);
  if (!box) return;
  // A tile of a few pixels would vanish under its own outline: small ones grow a little.
  const grow = Math.max(0, (7 - box.size) / 2);
  const [x, y, size] = [box.x - grow, box.y - grow, box.size + 2 * grow];
  if (x > frame.width || y > frame.height || x + size < 0 || y + size < 0) return;
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.setLineDash(dash);
  context.beginPath();
  context.roundRect(x + width / 2, y + width / 2, size - width, size - width, Math.min(6, size / 8));
  context.stroke();
  context.setLineDash([]);
}

function place(frame: Frame, feature: Feature): { x: number; y: number; size: number } | undefined {
  if (!feature.cell) return undefined;
  return {
    x: frame.left + feature.cell.column * frame.scale,
    y: frame.top + feature.cell.row * frame.scale,
    size: frame.scale,
  };
}

function drawCaptions(
  context: CanvasRenderingContext2D,
  frame: Frame,
  data: EncoderData,
  lifted: ReadonlySet<Feature>,
  dim: number,
  palette: Palette,
): void {
  const near = smoothstep(pictureScale * 0.8, pictureScale * 1.1, frame.scale);
  const { map } = data.encoder;
  if (near === 0 || !map) return;
  context.font = `13px ${palette.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const inset = frame.scale * 0.03;
  const columns = visible(frame.left, frame.width, frame.scale, map.columns);
  const rows = visible(frame.top, frame.height, frame.scale, map.rows);
  for (let row = rows.first; row <= rows.last; row++) {
    for (let column = columns.first; column <= columns.last; column++) {
      const feature = data.features[data.cells[row * map.columns + column]!];
      if (!feature) continue;
      const opacity = lifted.size === 0 || lifted.has(feature) ? near : near * (1 - 0.7 * dim);
      const x = frame.left + column * frame.scale + inset;
      const bottom = frame.top + (row + 1) * frame.scale - inset;
      const text = feature.answers ? `${feature.feature}  ${feature.answers}` : `${feature.feature}`;
      const width = Math.min(frame.scale - 2 * inset, context.measureText(text).width + 14);
      context.globalAlpha = opacity * 0.78;
      context.fillStyle = "#0c0d0f";
      context.beginPath();
      context.roundRect(x, bottom - captionHeight, width, captionHeight, [0, 5, 0, 0]);
      context.fill();
      context.globalAlpha = opacity;
      context.fillStyle = "#f1eee8";
      context.fillText(text, x + 7, bottom - captionHeight / 2, width - 14);
    }
  }
  context.globalAlpha = 1;
}

function visible(
  offset: number,
  length: number,
  scale: number,
  cells: number,
): { first: number; last: number } {
  return {
    first: Math.max(0, Math.floor(-offset / scale)),
    last: Math.min(cells - 1, Math.floor((length - offset) / scale)),
  };
}

function drawLabels(
  context: CanvasRenderingContext2D,
  frame: Frame,
  labels: readonly PlacedLabel[],
  dim: number,
  palette: Palette,
): void {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.font = `600 16px ${palette.font}`;
  for (const label of labels) {
    const opacity = labelOpacity(label.appears, frame.scale) * (1 - 0.75 * dim);
    if (opacity <= 0) continue;
    const x = frame.left + label.column * frame.scale;
    const y = frame.top + label.row * frame.scale;
    if (
      x < -label.width ||
      y < -label.height ||
      x > frame.width + label.width ||
      y > frame.height + label.height
    )
      continue;
    context.globalAlpha = opacity;
    context.lineWidth = 5;
    context.strokeStyle = "rgb(8 9 11 / 0.85)";
    context.strokeText(label.text, x, y);
    context.fillStyle = "#fffdf8";
    context.fillText(label.text, x, y);
  }
  context.globalAlpha = 1;
}
