/**
 * Segment Anything's image encoder (Kirillov et al. 2023, after Li et al. 2022): attention within windows, in a few
 * blocks over the whole map, with relative positions; then a neck of convolutions. Every output is a map.
 */

import {
  add,
  concat,
  conv,
  expand,
  float32,
  gather,
  int64,
  matmul,
  mul,
  pad,
  reduceMean,
  reshape,
  slice,
  transpose,
  transposeLast,
  type Value,
} from "@optogram/onnx";
import { attend, type Heads, jointHeads } from "./attention.ts";
import { channelNorm, channelsFirst, linear, mlp, norm, patchMap } from "./layers.ts";
import type { Parameters } from "./parameters.ts";
import type { Family } from "./schema.ts";
import type { Trace } from "./vit.ts";

export function sam(p: Parameters, a: Family<"sam">, images: Value): Trace {
  const trace: Trace = new Map();
  const hidden = Math.floor(a.width * a.expansion);
  const patches = patchMap(p, images, a.width, a.patch);
  let x = add(patches, p.get("pos_embed", [1, ...patches.shape.slice(1)], "table"));

  for (let i = 0; i < a.depth; i++) {
    const block = `blocks.${i}`;
    const seen = norm(p, `${block}.norm1`, x, a.epsilon);
    const areas = a.globalBlocks.includes(i) ? seen : windows(seen, a.window);
    const { mixed, map } = attention(p, `${block}.attn`, areas, a.heads);
    x = add(x, a.globalBlocks.includes(i) ? mixed : together(mixed, x.shape));
    x = add(x, mlp(p, `${block}.mlp`, norm(p, `${block}.norm2`, x, a.epsilon), hidden));
    trace.set(`attention.${i}`, map).set(`block.${i}`, channelsFirst(x));
  }

  const neck = (name: string, map: Value, kernel: number) => {
    const weight = p.get(`neck.${name}.weight`, [a.neck, map.shape[1], kernel, kernel], "weight");
    return conv(map, weight, undefined, { padding: (kernel - 1) / 2 });
  };
  const narrow = channelNorm(p, "neck.1", neck("0", channelsFirst(x), 1), a.epsilon);
  const tokens = channelNorm(p, "neck.3", neck("2", narrow, 3), a.epsilon);
  return trace.set("tokens", tokens).set("embedding", reduceMean(tokens, { axes: [2, 3] }));
}

/** Attention within each of the maps x [b, h, w, d]; the attention map is [b, heads, h · w, h · w]. */
function attention(p: Parameters, name: string, x: Value, heads: number): { mixed: Value; map: Value } {
  const [b, h, w, d] = x.shape;
  const seen = jointHeads(p, name, reshape(x, [b, h * w, d]), heads, true);
  const { mixed, map } = attend(withPositions(p, name, seen, h, w), 1);
  return { mixed: reshape(linear(p, `${name}.proj`, mixed, d), x.shape), map };
}

/**
 * What queries make of the distance in rows and of that in columns is added to their scores (Li et al. 2022, MViTv2,
 * equation 5). Queries get it as further channels and keys say by further channels in which row and column they are, so
 * that one product gives the sum: at 64 × 64 places this took 1.1 GB where two additions took 3.5, and a fifth longer.
 */
function withPositions(p: Parameters, name: string, [q, k, v]: Heads, h: number, w: number): Heads {
  const [b, heads, n, c] = q.shape;
  const places = reshape(q, [b * heads, h, w, c]);
  const byRow = matmul(places, distances(p, `${name}.rel_pos_h`, h, c)); // [b · heads, h, w, rows of keys]
  const turned = matmul(transpose(places, [0, 2, 1, 3]), distances(p, `${name}.rel_pos_w`, w, c));
  const byColumn = transpose(turned, [0, 2, 1, 3]); // [b · heads, h, w, columns of keys]
  const flat = (x: Value) => reshape(x, [b, heads, n, -1]);
  const where = new Float32Array(n * (h + w));
  for (let i = 0; i < n; i++) {
    where[i * (h + w) + Math.floor(i / w)] = 1;
    where[i * (h + w) + h + (i % w)] = 1;
  }
  const spots = expand(p.graph.constant(float32(where, [1, 1, n, h + w])), [b, heads, n, h + w]);
  return [concat([mul(q, c ** -0.5), flat(byRow), flat(byColumn)], 3), concat([k, spots], 3), v];
}

/** The vectors of a table [2 size − 1, c] by the distance of query i from key j: [size (i), c, size (j)]. */
function distances(p: Parameters, name: string, size: number, c: number): Value {
  const places = Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return i - j + size - 1;
  });
  const table = p.get(name, [2 * size - 1, c], "table");
  return transposeLast(gather(table, p.graph.constant(int64(places, [size, size]))));
}

/** A map [b, h, w, d], zeros added below and to the right, as windows [b · windows, size, size, d]. */
function windows(x: Value, size: number): Value {
  const [b, h, w, d] = x.shape;
  const [rows, columns] = [Math.ceil(h / size), Math.ceil(w / size)];
  const padded = pad(x, [0, 0, 0, 0], [0, rows * size - h, columns * size - w, 0]);
  const split = reshape(padded, [b, rows, size, columns, size, d]);
  return reshape(transpose(split, [0, 1, 3, 2, 4, 5]), [b * rows * columns, size, size, d]);
}

/** The inverse of `windows`: the map of shape [b, h, w, d]. */
function together(x: Value, [b, h, w, d]: readonly number[]): Value {
  const size = x.shape[1];
  const [rows, columns] = [Math.ceil(h / size), Math.ceil(w / size)];
  const split = transpose(reshape(x, [b, rows, columns, size, size, d]), [0, 1, 3, 2, 4, 5]);
  return slice(slice(reshape(split, [b, rows * size, columns * size, d]), 1, 0, h), 2, 0, w);
}
