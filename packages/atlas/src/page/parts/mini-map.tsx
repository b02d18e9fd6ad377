import type { EncoderData, Feature } from "../data/encoder.ts";
import { type Frame, overviewLevel, tileUrl } from "../map/tiles.ts";

/** The whole map in one picture, with the part in view or some features marked. */
export function MiniMap({
  data,
  frame,
  marked = [],
  onMove,
}: {
  data: EncoderData;
  frame?: Frame | undefined;
  /** Features to mark, the first strongest. */
  marked?: readonly Feature[];
  /** Takes the point asked for, in fractions of width and height. */
  onMove?: (x: number, y: number) => void;
}) {
  const { map } = data.encoder;
  if (!map) return null;
  const move = (event: React.PointerEvent<HTMLDivElement>) => {
    if (event.buttons === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    onMove?.((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  return (
    <div
      className="mini-map"
      style={{ aspectRatio: `${map.columns} / ${map.rows}` }}
      onPointerDown={move}
      onPointerMove={move}
    >
      <img src={tileUrl(map, overviewLevel(map), 0, 0)} alt="The whole map" draggable={false} />
      {frame && <span className="mini-map-view" style={viewStyle(frame, map.columns, map.rows)} />}
      {marked.map(
        ({ feature, cell }, i) =>
          cell && (
            <span
              key={feature}
              className={i === 0 ? "mini-map-mark mini-map-first" : "mini-map-mark"}
              style={{
                left: percentage((cell.column + 0.5) / map.columns),
                top: percentage((cell.row + 0.5) / map.rows),
              }}
            />
          ),
      )}
    </div>
  );
}

function viewStyle(frame: Frame, columns: number, rows: number): React.CSSProperties {
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  const left = clamp(-frame.left / (frame.scale * columns));
  const top = clamp(-frame.top / (frame.scale * rows));
  const right = clamp((frame.width - frame.left) / (frame.scale * columns));
  const bottom = clamp((frame.height - frame.top) / (frame.scale * rows));
  return {
    left: percentage(left),
    top: percentage(top),
    width: percentage(right - left),
    height: percentage(bottom - top),
  };
}

function percentage(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}
