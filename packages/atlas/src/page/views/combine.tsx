import { type Dictionary, directionOf, dot, orthogonal, slerp } from "@optogram/dictionary";
import { Suspense, use, useMemo } from "react";
import { useAtlas, useEncoderData } from "../atlas.tsx";
import type { EncoderData } from "../data/encoder.ts";
import { strongestOfRegions } from "../data/strongest.ts";
import { measure, numberWithin } from "../format.ts";
import { loadDictionary } from "../live/networks.ts";
import { analyse, type Photo, usePhoto } from "../live/photo.ts";
import { Combinations } from "../parts/combinations.tsx";
import { addressOf, CombineEnd, type End, nameOf } from "../parts/combine-end.tsx";
import { CombinePresets } from "../parts/combine-presets.tsx";
import { Mixture } from "../parts/mixture.tsx";
import { Notice } from "../parts/notice.tsx";
import { LivePainting, Painting, usePaintings } from "../parts/painting.tsx";
import { dropTarget } from "../parts/photo-drop.tsx";
import { RefinedHere } from "../parts/refined-here.tsx";
import { useRestingQuery } from "../resting-query.ts";
import { navigate, useRoute } from "../router.ts";
import "../style/combinations.css";
import "../style/live.css";

/** Shares of the way at which the strip below shows a still. */
const stills = Array.from({ length: 7 }, (_, i) => i / 6);

export function CombineView() {
  const data = useEncoderData();
  const { address } = useAtlas();
  const { query } = useRoute();
  const { photo, problem } = usePhoto();
  const [a, b] = useMemo(() => choosePair(data, photo, query.a, query.b), [data, photo, query.a, query.b]);
  if (query.mix !== undefined) return <MixtureView data={data} start={query.mix} />;
  if (!a || !b) {
    return (
      <Notice title="There are no two features to combine">
        <a href={address(["features"])}>All features</a>
      </Notice>
    );
  }
  const takePhoto = () => navigate(address(["combine"], { a: "photo", b: addressOf(b) }));
  return (
    <div className="page page-wide combine" {...dropTarget(takePhoto)}>
      <h1>What lies between two features?</h1>
      <p className="lead">
        Every feature is a direction. The slider walks from one to the other along the shortest arc, and a
        decoder that learned to turn directions into pictures paints where you are: half way is the direction
        of their sum. A photo has a direction too.
      </p>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <Suspense fallback={<div className="ghost combine-ghost" />}>
        <Between key={`${keyOf(a)} ${keyOf(b)}`} a={a} b={b} />
      </Suspense>
      <Suspense fallback={null}>
        <Combinations data={data} />
        <CombinePresets data={data} />
      </Suspense>
    </div>
  );
}

function MixtureView({ data, start }: { data: EncoderData; start: string }) {
  return (
    <div className="page page-wide combine">
      <h1>What do several features look like at once?</h1>
      <p className="lead">
        Directions add up. Weigh features, and the decoder paints the direction of their sum.
      </p>
      <Suspense fallback={<div className="ghost combine-ghost" />}>
        <Mixture data={data} start={start} />
      </Suspense>
    </div>
  );
}

