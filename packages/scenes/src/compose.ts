import type { Background, Zones } from "./backgrounds/background.ts";
import { backgroundOf, backgrounds } from "./backgrounds/index.ts";
import { captionOf } from "./caption.ts";
import type { ColourName } from "./colour.ts";
import { type Affine, affineOf, type Box, overlap } from "./geometry.ts";
import { kindOf, kinds } from "./kinds/index.ts";
import type { Kind, Place } from "./kinds/kind.ts";
import { Pen, type Shape } from "./pen.ts";
import { Random } from "./random.ts";
import { makeThing, type Thing, thingBox } from "./thing.ts";

export interface SceneObject {
  readonly kind: string;
  readonly colour: ColourName;
  readonly whole: boolean;
  /** The part inside the frame, 0..1 of the frame. */
  readonly box: Box;
  readonly thing: Thing;
  /** From the drawing's coordinates to hundredths of the frame. */
  readonly transform: Affine;
  /** Where it touches the ground or the water, in hundredths of the frame; absent for what flies or swims. */
  readonly contact?: { readonly x: number; readonly y: number; readonly width: number };
}

/** A picture as data. Objects are in painter's order: later ones lie in front. */
export interface Scene {
  readonly seed: number;
  readonly index: number;
  readonly background: Place;
  readonly sunset: boolean;
  readonly objects: readonly SceneObject[];
  /** Plain English of {@link captionWords}, separated by single spaces. */
  readonly caption: string;
  readonly backdrop: readonly Shape[];
}

export interface SceneOptions {
  /** Share of scenes that hold a single thing, 0..1 (default 0.4). */
  readonly singles?: number;
}

/**
 * Scene `index` of the world `seed`: the same arguments give the same scene.
 * @throws RangeError if `singles` is not a share, or seed or index are not whole numbers from 0.
 */
export function composeScene(seed: number, index: number, options: SceneOptions = {}): Scene {
  const { singles = 0.4 } = options;
  if (!(singles >= 0 && singles <= 1)) throw new RangeError(`singles is a share from 0 to 1, not ${singles}`);
  for (const [name, value] of [
    ["seed", seed],
    ["index", index],
  ] as const)
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`${name} is a whole number from 0, not ${value}`);

  const random = Random.of(seed, index);
  const lead = random.pick(kinds);
  const background = backgroundOf(
    random.chance(0.1) ? random.pick(backgrounds).name : random.pick(lead.habitats),
  );
  const sunset = background.sunsets && random.chance(0.22);
  const pen = new Pen();
  const zones = background.draw(pen, random, sunset);

  const plan = planGroups(random, lead, background, singles);
  const total = plan.reduce((sum, group) => sum + group.count, 0);
  const placed: SceneObject[] = [];
  for (const group of plan)
    for (let i = 0; i < group.count; i++) placed.push(place(random, group, total, zones, background, placed));
  const objects = placed.toSorted((a, b) => depth(a) - depth(b));
  return {
    seed,
    index,
    background: background.name,
    sunset,
    objects,
    caption: captionOf(
      background,
      sunset,
      plan.map((group) => objects.filter((o) => o.kind === group.kind.name)),
    ),
    backdrop: pen.shapes,
  };
}

interface Group {
  readonly kind: Kind;
  readonly count: number;
  /** One colour for all, or each its own. */
  readonly colour?: ColourName;
  readonly sliced: boolean;
}

function planGroups(random: Random, lead: Kind, background: Background, singles: number): Group[] {
  if (random.chance(singles)) return [group(random, lead, 1)];
  if (random.chance(0.45)) return [group(random, lead, many(random))];
  const companions = random.integer(1, 3);
  const groups = [lead];
  for (let i = 0; i < companions; i++) {
    const choices = kinds.filter(
      (kind) => !groups.includes(kind) && (random.chance(0.05) || kind.habitats.includes(background.name)),
    );
    if (!choices.length) break;
    groups.push(choices[random.weighted(choices.map((kind) => companionWeight.get(kind.name) ?? 1))] as Kind);
  }
  return groups.map((kind) => group(random, kind, random.pick([1, 1, 1, 2, 2, 3, 4])));
}

function many(random: Random): number {
  return random.chance(0.65) ? random.integer(2, 6) : random.integer(7, 20);
}

function group(random: Random, kind: Kind, count: number): Group {
  const sliced = random.chance(kind.section ? 0.25 : kind.inside ? 0.08 : 0);
  const mixed = count > 1 && kind.colours.length > 1 && random.chance(0.3);
  return mixed ? { kind, count, sliced } : { kind, count, sliced, colour: random.pick(kind.colours) };
}

