import type { EncoderData, Feature } from "../data/encoder.ts";
import { type PlacedLabel, placeLabels } from "./labels.ts";
import { drawOverlay, type Highlight, type Palette } from "./overlay.ts";
import { cellAt, type Frame } from "./tiles.ts";
import { MapViewer, type View } from "./viewer.ts";

export interface StageEvents {
  /** A feature under the pointer, or under the centre while the keyboard moves the map. */
  hover(feature: Feature | undefined, x: number, y: number): void;
  select(feature: Feature | undefined): void;
  /** The view came to rest where the visitor moved it. */
  settle(view: View): void;
  frame(frame: Frame): void;
}

type Shown = Omit<Highlight, "dim">;

const fadeMilliseconds = 160;
const nothing: Shown = { hovered: undefined, selected: undefined, together: [], near: [], found: [] };

/** The map on screen: tiles below, a canvas over them, and what pointer and keys do to both. */
export class MapStage {
  readonly viewer: MapViewer;
  private readonly data: EncoderData;
  private readonly on: StageEvents;
  private readonly canvas: HTMLCanvasElement;
  private readonly labels: readonly PlacedLabel[];
  private readonly palette: Palette;
  private readonly cleanup = new AbortController();
  private shown: Shown = nothing;
  private lastShown: Shown = nothing;
  private dim = 0;
  private fading = 0;
  private aiming = false;
  private moved = false;

  constructor(
    host: HTMLElement,
    canvas: HTMLCanvasElement,
    data: EncoderData,
    start: (viewer: MapViewer) => void,
    on: StageEvents,
  ) {
    const { map } = data.encoder;
    if (!map) throw new Error("this encoder has no map");
    this.data = data;
    this.on = on;
    this.canvas = canvas;
    this.palette = readPalette(canvas);
    this.labels = placeLabels(measureLabels(canvas, data, this.palette));
    this.viewer = new MapViewer(host, map, data.cells, {
      open: () => {
        start(this.viewer);
        this.draw();
      },
      frame: () => {
        if (this.aiming) this.aim();
        this.draw();
      },
      settle: () => this.moved && this.on.settle(this.viewer.view()),
      click: (x, y) => this.on.select(this.featureAt(x, y)),
    });
    const { signal } = this.cleanup;
    host.addEventListener("pointermove", (event) => this.point(event, host), { signal });
    host.addEventListener("pointerleave", () => this.on.hover(undefined, 0, 0), { signal });
    for (const type of ["pointerdown", "wheel"]) {
      host.addEventListener(type, () => this.touch(false), { signal, passive: true });
    }
  }

  /** Answers a key that moves the map; false for any other. */
  key(key: string): boolean {
    const moves: Record<string, () => void> = {
      ArrowLeft: () => this.viewer.pan(-1, 0),
      ArrowRight: () => this.viewer.pan(1, 0),
      ArrowUp: () => this.viewer.pan(0, -1),
      ArrowDown: () => this.viewer.pan(0, 1),
      "+": () => this.viewer.zoom(1),
      "=": () => this.viewer.zoom(1),
      "-": () => this.viewer.zoom(-1),
      "0": () => this.viewer.home(),
    };
    const move = moves[key];
    if (!move || !this.viewer.ready) return false;
    this.touch(true);
    move();
    return true;
  }

  /** A move by button or minimap: its view is worth keeping in the address as any other. */
  move(action: (viewer: MapViewer) => void): void {
    if (!this.viewer.ready) return;
    this.touch(false);
    action(this.viewer);
  }

  highlight(shown: Shown): void {
    this.shown = shown;
    if (wantsDim(shown)) this.lastShown = shown;
    cancelAnimationFrame(this.fading);
    this.fade(performance.now());
  }

  close(): void {
    cancelAnimationFrame(this.fading);
    this.cleanup.abort();
    this.viewer.close();
  }

  private touch(byKey: boolean): void {
    this.moved = true;
    this.aiming = byKey;
  }

  private point(event: PointerEvent, host: HTMLElement): void {
    if (event.pointerType !== "mouse" || event.buttons !== 0) return;
    this.aiming = false;
    const box = host.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    this.on.hover(this.featureAt(x, y), x, y);
  }

  private aim(): void {
    const { width, height } = this.viewer.frame();
    this.on.hover(this.featureAt(width / 2, height / 2), width / 2, height / 2);
  }

  private featureAt(x: number, y: number): Feature | undefined {
    const { map } = this.data.encoder;
    const cell = this.viewer.ready && map ? cellAt(this.viewer.frame(), map, x, y) : undefined;
    return cell && map
      ? this.data.features[this.data.cells[cell.row * map.columns + cell.column]!]
      : undefined;
  }

  private fade(from: number): void {
    const target = wantsDim(this.shown) ? 1 : 0;
    const start = this.dim;
    const step = (now: number) => {
      const t = Math.min(1, Math.max(0, now - from) / fadeMilliseconds);
      this.dim = start + (target - start) * t;
      this.draw();
      if (t < 1 && this.dim !== target) this.fading = requestAnimationFrame(step);
    };
    this.fading = requestAnimationFrame(step);
  }

  private draw(): void {
    if (!this.viewer.ready) return;
    const frame = this.viewer.frame();
    const density = devicePixelRatio || 1;
    const [width, height] = [Math.round(frame.width * density), Math.round(frame.height * density)];
    if (this.canvas.width !== width || this.canvas.height !== height)
      Object.assign(this.canvas, { width, height });
    const context = this.canvas.getContext("2d")!;
    context.setTransform(density, 0, 0, density, 0, 0);
    // While the rest comes forward again, what stood out keeps its place, or everything would flash at once.
    const fading = !wantsDim(this.shown) && this.dim > 0;
    const shown = fading
      ? {
          ...nothing,
          together: this.lastShown.together,
          near: this.lastShown.near,
          found: this.lastShown.found,
        }
      : this.shown;
    drawOverlay(
      context,
      frame,
      this.data,
      this.labels,
      { ...shown, hovered: this.shown.hovered, dim: this.dim },
      this.palette,
    );
    this.on.frame(frame);
  }
}

function wantsDim(shown: Shown): boolean {
  return shown.found.length > 0 || shown.together.length > 0 || shown.near.length > 0;
}

function readPalette(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    accent: value("--accent"),
    text: value("--text"),
    ground: value("--ground"),
    font: style.fontFamily,
  };
}

const labelHeight = 22;

function measureLabels(canvas: HTMLCanvasElement, data: EncoderData, palette: Palette) {
  const context = canvas.getContext("2d")!;
  context.font = `600 16px ${palette.font}`;
  return data.regions
    .filter(({ label }) => label)
    .map(({ label, column, row, features }) => ({
      text: label,
      column,
      row,
      width: context.measureText(label).width,
      height: labelHeight,
      weight: features,
    }));
}
