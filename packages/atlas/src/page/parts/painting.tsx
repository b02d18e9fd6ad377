import { useEffect, useRef, useState } from "react";
import { useAtlas } from "../atlas.tsx";

/**
 * Paints unit directions by the encoder's decoder: undefined until the first are painted. Directions that change
 * faster than they can be painted are left out, but never the last. `directions` is compared by identity.
 */
export function usePaintings(directions: readonly Float32Array[]): readonly ImageData[] | undefined {
  const { encoder } = useAtlas();
  const [pictures, setPictures] = useState<readonly ImageData[]>();
  const wanted = useRef<readonly Float32Array[]>(undefined);
  const busy = useRef(false);
  useEffect(() => {
    wanted.current = directions;
    if (busy.current) return;
    busy.current = true;
    const paintAll = async () => {
      try {
        const { loadPaint } = await import("../live/networks.ts");
        const paint = await loadPaint(encoder);
        while (wanted.current) {
          const next = wanted.current;
          wanted.current = undefined;
          const painted = next.length > 0 ? await paint(next) : [];
          setPictures(painted);
        }
      } catch (error) {
        // Thrown where the page's boundary for errors hears it.
        setPictures(() => {
          throw error;
        });
      } finally {
        busy.current = false;
      }
    };
    void paintAll();
  }, [encoder, directions]);
  return pictures;
}

/** A painted picture as large as its place; grey until there is one. */
export function Painting({ picture, label }: { picture: ImageData | undefined; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (picture) canvas.current?.getContext("2d")?.putImageData(picture, 0, 0);
  }, [picture]);
  return (
    <canvas
      ref={canvas}
      className={picture ? "painting" : "painting painting-none"}
      role="img"
      aria-label={label}
      width={picture?.width ?? 1}
      height={picture?.height ?? 1}
    />
  );
}
