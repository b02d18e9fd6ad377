/** Convolutions and pooling over x [n, c, ...spatial]. */

import { attributesOf, type Value } from "../builder.ts";

export interface ConvolutionOptions {
  /** One number for all spatial axes, or one an axis. */
  readonly stride?: number | readonly number[];
  /** Zeros before and after each spatial axis: one number, or all befores followed by all afters. */
  readonly padding?: number | readonly number[];
  readonly dilation?: number | readonly number[];
  readonly groups?: number;
}

interface Window {
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
}

function windowOf(options: ConvolutionOptions, axes: number): Window {
  const spread = (value: number | readonly number[] | undefined, length: number, fallback: number) =>
    typeof value === "object" ? value : Array<number>(length).fill(value ?? fallback);
  return {
    strides: spread(options.stride, axes, 1),
    pads: spread(options.padding, 2 * axes, 0),
    dilations: spread(options.dilation, axes, 1),
  };
}

function slidingSize(size: number, kernel: number, i: number, axes: number, w: Window): number {
  const extent = w.dilations[i] * (kernel - 1) + 1;
  return Math.floor((size + w.pads[i] + w.pads[i + axes] - extent) / w.strides[i]) + 1;
}

/** weight [m, c / groups, ...kernel], bias [m]. */
export function conv(x: Value, weight: Value, bias?: Value, options: ConvolutionOptions = {}): Value {
  const axes = x.shape.length - 2;
  const group = options.groups ?? 1;
  if (weight.shape[1] * group !== x.shape[1])
    throw new Error(`conv: weight [${weight.shape}] in ${group} groups does not fit [${x.shape}]`);
  const w = windowOf(options, axes);
  const kernel = weight.shape.slice(2);
  const spatial = kernel.map((k, i) => slidingSize(x.shape[i + 2], k, i, axes, w));
  const type = { dtype: x.dtype, shape: [x.shape[0], weight.shape[0], ...spatial] };
  const attributes = attributesOf({ ...w, group, kernel_shape: kernel });
  return x.graph.node("Conv", bias ? [x, weight, bias] : [x, weight], [type], attributes)[0];
}

export interface TransposedConvolutionOptions extends ConvolutionOptions {
  /** Rows added at the end of each spatial axis. */
  readonly outputPadding?: number | readonly number[];
}

/** weight [c, m / groups, ...kernel], bias [m]. */
export function convTranspose(
  x: Value,
  weight: Value,
  bias?: Value,
  options: TransposedConvolutionOptions = {},
): Value {
  const axes = x.shape.length - 2;
  const group = options.groups ?? 1;
  if (weight.shape[0] !== x.shape[1])
    throw new Error(`convTranspose: weight [${weight.shape}] does not fit [${x.shape}]`);
  const w = windowOf(options, axes);
  const extra = options.outputPadding ?? 0;
  const output_padding = typeof extra === "number" ? Array<number>(axes).fill(extra) : extra;
  const kernel = weight.shape.slice(2);
  const spatial = kernel.map(
    (k, i) =>
      w.strides[i] * (x.shape[i + 2] - 1) +
      output_padding[i] +
      (k - 1) * w.dilations[i] +
      1 -
      w.pads[i] -
      w.pads[i + axes],
  );
  const type = { dtype: x.dtype, shape: [x.shape[0], weight.shape[1] * group, ...spatial] };
  const attributes = attributesOf({ ...w, group, kernel_shape: kernel, output_padding });
  return x.graph.node("ConvTranspose", bias ? [x, weight, bias] : [x, weight], [type], attributes)[0];
}

export interface PoolingOptions {
  readonly kernel: readonly number[];
  readonly stride?: number | readonly number[];
  readonly padding?: number | readonly number[];
  readonly countPadding?: boolean;
}

function pool(op: string, x: Value, options: PoolingOptions, extra = {}): Value {
  const axes = x.shape.length - 2;
  const w = windowOf(options, axes);
  const spatial = options.kernel.map((k, i) => slidingSize(x.shape[i + 2], k, i, axes, w));
  const type = { dtype: x.dtype, shape: [...x.shape.slice(0, 2), ...spatial] };
  const attributes = attributesOf({
    kernel_shape: options.kernel,
    strides: w.strides,
    pads: w.pads,
    ...extra,
  });
  return x.graph.node(op, [x], [type], attributes)[0];
}

export const maxPool = (x: Value, options: PoolingOptions): Value => pool("MaxPool", x, options);
export const averagePool = (x: Value, options: PoolingOptions): Value =>
  pool("AveragePool", x, options, { count_include_pad: options.countPadding ? 1 : 0 });

/** The mean over all spatial axes, which stay with size 1. */
export function globalAveragePool(x: Value): Value {
  const shape = x.shape.map((size, i) => (i < 2 ? size : 1));
  return x.graph.node("GlobalAveragePool", [x], [{ dtype: x.dtype, shape }])[0];
}