function Between({ a, b }: { a: End; b: End }) {
  const { site, encoder, address } = useAtlas();
  const { query } = useRoute();
  const dictionary = use(loadDictionary(encoder));
  const [asked, setT] = useRestingQuery("combine", "t", "0.5");
  const t = numberWithin(asked, 0, 1, 0.5);
  const apart = query.apart === "1";
  const [u, v] = [useDirection(dictionary, a), useDirection(dictionary, b)];
  const ends = useMemo(() => {
    if (!u || !v) return undefined;
    const [from, to] = apart ? [orthogonal(u, v), orthogonal(v, u)] : [u, v];
    return from && to && { from, to, cosine: dot(u, v) };
  }, [u, v, apart]);
  const live = useMemo(() => ends && slerp(ends.from, ends.to, t), [ends, t]);
  const along = useMemo(() => (ends ? stills.map((share) => slerp(ends.from, ends.to, share)) : []), [ends]);
  const strip = usePaintings(along);
  const change = (more: Record<string, string | undefined>) => {
    const { e: _, ...kept } = query;
    navigate(address(["combine"], { ...kept, a: addressOf(a), b: addressOf(b), ...more }), {
      replace: true,
    });
  };
  const [nameA, nameB] = apart
    ? [`${nameOf(a)} ⊥ ${nameOf(b)}`, `${nameOf(b)} ⊥ ${nameOf(a)}`]
    : [nameOf(a), nameOf(b)];
  const said = `${share(1 - t)} ${nameA}, ${share(t)} ${nameB}`;
  return (
    <>
      <div className="between">
        <CombineEnd end={a} share={share(1 - t)} name={nameA} onPick={(a) => change({ a })} />
        <div className="between-live">
          <LivePainting direction={live} said={said}>
            {!u || !v
              ? `${nameOf(u ? b : a)} points nowhere: it is a dead feature. Choose another.`
              : `${nameOf(a)} and ${nameOf(b)} point the same way: neither has a part that the other lacks. Choose another, or switch ⊥ off.`}
          </LivePainting>
          <Suspense fallback={null}>
            <RefinedHere {...{ a, b, t, apart, said }} />
          </Suspense>
        </div>
        <CombineEnd end={b} share={share(t)} name={nameB} onPick={(b) => change({ b })} />
      </div>
      <label className="slider">
        <output>{said}</output>
        <input
          type="range"
          min={0}
          max={1}
          step={0.01}
          value={t}
          aria-valuetext={said}
          onChange={(event) => setT(event.target.value)}
        />
      </label>
      <div className="strip">
        {stills.map((still, i) => (
          <button key={still} type="button" onClick={() => setT(String(Number(still.toFixed(2))))}>
            <Painting picture={strip?.[i]} label={`${share(1 - still)} ${nameA}, ${share(still)} ${nameB}`} />
            <small>{share(still)}</small>
          </button>
        ))}
      </div>
      <div className="combine-ways">
        <label className="switch">
          <input
            type="checkbox"
            checked={apart}
            onChange={(event) => change({ apart: event.target.checked ? "1" : undefined })}
          />
          <span>
            ⊥ Only what the other has not <small>the part of each that is orthogonal to the other</small>
          </span>
        </label>
        <button type="button" onClick={() => change({ a: addressOf(b), b: addressOf(a) })}>
          Swap
        </button>
        {"feature" in a && "feature" in b && (
          <a
            className="button"
            href={address(["combine"], { mix: `${a.feature.feature},${b.feature.feature}` })}
          >
            Mix more than two
          </a>
        )}
        {"feature" in a && "feature" in b && encoder.probes && site.pages.includes("compare") && (
          <a className="button" href={address(["compare"], { a: addressOf(a), b: addressOf(b) })}>
            Compare them
          </a>
        )}
        {ends && (
          <p className="faint">Cosine of the two directions: {measure(ends.cosine)}; 0 is at right angles.</p>
        )}
      </div>
    </>
  );
}

/** A unit vector; undefined for a dead feature. */
function useDirection(dictionary: Dictionary, end: End): Float32Array | undefined {
  const { encoder } = useAtlas();
  const embedding = "photo" in end ? use(analyse(encoder, end.photo)).embedding : undefined;
  return useMemo(
    () => embedding ?? ("feature" in end ? directionOf(dictionary, end.feature.feature) : undefined),
    [dictionary, end, embedding],
  );
}

/** The two that the address names; for one that it does not, a strong feature of another region. */
function choosePair(
  data: EncoderData,
  photo: Photo | undefined,
  a: string | undefined,
  b: string | undefined,
): [End | undefined, End | undefined] {
  const named = (text: string | undefined): End | undefined => {
    if (text === "photo") return photo && { photo };
    const feature = text === undefined ? undefined : data.features[Number(text)];
    return feature && { feature };
  };
  const strong = strongestOfRegions(data);
  const other = (end: End | undefined): End | undefined => {
    const known = end && "feature" in end ? end.feature : undefined;
    const feature =
      strong.find((one) => one !== known && one.region !== known?.region) ??
      strong.find((one) => one !== known);
    return feature && { feature };
  };
  const first = named(a) ?? other(named(b));
  return [first, named(b) ?? other(first)];
}

/** A photo that follows another is another end. */
function keyOf(end: End): string {
  return "photo" in end ? `photo ${end.photo.id}` : addressOf(end);
}

function share(value: number): string {
  return `${Math.round(value * 100)} %`;
}
