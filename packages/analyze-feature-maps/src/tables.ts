/** The tables that the stage writes; their columns are described in the package's README. */

import { binaries, lists, table, texts, vectors } from "@optogram/artifacts";
import type { Bars, Distribution } from "./activations.ts";
import { byteOf, column, type Scale, scaleOf } from "./bytes.ts";
import type { ImageMaps } from "./draw-maps.ts";
import type { LayerFindings } from "./findings.ts";
import { maskMethods } from "./sum-masked.ts";

/** Scales of a layer's projections, one a component, over all shown images. */
export function scalesOf({ drawn: { maps }, summary }: LayerFindings): Scale[] {
  const k = summary.principal.variance.length;
  return Array.from({ length: k }, (_, c) => scaleOf(along(maps, (map) => column(map.projections, k, c))));
}

/** Of a layer's single channels. */
function channelScales({ drawn: { maps }, layer: { channels } }: LayerFindings): Scale[] {
  return channels.map((_, c) => scaleOf(along(maps, (map) => column(map.channels, channels.length, c))));
}

function* along(maps: readonly ImageMaps[], values: (map: ImageMaps) => Iterable<number>): Generator<number> {
  for (const map of maps) yield* values(map);
}

/** A row a layer and shown image. `shown`: positions in the order that rows name them. */
export function mapsTable(findings: readonly LayerFindings[], shown: readonly number[]) {
  const rows = findings.flatMap((found, layer) => {
    const scales = { projections: scalesOf(found), channels: channelScales(found) };
    return found.drawn.maps.map((map) => ({
      ...{ layer, map },
      projections: packed(map.projections, scales.projections),
      channels: packed(map.channels, scales.channels),
    }));
  });
  const coverage = rows.map(({ map }) =>
    Uint8Array.from(map.coverage ?? [], (share) => Math.round(255 * share)),
  );
  const ratios = Float32Array.from(rows.flatMap(({ map }) => Array.from(map.ownRatio)));
  return table({
    layer: Uint16Array.from(rows, ({ layer }) => layer),
    image: Uint16Array.from(rows, ({ map }) => shown.indexOf(map.position)),
    projections: binaries(rows.map(({ projections }) => projections)),
    channels: binaries(rows.map(({ channels }) => channels)),
    own: binaries(rows.map(({ map }) => map.own)),
    own_ratio: vectors(ratios, 3),
    coverage: binaries(coverage),
  });
}

/** Rows [n, k] as bytes [k, n]. */
function packed(rows: Float32Array, scales: readonly Scale[]): Uint8Array {
  const k = scales.length;
  const n = rows.length / k;
  return Uint8Array.from({ length: rows.length }, (_, at) =>
    byteOf(rows[(at % n) * k + Math.floor(at / n)], scales[Math.floor(at / n)]),
  );
}

interface Described {
  readonly layer: number;
  /** −1 for all of them. */
  readonly channel: number;
  readonly distribution: Distribution;
}

function distributions(findings: readonly LayerFindings[]): Described[] {
  return findings.flatMap(({ layer: { channels }, summary }, layer) => [
    { layer, channel: -1, distribution: summary.whole },
    ...summary.channels.map((distribution, i) => ({ layer, channel: channels[i], distribution })),
  ]);
}

const floats = <T>(rows: readonly T[], value: (row: T) => number) => Float32Array.from(rows, value);

export function statisticsTable(findings: readonly LayerFindings[]) {
  const rows = distributions(findings);
  const of = (value: (distribution: Distribution) => number) =>
    floats(rows, ({ distribution }) => value(distribution));
  const moments = (["mean", "deviation", "skewness", "kurtosis"] as const).flatMap((name) => [
    [name, of(({ moments }) => moments[name].mean)] as const,
    [`${name}_low`, of(({ moments }) => moments[name].low)] as const,
    [`${name}_high`, of(({ moments }) => moments[name].high)] as const,
  ]);
  const percentiles = ["p1", "p25", "p50", "p75", "p99"].map(
    (name, i) => [name, of((one) => one.percentiles[i])] as const,
  );
  return table({
    layer: Uint16Array.from(rows, ({ layer }) => layer),
    channel: Int32Array.from(rows, ({ channel }) => channel),
    count: Float64Array.from(rows, ({ distribution }) => distribution.count),
    ...Object.fromEntries(moments),
    least: of((one) => one.least),
    most: of((one) => one.most),
    ...Object.fromEntries(percentiles),
    outliers: of((one) => one.outliers),
    normal_distance: of((one) => one.normal.distance),
    normal_error: of((one) => one.normal.error),
    laplace_distance: of((one) => one.laplace.distance),
    laplace_error: of((one) => one.laplace.error),
    laplace_location: of((one) => one.laplace.location),
    laplace_scale: of((one) => one.laplace.scale),
  });
}

/** Two rows a layer and channel: all values, and the middle 98 %. */
export function histogramsTable(findings: readonly LayerFindings[]) {
  const rows = distributions(findings).flatMap(({ layer, channel, distribution }) =>
    (["all", "middle"] as const).map((range) => ({
      layer,
      channel,
      range,
      bars: distribution[range] as Bars,
    })),
  );
  const offsets = new Int32Array(rows.length + 1);
  for (const [i, { bars }] of rows.entries()) offsets[i + 1] = offsets[i] + bars.counts.length;
  return table({
    layer: Uint16Array.from(rows, ({ layer }) => layer),
    channel: Int32Array.from(rows, ({ channel }) => channel),
    range: texts(rows.map(({ range }) => range)),
    low: floats(rows, ({ bars }) => bars.low),
    high: floats(rows, ({ bars }) => bars.high),
    counts: lists(offsets, Float32Array.from(rows.flatMap(({ bars }) => Array.from(bars.counts)))),
  });
}

/** A row a layer, method and threshold; none where no truth is known. */
export function curvesTable(findings: readonly LayerFindings[]) {
  const rows = findings.flatMap(({ subject }, layer) =>
    (["component", "colour"] as const).flatMap((method) =>
      subject[method].curve.map((point) => ({ layer, method, ...point })),
    ),
  );
  return table({
    layer: Uint16Array.from(rows, ({ layer }) => layer),
    method: texts(rows.map(({ method }) => method)),
    threshold: floats(rows, ({ threshold }) => threshold),
    iou: floats(rows, ({ mean }) => mean),
    low: floats(rows, ({ low }) => low),
    high: floats(rows, ({ high }) => high),
  });
}

/** A row a layer and image whose truth is known. */
export function overlapsTable(findings: readonly LayerFindings[]) {
  const rows = findings.flatMap(({ masked }, layer) => masked.overlaps.map((one) => ({ layer, ...one })));
  return table({
    layer: Uint16Array.from(rows, ({ layer }) => layer),
    image: Uint32Array.from(rows, ({ position }) => position),
    ...Object.fromEntries(maskMethods.map((method) => [method, floats(rows, ({ iou }) => iou[method])])),
  });
}

/** A row a layer and component of masked tokens. */
export function answersTable(findings: readonly LayerFindings[]) {
  const rows = findings.flatMap(({ drawn }, layer) => drawn.answers.map((answer) => ({ layer, ...answer })));
  return table({
    layer: Uint16Array.from(rows, ({ layer }) => layer),
    component: Uint16Array.from(rows, ({ component }) => component),
    eta_squared: floats(rows, ({ etaSquared }) => etaSquared),
    kind: texts(rows.map(({ kind }) => kind)),
    correlation: floats(rows, ({ correlation }) => correlation),
    patches: Uint32Array.from(rows, ({ n }) => n),
  });
}
