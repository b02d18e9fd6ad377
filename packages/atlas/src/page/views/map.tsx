import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useAtlas, useEncoderData } from "../atlas.tsx";
import { loadNeighbours, type Neighbours } from "../data/details.ts";
import type { EncoderData, Feature } from "../data/encoder.ts";
import { featuresOfWord } from "../data/search.ts";
import { plural } from "../format.ts";
import { analyse, type Photo, usePhoto } from "../live/photo.ts";
import { MapStage } from "../map/stage.ts";
import type { Frame } from "../map/tiles.ts";
import type { MapViewer, View } from "../map/viewer.ts";
import { FeaturePanel } from "../parts/feature-panel.tsx";
import { MiniMap } from "../parts/mini-map.tsx";
import { dropTarget } from "../parts/photo-drop.tsx";
import { currentRoute, navigate, useRoute } from "../router.ts";
import "../style/map.css";

/** Pixels that a tile has after the map has flown to it. */
const closePixels = 150;
const restMilliseconds = 120;
const liftedNeighbours = 8;

export function MapView() {
  const data = useEncoderData();
  const { site, address } = useAtlas();
  const { query } = useRoute();
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const stage = useRef<MapStage>(null);
  const written = useRef("");
  const [hover, setHover] = useState<{ feature: Feature; x: number; y: number }>();
  const [frame, setFrame] = useState<Frame>();
  const selected = query.f === undefined ? undefined : data.features[Number(query.f)];
  const { photo, problem } = usePhoto();
  const takesPhotos = site.pages.includes("photo") && data.encoder.live !== undefined;
  const inPhoto = usePhotoFeatures(data, takesPhotos && query.photo === "1" ? photo : undefined);
  const found = useMemo(
    () => (query.q ? featuresOfWord(data, query.q) : (inPhoto.features ?? [])),
    [data, query.q, inPhoto.features],
  );
  const neighbours = useNeighbours(data, hover?.feature ?? selected);

  const latest = useRef(address);
  latest.current = address;
  const go = useCallback((change: Record<string, string | undefined>, replace: boolean) => {
    const { path, query } = currentRoute();
    // A view that comes to rest after the visitor has left is nobody's any more.
    if (path[0] !== "map") return;
    const { e: _, ...kept } = query;
    navigate(latest.current(["map"], { ...kept, ...change }), { replace });
  }, []);

  useEffect(() => {
    if (!host.current || !canvas.current) return;
    const made = new MapStage(
      host.current,
      canvas.current,
      data,
      (viewer) => applyAddress(viewer, data, currentRoute().query, true),
      {
        hover: (feature, x, y) => setHover(feature && { feature, x, y }),
        select: (feature) =>
          go({ f: feature && String(feature.feature), ...formatView(made.viewer.view()) }, false),
        settle: (view) => {
          const formatted = formatView(view);
          written.current = viewKey(formatted);
          go(formatted, true);
        },
        frame: setFrame,
      },
    );
    stage.current = made;
    return () => {
      made.close();
      stage.current = null;
    };
  }, [data, go]);

  // The address is the truth: what changed there (Back, a search, a pasted link) moves the map.
  useEffect(() => {
    const viewer = stage.current?.viewer;
    const key = viewKey(query);
    if (!viewer?.ready || (key === written.current && key !== "")) return;
    written.current = key;
    applyAddress(viewer, data, query, false);
  }, [data, query]);

  useEffect(() => {
    const pick = (list: readonly { feature: number }[] = []) =>
      list.slice(0, liftedNeighbours).flatMap(({ feature }) => data.features[feature] ?? []);
    const together = pick(neighbours?.coactivation);
    stage.current?.highlight({
      hovered: hover?.feature,
      selected,
      together,
      near: pick(neighbours?.cosine).filter((feature) => !together.includes(feature)),
      found: hover || selected ? [] : found,
    });
  }, [data, hover?.feature, selected, neighbours, found, hover]);

  useEffect(() => {
    const keyed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName))
        return;
      const onControl = /^(A|BUTTON)$/.test(target.tagName);
      if (event.key === "Escape") {
        if (selected) go({ f: undefined }, false);
        else if (query.q || query.photo) go({ q: undefined, photo: undefined }, false);
      } else if (event.key === "Enter" && !onControl) {
        if (hover && hover.feature !== selected) go({ f: String(hover.feature.feature) }, false);
        else if (selected) navigate(address(["feature", selected.feature]));
      } else if (!stage.current?.key(event.key)) return;
      event.preventDefault();
    };
    addEventListener("keydown", keyed);
    return () => removeEventListener("keydown", keyed);
  }, [hover, selected, query.q, query.photo, address, go]);

  return (
    <div
      className={`map ${selected ? "map-with-panel" : ""}`}
      {...(takesPhotos && dropTarget(() => go({ photo: "1", q: undefined, f: undefined }, false)))}
    >
      <h1 className="hidden">Map of {plural(data.living.length, "feature")}</h1>
      <div className="stage">
        <div className="stage-tiles" ref={host} />
        <canvas className="stage-overlay" ref={canvas} />
        {hover && frame && <HoverName hover={hover} frame={frame} />}
        {query.q && (
          <p className="lit" role="status">
            {found.length > 0
              ? `${plural(found.length, "feature")}: ${query.q}`
              : `Nothing answers to “${query.q}”`}
            <button type="button" onClick={() => go({ q: undefined }, false)}>
              Clear
            </button>
          </p>
        )}
        {takesPhotos && query.photo === "1" && !query.q && (
          <p className="lit" role="status">
            {problem ?? inPhoto.problem ?? (
              <>
                {!photo
                  ? "Drop a photo here: its features light up"
                  : inPhoto.features
                    ? `${plural(inPhoto.features.length, "feature")} of ${photo.name}`
                    : `Looking at ${photo.name}…`}
                {photo && <a href={address(["photo"])}>How strongly</a>}
              </>
            )}
            <button type="button" onClick={() => go({ photo: undefined }, false)}>
              Clear
            </button>
          </p>
        )}
        <div className="map-tools">
          <MiniMap
            data={data}
            frame={frame}
            onMove={(x, y) => stage.current?.move((viewer) => viewer.show({ ...viewer.view(), x, y }))}
          />
          <div className="map-buttons">
            <button type="button" onClick={() => stage.current?.move((viewer) => viewer.zoom(1))}>
              + Closer
            </button>
            <button type="button" onClick={() => stage.current?.move((viewer) => viewer.zoom(-1))}>
              − Further
            </button>
            <button type="button" onClick={() => stage.current?.move((viewer) => viewer.home())}>
              Whole map
            </button>
          </div>
        </div>
        {neighbours ? (
          <p className="map-hint">
            <b>Solid</b> fires together · <b className="dashed">dashed</b> points the same way
          </p>
        ) : (
          <p className="map-hint map-keys">Arrows pan · + and − zoom · Enter opens · / searches</p>
        )}
      </div>
      {selected && (
        <aside className="panel" aria-label={`Feature ${selected.feature}`}>
          <Suspense fallback={<div className="ghost panel-ghost" />}>
            <FeaturePanel feature={selected} onClose={() => go({ f: undefined }, false)} />
          </Suspense>
        </aside>
      )}
    </div>
  );
}