/** Kinds in crowded or popular places would be companions more often; this evens them out. */
const companionWeight: ReadonlyMap<string, number> = (() => {
  const residents = (place: Place) => kinds.filter((kind) => kind.habitats.includes(place));
  const share = new Map<Place, number>();
  for (const kind of kinds)
    for (const place of kind.habitats) share.set(place, (share.get(place) ?? 0) + 1 / kind.habitats.length);
  return new Map(
    kinds.map((kind) => {
      const chances = kind.habitats.map(
        (place) => (share.get(place) ?? 0) / Math.max(1, residents(place).length - 1),
      );
      return [kind.name, 1 / chances.reduce((sum, chance) => sum + chance, 0)];
    }),
  );
})();

function place(
  random: Random,
  { kind, colour, sliced }: Group,
  total: number,
  zones: Zones,
  background: Background,
  placed: readonly SceneObject[],
): SceneObject {
  const thing = makeThing(kind.name, {
    seed: random.bits(),
    colour: colour ?? random.pick(kind.colours),
    sliced,
  });
  const flip = random.chance(0.5);
  const angle = random.around(kind.tilt);
  const raw = thingBox(thing, affineOf({ angle, flip }));
  const [from, to] = zones[kind.stance];
  const room = total > 4 ? Math.min(1, Math.sqrt((to - from + 25) / 75)) : 1;
  // Slender things are made longer, so that their area is nearer to that of others.
  const slender = (Math.max(raw.width, raw.height) / Math.min(raw.width, raw.height)) ** 0.25;
  const drawn = sizeOf(random, total);
  const size = 100 * room * Math.min(drawn * slender, Math.max(drawn, total === 1 ? 0.97 : 0.7));
  const grounded = kind.stance === "stand" || kind.stance === "float";
  let best: { transform: Affine; box: Box; cost: number } | undefined;
  for (let attempt = 0; attempt < (total > 1 ? 10 : 1); attempt++) {
    const level = random.range(from, to);
    const nearness = (level - from) / Math.max(1, to - from);
    const perspective = total > 2 && grounded ? 0.72 + 0.42 * nearness : 1;
    const scale = (size * perspective) / Math.max(raw.width, raw.height);
    const width = raw.width * scale;
    const height = raw.height * scale;
    const slack = total === 1 ? 0.1 : 0.18;
    const x = within(random.range(-width * slack, 100 - width * (1 - slack)), width, random.range(0, 0.06));
    const y = within(grounded ? level - height : level - height / 2, height, 0.015);
    const box = { x, y, width, height };
    const covered = placed.reduce((sum, other) => {
      const theirs = hundred(other.box);
      const shared = overlap(box, theirs);
      return (
        sum + (shared / (width * height)) ** 2 + (shared / Math.max(1, theirs.width * theirs.height)) ** 2
      );
    }, 0);
    if (best && covered >= best.cost) continue;
    const transform = affineOf({ x: x - raw.x * scale, y: y - raw.y * scale, angle, flip, scale });
    best = { transform, box, cost: covered };
    if (covered === 0) break;
  }
  const { transform, box } = best as NonNullable<typeof best>;
  const inside = clipToFrame(box);
  const contact = { x: box.x + box.width / 2, y: box.y + box.height, width: box.width };
  return {
    kind: kind.name,
    colour: thing.colour,
    whole: thing.whole,
    box: inside,
    thing,
    transform,
    ...(grounded && background.name !== "sky" ? { contact } : {}),
  };
}

/** Longest side as a share of the frame. */
function sizeOf(random: Random, total: number): number {
  if (total === 1) {
    const tail = random.unit();
    if (tail < 0.03) return random.range(0.07, 0.2);
    if (tail < 0.14) return random.range(0.2, 0.38);
    if (tail > 0.95) return random.range(0.92, 1.04);
    return random.range(0.38, 0.92);
  }
  const typical = Math.min(0.56, 0.98 / Math.sqrt(total + 0.6));
  return Math.max(0.07, typical * random.range(0.62, 1.12));
}

/** Keeps a span of the frame inside it but for `out` of its length. */
function within(start: number, length: number, out: number): number {
  const lowest = -length * out;
  const highest = 100 - length * (1 - out);
  return lowest > highest ? (100 - length) / 2 : Math.min(highest, Math.max(lowest, start));
}

function clipToFrame(box: Box): Box {
  const x = Math.max(0, box.x);
  const y = Math.max(0, box.y);
  const width = Math.min(100, box.x + box.width) - x;
  const height = Math.min(100, box.y + box.height) - y;
  return { x: x / 100, y: y / 100, width: width / 100, height: height / 100 };
}

function hundred({ x, y, width, height }: Box): Box {
  return { x: x * 100, y: y * 100, width: width * 100, height: height * 100 };
}

/** What stands lower in the frame is nearer; what flies is in front of what stands by its centre. */
function depth(object: SceneObject): number {
  return kindOf(object.kind).stance === "fly"
    ? object.box.y + object.box.height / 2
    : object.box.y + object.box.height;
}
