import type { SiteProbes } from "@optogram/render-atlas/site";
import { Suspense, use } from "react";
import { useAtlas, useEncoderData } from "../atlas.tsx";
import { loadNeighbours } from "../data/details.ts";
import type { EncoderData, Feature } from "../data/encoder.ts";
import { loadSplits, probeNames, type Split, splitInWords } from "../data/probes.ts";
import { strongestOfRegions } from "../data/strongest.ts";
import { CompareApart } from "../parts/compare-apart.tsx";
import { CompareEnd } from "../parts/compare-end.tsx";
import { CompareTops } from "../parts/compare-tops.tsx";
import { Notice } from "../parts/notice.tsx";
import { type Chosen, ProbeView } from "../parts/probe-view.tsx";
import { Splits } from "../parts/splits.tsx";
import { navigate, useRoute } from "../router.ts";
import "../style/live.css";
import "../style/compare.css";

export function CompareView() {
  const data = useEncoderData();
  const { encoder, address } = useAtlas();
  const { query } = useRoute();
  const splits = use(loadSplits(encoder));
  const pair = usePair(data, splits, query.a, query.b);
  if (!encoder.probes || !pair) {
    return (
      <Notice title={`No features of ${encoder.name} were probed`}>
        <a href={address(["features"])}>All features</a>
      </Notice>
    );
  }
  return <Compared data={data} probes={encoder.probes} splits={splits} a={pair[0]} b={pair[1]} />;
}

function Compared({
  data,
  probes,
  splits,
  a,
  b,
}: {
  data: EncoderData;
  probes: SiteProbes;
  splits: readonly Split[];
  a: Feature;
  b: Feature;
}) {
  const { encoder, address } = useAtlas();
  const { query } = useRoute();
  const { chosen, split } = choose(probes, splits, a, b, query);
  const change = (more: Record<string, string | undefined>) => {
    const { e: _, at: __, ...kept } = query;
    const pair = { a: String(a.feature), b: String(b.feature) };
    navigate(address(["compare"], { ...kept, ...pair, ...more }), { replace: true });
  };
  // Another pair has another thing that tells it apart.
  const another = { thing: undefined, probe: undefined };
  return (
    <div className="page page-wide compare">
      <h1>How do two features differ?</h1>
      <p className="lead">
        {split
          ? splitInWords(split, probes.things[split.thing] ?? "thing")
          : "Features that look alike may answer to the same thing at another size, in another number, or cut open. Each curve is how strongly a feature answers as one of these varies and all else stays."}
      </p>
      <div className="compare-main">
        <CompareEnd feature={a} dashed={false} onPick={(a) => change({ ...another, a: String(a) })} />
        <Suspense fallback={<div className="ghost probe-ghost" />}>
          <ProbeView
            key={`${a.feature} ${b.feature} ${chosen.thing} ${chosen.probe}`}
            probes={probes}
            a={a}
            b={b}
            chosen={chosen}
            onChoose={change}
          />
        </Suspense>
        <CompareEnd feature={b} dashed={true} onPick={(b) => change({ ...another, b: String(b) })} />
      </div>
      <Suspense fallback={null}>
        <CompareTops a={a} b={b} />
      </Suspense>
      {encoder.live && (
        <Suspense fallback={null}>
          <CompareApart key={`${a.feature} ${b.feature}`} a={a} b={b} />
        </Suspense>
      )}
      <Splits data={data} things={probes.things} />
    </div>
  );
}

/** What the address names; else what tells this pair apart, else what one of them answers to. */
function choose(
  { things }: SiteProbes,
  splits: readonly Split[],
  a: Feature,
  b: Feature,
  query: Readonly<Record<string, string>>,
): { chosen: Chosen; split: Split | undefined } {
  const asked = things.indexOf(query.thing ?? "");
  const probe = probeNames.find((name) => name === query.probe);
  const split = splits.find(
    (one) =>
      joins(one, a, b) && (asked < 0 || one.thing === asked) && (probe === undefined || one.probe === probe),
  );
  const named = [query.thing, a.answers, b.answers].map((name) => things.indexOf(name ?? ""));
  const thing = split?.thing ?? named.find((index) => index >= 0) ?? 0;
  const value = split && (split.a.feature === a.feature ? split.a : split.b).value;
  return {
    chosen: { thing, probe: split?.probe ?? probe ?? "size", value: value && Number(value.toFixed(3)) },
    split,
  };
}

function joins({ a, b }: Split, one: Feature, other: Feature): boolean {
  const pair = [one.feature, other.feature];
  return pair.includes(a.feature) && pair.includes(b.feature);
}

/** The two that the address names; for one that it does not, its partner in a split, else what points nearly its way. */
function usePair(
  data: EncoderData,
  splits: readonly Split[],
  a: string | undefined,
  b: string | undefined,
): readonly [Feature, Feature] | undefined {
  const named = (text: string | undefined) => (text === undefined ? undefined : data.features[Number(text)]);
  const [first, second] = [named(a), named(b)];
  const known = first ?? second;
  const near = known ? use(loadNeighbours(data.encoder, known.feature)).cosine : [];
  const best = splits[0];
  if (!known) {
    const [one, other] = best
      ? [data.features[best.a.feature], data.features[best.b.feature]]
      : strongestOfRegions(data);
    return one && other && [one, other];
  }
  if (first && second && first !== second) return [first, second];
  const shared = splits.find(({ a, b }) => a.feature === known.feature || b.feature === known.feature);
  const partner = shared && (shared.a.feature === known.feature ? shared.b : shared.a).feature;
  const other =
    data.features[partner ?? near[0]?.feature ?? -1] ?? strongestOfRegions(data).find((one) => one !== known);
  if (!other) return undefined;
  return first ? [known, other] : [other, known];
}
