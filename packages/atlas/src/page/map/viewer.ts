import type { SiteMap } from "@optogram/render-atlas/site";
import OpenSeadragon from "openseadragon";
import { type Frame, hasFeature, overviewLevel, tileUrl } from "./tiles.ts";

/** Where one looks: the centre in fractions of the map's width and height, and the zoom (1: the whole width fits). */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

const label = "Map: arrows pan, plus and minus zoom, Enter opens the feature at the centre";
/** Air around the whole map, as a share of its size. */
const homeMargin = 0.03;
const panStep = 0.16;
const zoomStep = 1.5;

/** OpenSeadragon behind the few words that the map needs: cells, views and frames instead of its coordinates. */
export class MapViewer {
  private readonly map: SiteMap;
  private readonly viewer: OpenSeadragon.Viewer;

  constructor(
    element: HTMLElement,
    map: SiteMap,
    cells: Int32Array,
    on: { frame(): void; settle(): void; open(): void; click(x: number, y: number): void },
  ) {
    this.map = map;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.viewer = OpenSeadragon({
      element,
      tileSources: [tileSource(map, cells)] as unknown as string[],
      // The 2D canvas needs no WebGL, is fast enough for some hundred tiles, and shows no seams.
      drawer: "canvas",
      showNavigationControl: false,
      animationTime: still ? 0 : 0.7,
      springStiffness: 9,
      blendTime: still ? 0 : 0.12,
      visibilityRatio: 0.6,
      minZoomImageRatio: 0.75,
      maxZoomPixelRatio: 2.5,
      zoomPerScroll: 1.35,
      imageLoaderLimit: 8,
      maxImageCacheCount: 800,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true, flickEnabled: !still },
      gestureSettingsTouch: { clickToZoom: false, dblClickToZoom: true, pinchRotate: false },
    });
    const viewer = this.viewer;
    // OpenSeadragon's own element takes the focus; it has no name of its own.
    viewer.canvas.setAttribute("role", "application");
    viewer.canvas.setAttribute("aria-label", label);
    viewer.addHandler("open", () => on.open());
    viewer.addHandler("update-viewport", () => on.frame());
    viewer.addHandler("animation-finish", () => on.settle());
    viewer.addHandler("canvas-key", (event) => {
      event.preventDefaultAction = true;
    });
    viewer.addHandler("canvas-click", (event) => {
      if (event.quick) on.click(event.position.x, event.position.y);
    });
  }

  get ready(): boolean {
    return this.viewer.isOpen();
  }

  view(): View {
    const centre = this.viewer.viewport.getCenter(false);
    return { x: centre.x, y: centre.y * this.aspect, z: this.viewer.viewport.getZoom(false) };
  }

  show(view: View, immediately = false): void {
    const { viewport } = this.viewer;
    viewport.zoomTo(view.z, undefined, immediately);
    viewport.panTo(new OpenSeadragon.Point(view.x, view.y / this.aspect), immediately);
    viewport.applyConstraints(immediately);
  }

  home(immediately = false): void {
    const height = this.map.rows / this.map.columns;
    const whole = new OpenSeadragon.Rect(
      -homeMargin,
      -homeMargin * height,
      1 + 2 * homeMargin,
      height * (1 + 2 * homeMargin),
    );
    this.viewer.viewport.fitBounds(whole, immediately);
  }

  /** Brings a cell to the centre; comes closer until it is a picture, never further away. */
  flyTo(column: number, row: number, pixels: number): void {
    const { width } = this.frame();
    const z = Math.max(this.viewer.viewport.getZoom(false), (pixels * this.map.columns) / Math.max(1, width));
    this.show({ x: (column + 0.5) / this.map.columns, y: (row + 0.5) / this.map.rows, z });
  }

  pan(right: number, down: number): void {
    const { viewport } = this.viewer;
    const bounds = viewport.getBounds(false);
    const step = Math.min(bounds.width, bounds.height) * panStep;
    viewport.panBy(new OpenSeadragon.Point(right * step, down * step));
    viewport.applyConstraints();
  }

  zoom(steps: number): void {
    this.viewer.viewport.zoomBy(zoomStep ** steps);
    this.viewer.viewport.applyConstraints();
  }

  frame(): Frame {
    const bounds = this.viewer.viewport.getBounds(true);
    const size = this.viewer.viewport.getContainerSize();
    const unit = size.x / bounds.width;
    return {
      scale: unit / this.map.columns,
      left: -bounds.x * unit,
      top: -bounds.y * unit,
      width: size.x,
      height: size.y,
    };
  }

  close(): void {
    this.viewer.destroy();
  }

  private get aspect(): number {
    return this.map.columns / this.map.rows;
  }
}

function tileSource(map: SiteMap, cells: Int32Array): OpenSeadragon.TileSource {
  const source = new OpenSeadragon.TileSource({
    width: map.columns * map.tileSize,
    height: map.rows * map.tileSize,
    tileSize: map.tileSize,
    tileOverlap: 0,
    minLevel: overviewLevel(map),
    maxLevel: map.levels - 1,
  } as OpenSeadragon.TileSourceOptions);
  source.getTileUrl = (level, column, row) => tileUrl(map, level, column, row);
  // Tiles over empty cells are not written: asking for them would only fill the console with errors.
  source.tileExists = (level, column, row) => hasFeature(map, cells, level, column, row);
  return source;
}