function HoverName({ hover, frame }: { hover: { feature: Feature; x: number; y: number }; frame: Frame }) {
  const right = hover.x > frame.width - 200;
  const low = hover.y > frame.height - 80;
  return (
    <div
      className="hover-name"
      style={{
        left: hover.x,
        top: hover.y,
        transform: `translate(${right ? "calc(-100% - 14px)" : "14px"}, ${low ? "calc(-100% - 10px)" : "16px"})`,
      }}
    >
      {hover.feature.feature}
      {hover.feature.answers && <b>{hover.feature.answers}</b>}
    </div>
  );
}

/** A feature's neighbours once the pointer has rested on it; undefined until they are known. */
function useNeighbours(data: EncoderData, feature: Feature | undefined): Neighbours | undefined {
  const [known, setKnown] = useState<{ feature: Feature; neighbours: Neighbours }>();
  useEffect(() => {
    if (!feature) return;
    let wanted = true;
    const timer = setTimeout(async () => {
      const neighbours = await loadNeighbours(data.encoder, feature.feature).catch(() => undefined);
      if (wanted && neighbours) setKnown({ feature, neighbours });
    }, restMilliseconds);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [data, feature]);
  return known && known.feature === feature ? known.neighbours : undefined;
}

/** The features of a photo that are on the map, strongest first, or why they are not known. */
function usePhotoFeatures(
  data: EncoderData,
  photo: Photo | undefined,
): { features?: readonly Feature[]; problem?: string } {
  const [known, setKnown] = useState<{ photo: Photo; features?: readonly Feature[]; problem?: string }>();
  useEffect(() => {
    if (!photo) return;
    let wanted = true;
    analyse(data.encoder, photo).then(
      ({ code }) =>
        wanted && setKnown({ photo, features: code.flatMap(({ feature }) => data.features[feature] ?? []) }),
      (error: unknown) =>
        wanted && setKnown({ photo, problem: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [data, photo]);
  return photo && known?.photo === photo ? known : {};
}

function applyAddress(
  viewer: MapViewer,
  data: EncoderData,
  query: Readonly<Record<string, string>>,
  immediately: boolean,
): void {
  const [x, y, z] = [query.x, query.y, query.z].map((value) => Number(value ?? Number.NaN));
  const cell = data.features[Number(query.f ?? Number.NaN)]?.cell;
  if (x! >= 0 && y! >= 0 && z! > 0) viewer.show({ x: x!, y: y!, z: z! }, immediately);
  else if (cell) viewer.flyTo(cell.column, cell.row, closePixels);
  else if (query.f === undefined) viewer.home(immediately);
}

function formatView({ x, y, z }: View): { x: string; y: string; z: string } {
  return { x: x.toFixed(4), y: y.toFixed(4), z: z.toFixed(2) };
}

function viewKey({ x, y, z }: { x?: string; y?: string; z?: string }): string {
  return x && y && z ? `${x} ${y} ${z}` : "";
}
