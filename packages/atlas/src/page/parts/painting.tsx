import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useAtlas } from "../atlas.tsx";
import { toFile } from "../live/canvas.ts";
import { openPhoto } from "../live/photo.ts";
import { navigate } from "../router.ts";

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

/** One direction painted large, and the way to ask the encoder what it sees there. */
export function LivePainting({
  direction,
  said,
  children,
}: {
  direction: Float32Array | undefined;
  /** The direction in words. */
  said: string;
  /** Why there is no direction. */
  children: ReactNode;
}) {
  const { site, encoder, address } = useAtlas();
  const directions = useMemo(() => (direction ? [direction] : []), [direction]);
  const [picture] = usePaintings(directions) ?? [];
  const megabytes = ((encoder.live?.decoder.bytes ?? 0) / 2 ** 20).toFixed(1);
  const takeApart = async (picture: ImageData) => {
    await openPhoto(await toFile(picture), `The picture painted of ${said}`);
    navigate(address(["photo"]));
  };
  if (!direction) {
    return (
      <p className="problem" role="alert">
        {children}
      </p>
    );
  }
  return (
    <div className="live-painting">
      <Painting picture={picture} label={`Painted: ${said}`} />
      {!picture && (
        <p className="live-painting-wait faint" role="status">
          Fetching the runtime (4 MB) and the decoder ({megabytes} MB), once…
        </p>
      )}
      {picture && site.pages.includes("photo") && (
        <button type="button" onClick={() => void takeApart(picture)}>
          What does the encoder see in it?
        </button>
      )}
    </div>
  );
}
