import type { SiteMaps, SiteMapsAbout } from "@optogram/render-atlas/site";
import { memo, Suspense, use, useCallback, useEffect, useMemo, useState } from "react";
import { useSite } from "../atlas.tsx";
import { kept, listed } from "../choices.ts";
import { count, fixed, numberWithin } from "../format.ts";
import { MapCell } from "../maps/cell.tsx";
import {
  type ChosenEncoder,
  formatPlace,
  layerLike,
  type Place,
  parsePlace,
  useChoices,
  type View,
  viewNames,
  views,
} from "../maps/choices.ts";
import { loadAbout, loadAll } from "../maps/data.ts";
import { DistributionsView } from "../maps/distributions-view.tsx";
import { EncoderRows, nameOf, type Shown } from "../maps/rows.tsx";
import { SubjectView } from "../maps/subject-view.tsx";
import { Toggles } from "../parts/toggles.tsx";
import { useRestingQuery } from "../resting-query.ts";
import "../style/encoders.css";
import "../style/maps.css";

const viewsAtFirst: readonly View[] = ["mask", "masked", "all"];
const encodersAtFirst = 4;
const none: readonly SiteMaps[] = [];
/** Standard deviations of the first component. */
const reach = 3;

export function MapsView() {
  const { site, address } = useSite();
  const all = site.maps ?? none;
  const abouts = use(loadAll("abouts", all, loadAbout));
  const [chosen, choose] = useChoices();
  const [threshold, setThreshold] = useRestingQuery("maps", "t", "");
  const names = all.map(({ name }) => name);
  const encoders = useMemo(
    () => encodersOf(all, abouts, listed(chosen.encoders), chosen.layer),
    [all, abouts, chosen.encoders, chosen.layer],
  );
  const wanted = encoders.map(({ site }) => site.name);
  const { about: first, index } = encoders[0]!;
  const own = first.layers[index]!.threshold;
  const at = threshold === "" ? undefined : numberWithin(threshold, -reach, reach, own);
  return (
    <div className="page page-wide encoders maps">
      <h1>What does an encoder see where?</h1>
      <p className="lead">
        An encoder turns each patch of an image into a token of many numbers. The few directions in which
        tokens differ most, drawn as colours, show what it tells apart. Point at a patch to see which others
        it takes for the same.
      </p>
      <Toggles
        legend="Encoders"
        toggles={names.map((name) => ({ id: name, shown: name }))}
        chosen={wanted}
        choose={(listed) => choose({ encoders: listed })}
      />
      <ViewToggles />
      <ImageToggles about={first} />
      <div className="encoders-choice maps-choice">
        <label>
          Layer
          <select
            value={first.layers[index]!.name}
            onChange={({ target }) => choose({ layer: target.value })}
          >
            {first.layers.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label className="maps-threshold">
          Threshold
          <input
            type="range"
            min={-reach}
            max={reach}
            step={0.05}
            value={at ?? own}
            aria-valuetext={`${fixed(at ?? own, 2)} standard deviations`}
            onChange={({ target }) => setThreshold(target.value)}
          />
          <output>{fixed(at ?? own, 2)} σ</output>
        </label>
        <button type="button" disabled={at === undefined} onClick={() => setThreshold("")}>
          Each encoder’s own
        </button>
      </div>
      <Maps encoders={encoders} first={first} threshold={at} />
      <Suspense fallback={<div className="ghost operators-ghost" />}>
        <SubjectView encoders={encoders} threshold={at} />
        <Distributions encoders={encoders} />
      </Suspense>
      <p className="faint">
        Over {count(first.images)} images. <a href={address(["about"])}>What was run on what</a>
      </p>
    </div>
  );
}

/** Not drawn again at each move of the slider. */
const Distributions = memo(DistributionsView);

function encodersOf(
  all: readonly SiteMaps[],
  abouts: readonly SiteMapsAbout[],
  wanted: readonly string[] | undefined,
  layer: string | undefined,
): readonly ChosenEncoder[] {
  const named = all.flatMap((site, i) => (wanted?.includes(site.name) ? [i] : []));
  const positions = named.length > 0 ? named : [...all.keys()].slice(0, encodersAtFirst);
  const first = abouts[positions[0]!]!;
  return positions.map((i) => ({
    ...{ site: all[i]!, about: abouts[i]! },
    index: layerLike(abouts[i]!, layer, first),
  }));
}

function chosenViews(text: string | undefined): readonly View[] {
  return (kept(viewNames, listed(text)) as readonly View[] | undefined) ?? viewsAtFirst;
}

function ViewToggles() {
  const [chosen, choose] = useChoices();
  const rows = chosenViews(chosen.views);
  return (
    <Toggles
      legend="Rows"
      toggles={viewNames.map((view) => ({ id: view, shown: views[view] }))}
      chosen={rows}
      choose={(listed) => choose({ views: listed })}
    />
  );
}

/** Enough to compare, and few enough for a phone. */
function imagesAtFirst(): number {
  return innerWidth < 720 ? 4 : 8;
}

function chosenImages({ shown }: SiteMapsAbout, text: string | undefined): readonly number[] {
  const all = shown.map((_, i) => String(i));
  return (kept(all, listed(text)) ?? all.slice(0, imagesAtFirst())).map(Number);
}

function ImageToggles({ about }: { about: SiteMapsAbout }) {
  const [chosen, choose] = useChoices();
  const images = chosenImages(about, chosen.images).map(String);
  return (
    <Toggles
      legend="Images"
      pictures
      toggles={about.shown.map((image, i) => ({
        id: String(i),
        label: `Image ${i + 1}: ${nameOf(image)}`,
        shown: <img src={image.picture} alt="" loading="lazy" />,
      }))}
      chosen={images}
      choose={(listed) => choose({ images: listed })}
    />
  );
}

/** Originals, and below them what each encoder makes of them. */
function Maps({
  encoders,
  first,
  threshold,
}: {
  encoders: readonly ChosenEncoder[];
  first: SiteMapsAbout;
  threshold: number | undefined;
}) {
  const [chosen, choose] = useChoices();
  const images = chosenImages(first, chosen.images);
  const held = parsePlace(chosen.at, first.shown.length);
  const [pointed, setPointed] = useState<Place | undefined>(undefined);
  const place = pointed ?? held;
  const keep = useCallback(
    (next: Place) => choose({ at: formatPlace(next) === chosen.at ? undefined : formatPlace(next) }),
    [choose, chosen.at],
  );
  useEffect(() => {
    const forget = ({ key }: KeyboardEvent) => {
      if (key !== "Escape") return;
      setPointed(undefined);
      if (chosen.at) choose({ at: undefined });
    };
    addEventListener("keydown", forget);
    return () => removeEventListener("keydown", forget);
  }, [choose, chosen.at]);
  const rows = chosenViews(chosen.views);
  const rank = Math.max(...encoders.map(({ about, index }) => about.layers[index]!.ratio.length));
  const channels = Math.max(...encoders.map(({ about, index }) => about.layers[index]!.channels.length));
  const shown: Shown = {
    ...{ images: first.shown, chosen: images, views: rows, place, onPoint: setPointed, onKeep: keep },
    component: numberWithin(chosen.component ?? "", 1, rank, 1) - 1,
    channel: numberWithin(chosen.channel ?? "", 1, channels, 1) - 1,
  };
  const single = rows.includes("component") || rows.includes("part");
  return (
    <>
      {(single || rows.includes("channel")) && (
        <div className="encoders-choice">
          {single && (
            <NumberChoice
              label="Component"
              value={shown.component}
              count={rank}
              onChoose={(component) => choose({ component })}
            />
          )}
          {rows.includes("channel") && (
            <NumberChoice
              label="Channel"
              value={shown.channel}
              count={channels}
              onChoose={(channel) => choose({ channel })}
            />
          )}
        </div>
      )}
      <div className="maps-table" style={{ "--images": images.length } as React.CSSProperties}>
        <h4>
          images
          <small>Point at a patch; a click keeps it, Esc lets it go.</small>
        </h4>
        <Originals encoder={encoders[0]!} shown={shown} />
        {encoders.map(({ site, about, index }) => (
          <Suspense key={site.name} fallback={<div className="ghost maps-ghost" />}>
            <EncoderRows
              site={site}
              index={index}
              threshold={threshold}
              shown={{ ...shown, chosen: alike(images, about, first) }}
            />
          </Suspense>
        ))}
      </div>
    </>
  );
}

/** Of the chosen images those that an encoder was shown as well. */
function alike(images: readonly number[], about: SiteMapsAbout, first: SiteMapsAbout): readonly number[] {
  return images.filter((image) => about.shown[image]?.id === first.shown[image]!.id);
}

function Originals({ encoder: { about, index }, shown }: { encoder: ChosenEncoder; shown: Shown }) {
  const { grid } = about.layers[index]!;
  const cell = useMemo(() => ({ grid }), [grid]);
  return (
    <div className="maps-row">
      {shown.chosen.map((image) => (
        <MapCell
          key={image}
          image={image}
          cell={cell}
          picture={shown.images[image]!.picture}
          name={nameOf(shown.images[image]!)}
          onPoint={shown.onPoint}
          onKeep={shown.onKeep}
        />
      ))}
    </div>
  );
}

function NumberChoice({
  label,
  value,
  count,
  onChoose,
}: {
  label: string;
  value: number;
  count: number;
  onChoose: (text: string) => void;
}) {
  return (
    <label>
      {label}
      <select value={value + 1} onChange={({ target }) => onChoose(target.value)}>
        {Array.from({ length: count }, (_, i) => i + 1).map((number) => (
          <option key={number}>{number}</option>
        ))}
      </select>
    </label>
  );
}
