import { Suspense, use, useMemo } from "react";
import { useAtlas, useEncoderData } from "../atlas.tsx";
import type { EncoderData, Feature } from "../data/encoder.ts";
import { strongestOfRegions } from "../data/strongest.ts";
import { measure } from "../format.ts";
import { directionOf } from "../live/dictionary.ts";
import { dot, orthogonal, slerp } from "../live/direction.ts";
import { loadDictionary } from "../live/networks.ts";
import { CombineEnd } from "../parts/combine-end.tsx";
import { CombinePresets } from "../parts/combine-presets.tsx";
import { Notice } from "../parts/notice.tsx";
import { Painting, usePaintings } from "../parts/painting.tsx";
import { useRestingQuery } from "../resting-query.ts";
import { navigate, useRoute } from "../router.ts";
import "../style/live.css";

/** Shares of the way at which the strip below shows a still. */
const stills = Array.from({ length: 7 }, (_, i) => i / 6);

export function CombineView() {
  const data = useEncoderData();
  const { address } = useAtlas();
  const { query } = useRoute();
  const [a, b] = useMemo(() => choosePair(data, query.a, query.b), [data, query.a, query.b]);
  if (!a || !b) {
    return (
      <Notice title="There are no two features to combine">
        <a href={address(["features"])}>All features</a>
      </Notice>
    );
  }
  return (
    <div className="page page-wide combine">
      <h1>What lies between two features?</h1>
      <p className="lead">
        Every feature is a direction. The slider walks from one to the other along the shortest arc, and a
        decoder that learned to turn directions into pictures paints where you are: half way is the direction
        of their sum.
      </p>
      <Suspense fallback={<div className="ghost combine-ghost" />}>
        <Between key={`${a.feature} ${b.feature}`} a={a} b={b} />
      </Suspense>
      <Suspense fallback={null}>
        <CombinePresets data={data} />
      </Suspense>
    </div>
  );
}

function Between({ a, b }: { a: Feature; b: Feature }) {
  const { encoder, address } = useAtlas();
  const { query } = useRoute();
  const dictionary = use(loadDictionary(encoder));
  const [asked, setT] = useRestingQuery("combine", "t", 0.5);
  const t = Math.min(1, Math.max(0, asked));
  const apart = query.apart === "1";
  const ends = useMemo(() => {
    const [u, v] = [directionOf(dictionary, a.feature), directionOf(dictionary, b.feature)];
    if (!u || !v) return undefined;
    const [from, to] = apart ? [orthogonal(u, v), orthogonal(v, u)] : [u, v];
    return from && to && { from, to, cosine: dot(u, v) };
  }, [dictionary, a, b, apart]);
  const live = useMemo(() => (ends ? [slerp(ends.from, ends.to, t)] : []), [ends, t]);
  const along = useMemo(() => (ends ? stills.map((share) => slerp(ends.from, ends.to, share)) : []), [ends]);
  const [now] = usePaintings(live) ?? [];
  const strip = usePaintings(along);
  const change = (more: Record<string, string | undefined>) => {
    const { e: _, ...kept } = query;
    navigate(address(["combine"], { ...kept, a: String(a.feature), b: String(b.feature), ...more }), {
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
        <CombineEnd feature={a} share={share(1 - t)} name={nameA} onPick={(a) => change({ a })} />
        <div className="between-live">
          {ends ? (
            <Painting picture={now} label={`Painted: ${said}`} />
          ) : (
            <p className="problem" role="alert">
              {a.feature} and {b.feature} point the same way: neither has a part that the other lacks. Choose
              another, or switch ⊥ off.
            </p>
          )}
        </div>
        <CombineEnd feature={b} share={share(t)} name={nameB} onPick={(b) => change({ b })} />
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
          onChange={(event) => setT(Number(event.target.value))}
        />
      </label>
      <div className="strip">
        {stills.map((still, i) => (
          <button key={still} type="button" onClick={() => setT(Number(still.toFixed(2)))}>
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
        <button type="button" onClick={() => change({ a: String(b.feature), b: String(a.feature) })}>
          Swap
        </button>
        {ends && (
          <p className="faint">Cosine of the two directions: {measure(ends.cosine)}; 0 is at right angles.</p>
        )}
      </div>
    </>
  );
}

/** The two features that the address names; for one that it does not, a strong one of another region. */
function choosePair(
  data: EncoderData,
  a: string | undefined,
  b: string | undefined,
): [Feature | undefined, Feature | undefined] {
  const named = (text: string | undefined) => (text === undefined ? undefined : data.features[Number(text)]);
  const strong = strongestOfRegions(data);
  const first = named(a) ?? strong.find((feature) => feature !== named(b));
  const second =
    named(b) ??
    strong.find((feature) => feature !== first && feature.region !== first?.region) ??
    strong.find((feature) => feature !== first);
  return [first, second];
}

function nameOf({ feature, answers }: Feature): string {
  return answers ?? String(feature);
}

function share(value: number): string {
  return `${Math.round(value * 100)} %`;
}
