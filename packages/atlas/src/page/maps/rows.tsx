import type { SiteMaps, SiteMapsImage } from "@optogram/render-atlas/site";
import { use, useMemo } from "react";
import { fixed, percent } from "../format.ts";
import { type Cell, MapCell } from "./cell.tsx";
import { type Place, tokenAt, type View, views } from "./choices.ts";
import { type LayerMaps, loadLayer } from "./data.ts";
import {
  type Colours,
  coloursOfAll,
  coloursOfMasked,
  coloursOfOwn,
  greysOf,
  greysOfChannel,
  greysOfMasked,
  maskedRank,
  masksOf,
  nearestIn,
  overlapOf,
  type Patch,
  similarities,
} from "./tokens.ts";

/** What rows have in common, whatever the encoder. */
export interface Shown {
  readonly images: readonly SiteMapsImage[];
  /** Positions of the images in use. */
  readonly chosen: readonly number[];
  readonly views: readonly View[];
  readonly component: number;
  readonly channel: number;
  readonly place: Place | undefined;
  readonly onPoint: (place: Place | undefined) => void;
  readonly onKeep: (place: Place) => void;
}

export function nameOf({ caption, id }: SiteMapsImage): string {
  return caption ?? id;
}

/** One encoder at one layer: a row a view. */
export function EncoderRows({
  site,
  index,
  threshold,
  shown,
}: {
  site: SiteMaps;
  index: number;
  /** In standard deviations; the layer's own where undefined. */
  threshold: number | undefined;
  shown: Shown;
}) {
  const maps = use(loadLayer(site, index));
  const { layer } = maps;
  const { chosen, place } = shown;
  const at = threshold ?? layer.threshold;
  const masks = useMemo(() => masksOf(maps, at), [maps, at]);
  const iou = overlapOf(maps, masks, chosen);
  const image = place?.image;
  const token = place && tokenAt(layer.grid, place);
  const near = useMemo(
    () => (image === undefined || token === undefined ? undefined : nearnessOf(maps, { image, token })),
    [maps, image, token],
  );
  return (
    <>
      <header className="maps-encoder">
        <h3>{site.name}</h3>
        <p className="faint">
          layer {layer.name}: {layer.grid.join(" × ")} tokens of {layer.width} channels.{" "}
          {percent(shareIn(masks, chosen))} masked
          {iou !== undefined && (
            <>
              , overlap with the true things <b className="maps-iou">{fixed(iou, 2)}</b>
            </>
          )}
          .
        </p>
      </header>
      {shown.views.map((view) => (
        <ViewRow key={view} maps={maps} view={view} masks={masks} near={near} shown={shown} />
      ))}
      {near && <Nearest maps={maps} near={near} shown={shown} />}
    </>
  );
}

/** A patch and how near to it all others are: cosines by image, [tokens]. */
interface Nearness {
  readonly patch: Patch;
  readonly cosines: readonly Float32Array[];
}

function nearnessOf(maps: LayerMaps, patch: Patch): Nearness {
  return { patch, cosines: similarities(maps, patch) };
}

function shareIn(masks: readonly Uint8Array[], chosen: readonly number[]): number {
  const tokens = chosen.flatMap((image) => Array.from(masks[image]!));
  return tokens.reduce((sum, inside) => sum + inside, 0) / tokens.length;
}

function ViewRow({
  maps,
  view,
  masks,
  near,
  shown,
}: {
  maps: LayerMaps;
  view: View;
  masks: readonly Uint8Array[];
  near: Nearness | undefined;
  shown: Shown;
}) {
  const { component, channel } = shown;
  const colours = useMemo(
    () => coloursOf(maps, view, { masks, component, channel }),
    [maps, view, masks, component, channel],
  );
  return (
    <>
      <h4>
        {views[view]}
        <small>{aboutView(maps, view, shown)}</small>
      </h4>
      <div className="maps-row">
        {shown.chosen.map((image) => (
          <MapCell
            key={image}
            image={image}
            cell={{
              grid: maps.layer.grid,
              colours: colours?.[image],
              mask: view === "mask" ? masks[image] : undefined,
              ...(near && marksOf(near, image)),
            }}
            picture={shown.images[image]!.picture}
            name={`${nameOf(shown.images[image]!)}: ${views[view]}`}
            onPoint={shown.onPoint}
            onKeep={shown.onKeep}
          />
        ))}
      </div>
    </>
  );
}

function marksOf({ patch, cosines }: Nearness, image: number): Pick<Cell, "cosines" | "patch" | "nearest"> {
  const here = cosines[image]!;
  return {
    ...{ cosines: here, nearest: nearestIn(here, image, patch) },
    ...(patch.image === image && { patch: patch.token }),
  };
}

function coloursOf(
  maps: LayerMaps,
  view: View,
  { masks, component, channel }: { masks: readonly Uint8Array[]; component: number; channel: number },
): Colours | undefined {
  switch (view) {
    case "mask":
      return undefined;
    case "masked":
      return coloursOfMasked(maps, masks) ?? black(maps);
    case "part":
      return greysOfMasked(maps, masks, component) ?? black(maps);
    case "all":
      return coloursOfAll(maps);
    case "own":
      return coloursOfOwn(maps);
    case "component":
      return greysOf(maps, component);
    case "channel":
      return greysOfChannel(maps, Math.min(channel, maps.layer.channels.length - 1));
  }
}

/** Where nothing is masked. */
function black({ images }: LayerMaps): Colours {
  return images.map(({ own }) => new Uint8Array(own.length));
}

function aboutView({ layer, images, rank }: LayerMaps, view: View, shown: Shown): string {
  const share = (ratios: readonly number[]) => percent(ratios.reduce((sum, ratio) => sum + ratio, 0));
  switch (view) {
    case "mask":
      return "where the first component lies above the threshold";
    case "masked":
      return "the first three of what is masked, as red, green, blue";
    case "all":
      return `the first three of all images: ${share(layer.ratio.slice(0, 3))} of the variance`;
    case "own": {
      const shares = shown.chosen.map((image) =>
        images[image]!.ownRatio.reduce((sum, ratio) => sum + ratio, 0),
      );
      return `of each image by itself: ${percent(Math.min(...shares))} to ${percent(Math.max(...shares))} of its variance`;
    }
    case "component": {
      const c = Math.min(shown.component, rank - 1);
      return `number ${c + 1} of all images: ${percent(layer.ratio[c]!)} of the variance`;
    }
    case "part":
      return `number ${Math.min(shown.component, maskedRank - 1, rank - 1) + 1} of what is masked`;
    case "channel":
      return `channel ${layer.channels[Math.min(shown.channel, layer.channels.length - 1)]}, drawn at random`;
  }
}

/** In words, what is framed. */
function Nearest({ maps, near, shown }: { maps: LayerMaps; near: Nearness; shown: Shown }) {
  const { patch, cosines } = near;
  const best = shown.chosen
    .filter((image) => image !== patch.image)
    .map((image) => {
      const token = nearestIn(cosines[image]!, image, patch);
      return { image, cosine: cosines[image]![token]! };
    })
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, 3);
  const kept = maps.layer.ratio.reduce((sum, ratio) => sum + ratio, 0);
  return (
    <p className="faint maps-nearest" aria-live="polite">
      {best.length === 0
        ? "Choose more images to see what is near in them."
        : `Nearest elsewhere: ${best.map(({ image, cosine }) => `${nameOf(shown.images[image]!)} (${fixed(cosine, 2)})`).join("; ")}.`}{" "}
      Cosines along {maps.rank} components, which hold {percent(kept)} of the variance.
    </p>
  );
}
