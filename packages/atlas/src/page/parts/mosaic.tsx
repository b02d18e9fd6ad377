import type { SiteMap } from "@optogram/render-atlas/site";
import { useLayoutEffect, useRef, useState } from "react";
import { useAtlas } from "../atlas.tsx";
import type { EncoderData, Feature } from "../data/encoder.ts";
import { cellAt, type Frame, hasFeature, tileUrl } from "../map/tiles.ts";
import { navigate } from "../router.ts";

/** Width that a feature's tile has at least: below it, a wide window shows a part of the map rather than dots. */
const leastTile = 44;

/** The heart of the map as a picture that fills its place: names what is pointed at and leads there. Light: no viewer is loaded for it. */
export function Mosaic({ data }: { data: EncoderData }) {
  const host = useRef<HTMLDivElement>(null);
  const { address, encoder } = useAtlas();
  const [size, setSize] = useState<{ width: number; height: number }>();
  const [hover, setHover] = useState<{ feature: Feature; x: number; y: number }>();
  useLayoutEffect(() => {
    if (!host.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(host.current);
    return () => observer.disconnect();
  }, []);
  const map = encoder.map!;
  const frame = size && coverFrame(map, size.width, size.height);

  const at = (event: React.MouseEvent) => {
    const box = host.current?.getBoundingClientRect();
    if (!box || !frame) return undefined;
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const cell = cellAt(frame, map, x, y);
    const feature = cell && data.features[data.cells[cell.row * map.columns + cell.column]!];
    return feature && { feature, x, y };
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a picture of the map; the link beside it is the way for keys
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div
      className="mosaic stage-colours"
      ref={host}
      onPointerMove={(event) => event.pointerType === "mouse" && setHover(at(event))}
      onPointerLeave={() => setHover(undefined)}
      onClick={(event) => {
        const target = at(event);
        if (target) navigate(address(["map"], { f: String(target.feature.feature) }));
      }}
    >
      {frame && <Tiles map={map} cells={data.cells} frame={frame} />}
      {hover?.feature.cell && frame && (
        <>
          <span
            className="mosaic-mark"
            style={{
              left: frame.left + hover.feature.cell.column * frame.scale,
              top: frame.top + hover.feature.cell.row * frame.scale,
              width: frame.scale,
              height: frame.scale,
            }}
          />
          <span className="hover-name" style={{ left: hover.x + 14, top: hover.y + 16 }}>
            {hover.feature.feature}
            {hover.feature.answers && <b>{hover.feature.answers}</b>}
          </span>
        </>
      )}
    </div>
  );
}

function Tiles({ map, cells, frame }: { map: SiteMap; cells: Int32Array; frame: Frame }) {
  const density = globalThis.devicePixelRatio || 1;
  const below = Math.max(0, Math.floor(Math.log2(map.tileSize / (frame.scale * density))));
  const level = map.levels - 1 - below;
  const edge = frame.scale * 2 ** below;
  const tiles: { column: number; row: number }[] = [];
  for (let row = Math.max(0, Math.floor(-frame.top / edge)); row * edge + frame.top < frame.height; row++) {
    for (
      let column = Math.max(0, Math.floor(-frame.left / edge));
      column * edge + frame.left < frame.width;
      column++
    ) {
      if (hasFeature(map, cells, level, column, row)) tiles.push({ column, row });
    }
  }
  return tiles.map(({ column, row }) => {
    // The last tile of a line may cover fewer features than the others.
    const width = Math.min(2 ** below, map.columns - column * 2 ** below) * frame.scale;
    const height = Math.min(2 ** below, map.rows - row * 2 ** below) * frame.scale;
    return (
      <img
        key={`${level}/${column}/${row}`}
        src={tileUrl(map, level, column, row)}
        alt=""
        draggable={false}
        style={{ left: frame.left + column * edge, top: frame.top + row * edge, width, height }}
      />
    );
  });
}

/** The map scaled to cover a place, its middle in the middle. */
function coverFrame(map: SiteMap, width: number, height: number): Frame {
  const scale = Math.max(leastTile, width / map.columns, height / map.rows);
  return {
    scale,
    left: (width - scale * map.columns) / 2,
    top: (height - scale * map.rows) / 2,
    width,
    height,
  };
}
