import type { SiteCover } from "@optogram/render-atlas/site";
import { useLayoutEffect, useRef, useState } from "react";
import { useAtlas } from "../atlas.tsx";
import type { EncoderData, Feature } from "../data/encoder.ts";
import { navigate } from "../router.ts";

interface Pointed {
  readonly feature: Feature;
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/** The cover: the strongest features in one picture that fills its place. Names what is pointed at and leads there. */
export function Mosaic({ data, cover }: { data: EncoderData; cover: SiteCover }) {
  const host = useRef<HTMLDivElement>(null);
  const { address } = useAtlas();
  const [size, setSize] = useState<{ width: number; height: number }>();
  const [pointed, setPointed] = useState<Pointed>();
  useLayoutEffect(() => {
    if (!host.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(host.current);
    return () => observer.disconnect();
  }, []);

  const at = (event: React.MouseEvent): Pointed | undefined => {
    const box = host.current?.getBoundingClientRect();
    if (!box || !size) return undefined;
    const { scale, left, top } = coverFrame(cover, size.width, size.height);
    const column = Math.floor((event.clientX - box.left - left) / scale);
    const row = Math.floor((event.clientY - box.top - top) / scale);
    const feature = data.features[cover.features[row * cover.columns + column] ?? -1];
    return feature && { feature, left: left + column * scale, top: top + row * scale, size: scale };
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a picture of the map; the links beside it are the way for keys
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div
      className="mosaic stage-colours"
      ref={host}
      onPointerMove={(event) => event.pointerType === "mouse" && setPointed(at(event))}
      onPointerLeave={() => setPointed(undefined)}
      onClick={(event) => {
        const target = at(event);
        if (target) navigate(address(["map"], { f: String(target.feature.feature) }));
      }}
    >
      <img
        src={cover.url}
        alt={`${cover.features.length} features, each by what excites it most`}
        draggable={false}
      />
      {pointed && size && (
        <>
          <span
            className="mosaic-mark"
            style={{ left: pointed.left, top: pointed.top, width: pointed.size, height: pointed.size }}
          />
          <span
            className="hover-name"
            style={{
              top: pointed.top + pointed.size + 8,
              ...(pointed.left > size.width - 180 ? { right: 8 } : { left: pointed.left }),
            }}
          >
            {pointed.feature.feature}
            {pointed.feature.answers && <b>{pointed.feature.answers}</b>}
          </span>
        </>
      )}
    </div>
  );
}

/** The picture scaled to cover its place, its middle in the middle: what `object-fit: cover` does. */
function coverFrame({ columns, rows }: SiteCover, width: number, height: number) {
  const scale = Math.max(width / columns, height / rows);
  return { scale, left: (width - scale * columns) / 2, top: (height - scale * rows) / 2 };
}
