/** Letters for what does not differ: two things share one if, and only if, no test tells them apart. */

/**
 * The letters of things 0 to `count` − 1, best first: `a` for the group with the best, `ab` for what is in two groups.
 * Groups are the maximal sets of things that do not differ pairwise (Piepho 2004 calls this a letter display).
 */
export function groupsOf(count: number, differ: (i: number, j: number) => boolean): string[] {
  const things = Array.from({ length: count }, (_, i) => i);
  const groups = cliques(things, (i, j) => !differ(i, j)).sort(byMembers);
  return things.map((thing) =>
    groups
      .flatMap((group, i) => (group.includes(thing) ? [letter(i)] : []))
      .join(groups.length > 26 ? " " : ""),
  );
}

/** Maximal cliques (Bron & Kerbosch 1973), each in rising order. */
function cliques(things: readonly number[], joined: (i: number, j: number) => boolean): number[][] {
  const found: number[][] = [];
  const grow = (clique: readonly number[], left: readonly number[], done: readonly number[]) => {
    if (left.length === 0 && done.length === 0) found.push([...clique].sort((i, j) => i - j));
    let candidates = left;
    let excluded = done;
    for (const thing of left) {
      const beside = (other: number) => other !== thing && joined(thing, other);
      grow([...clique, thing], candidates.filter(beside), excluded.filter(beside));
      candidates = candidates.filter((other) => other !== thing);
      excluded = [...excluded, thing];
    }
  };
  grow([], things, []);
  return found;
}

function byMembers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((member, i) => member !== b[i]);
  return at < 0 ? 0 : a[at] - (b[at] ?? -1);
}

/** a to z, then aa, ab … */
function letter(i: number): string {
  const own = String.fromCharCode(97 + (i % 26));
  return i < 26 ? own : letter(Math.floor(i / 26) - 1) + own;
}
