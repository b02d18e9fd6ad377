/** Regions of the map: clusters of the layout, named by what most of their features answer to. */

import type { Random } from "@optogram/statistics";

export interface Region {
  /** Empty where no tag is common enough. */
  readonly label: string;
  /** The centre, from 0 to 1. */
  readonly x: number;
  readonly y: number;
  /** How many points it has. */
  readonly features: number;
}

export interface Regions {
  readonly regions: readonly Region[];
  /** The region of each point. */
  readonly of: Uint16Array;
}

const labelShare = 0.2;

/**
 * Divides points (x0, y0, x1, y1, …) into at most √n regions: k-means with k = √n, then adjacent regions with the
 * same label become one. The label is the tag of most points, if a fifth of them have it.
 * Regions come by falling size.
 */
export function findRegions(
  points: Float32Array,
  tags: readonly (string | undefined)[],
  random: Random,
): Regions {
  const n = points.length / 2;
  if (n === 0) return { regions: [], of: new Uint16Array(0) };
  const k = Math.max(1, Math.round(Math.sqrt(n)));
  const { centres, of: first } = kMeans(points, k, random);
  const labels = centres.map((_, c) => commonTag(tags.filter((_, i) => first[i] === c)));
  const group = mergeAdjacent(centres, labels);
  const members = new Map<number, number[]>();
  first.forEach((c, i) => {
    const list = members.get(group[c]) ?? [];
    list.push(i);
    members.set(group[c], list);
  });
  const ordered = [...members].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
  const of = new Uint16Array(n);
  const regions = ordered.map(([c, list], number): Region => {
    for (const i of list) of[i] = number;
    const mean = (axis: number): number =>
      list.reduce((sum, i) => sum + points[2 * i + axis], 0) / list.length;
    return { label: labels[c], x: mean(0), y: mean(1), features: list.length };
  });
  return { regions, of };
}

interface Centre {
  readonly x: number;
  readonly y: number;
}

const rounds = 50;

/** Lloyd's k-means from a k-means++ start (Arthur and Vassilvitskii 2007). */
export function kMeans(
  points: Float32Array,
  k: number,
  random: Random,
): { centres: Centre[]; of: Uint32Array } {
  const n = points.length / 2;
  const squared = (i: number, c: Centre): number =>
    (points[2 * i] - c.x) ** 2 + (points[2 * i + 1] - c.y) ** 2;
  const at = (i: number): Centre => ({ x: points[2 * i], y: points[2 * i + 1] });
  let centres = [at(random.integer(n))];
  const nearest = Float64Array.from({ length: n }, (_, i) => squared(i, centres[0]));
  while (centres.length < k) {
    let left = random.uniform() * nearest.reduce((sum, value) => sum + value, 0);
    let chosen = nearest.findIndex((value) => {
      left -= value;
      return left < 0;
    });
    if (chosen < 0) chosen = n - 1;
    const centre = at(chosen);
    centres.push(centre);
    for (let i = 0; i < n; i++) nearest[i] = Math.min(nearest[i], squared(i, centre));
  }
  const of = new Uint32Array(n);
  for (let round = 0; round < rounds; round++) {
    let moved = round === 0;
    for (let i = 0; i < n; i++) {
      let best = of[i];
      for (let c = 0; c < k; c++) if (squared(i, centres[c]) < squared(i, centres[best])) best = c;
      if (best !== of[i]) moved = true;
      of[i] = best;
    }
    if (!moved) break;
    const sums = new Float64Array(3 * k);
    for (let i = 0; i < n; i++) {
      sums[3 * of[i]] += points[2 * i];
      sums[3 * of[i] + 1] += points[2 * i + 1];
      sums[3 * of[i] + 2]++;
    }
    centres = centres.map((centre, c) => {
      const count = sums[3 * c + 2];
      return count > 0 ? { x: sums[3 * c] / count, y: sums[3 * c + 1] / count } : centre;
    });
  }
  return { centres, of };
}

/** The commonest tag, if a fifth of all have it; equal ones by alphabet. */
function commonTag(tags: readonly (string | undefined)[]): string {
  const votes = new Map<string, number>();
  for (const tag of tags) if (tag !== undefined) votes.set(tag, (votes.get(tag) ?? 0) + 1);
  const [first] = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return first !== undefined && first[1] >= labelShare * tags.length ? first[0] : "";
}

/**
 * For each centre the number of the group it falls in. Two centres are adjacent if no third lies in the circle
 * that has them as diameter (a Gabriel graph); adjacent ones with the same label share a group.
 */
function mergeAdjacent(centres: readonly Centre[], labels: readonly string[]): number[] {
  const group = centres.map((_, c) => c);
  const find = (c: number): number => (group[c] === c ? c : find(group[c]));
  centres.forEach((a, i) => {
    for (let j = 0; j < i; j++) {
      if (labels[i] === "" || labels[i] !== labels[j]) continue;
      const b = centres[j];
      const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
      const radius = (a.x - middle.x) ** 2 + (a.y - middle.y) ** 2;
      const between = centres.some(
        (c, o) => o !== i && o !== j && (c.x - middle.x) ** 2 + (c.y - middle.y) ** 2 < radius,
      );
      if (!between) group[find(i)] = find(j);
    }
  });
  return group.map((_, c) => find(c));
}
