import type { Background } from "./backgrounds/background.ts";
import { backgroundOf } from "./backgrounds/index.ts";
import { full } from "./backgrounds/landscape.ts";
import { captionOf } from "./caption.ts";
import type { Scene, SceneObject } from "./compose.ts";
import { affineOf, type Box, overlap, type Pose } from "./geometry.ts";
import { kindOf } from "./kinds/index.ts";
import { Pen } from "./pen.ts";
import { Random } from "./random.ts";
import { makeThing, type Thing, thingBox } from "./thing.ts";

export interface ProbeOptions {
  /** How many, from 0 (default 1). The first n of n + 1 are the same in the same places. */
  readonly count?: number;
  /** Longest side of each as a share of the frame (default 0.56). */
  readonly size?: number;
  /** Cut, if they are of a kind that can be cut. */
  readonly sliced?: boolean;
}

/**
 * Scenes of one kind, to vary one thing about it at a time: what is behind, the colour and the things themselves are
 * the same in all. One stands where it would; more are spread over the whole frame, whatever the place, and overlap
 * where they must. What is the same in two scenes is the same object.
 * @param ground a colour (`#rrggbb`) behind them instead of a place where the kind lives
 * @throws RangeError for a kind that does not exist
 */
export function probeScenes(name: string, seed: number, ground?: string): (options: ProbeOptions) => Scene {
  const kind = kindOf(name);
  const random = Random.of(seed, 0x9b0e);
  const colour = random.pick(kind.colours);
  const background = ground ? plain(ground) : backgroundOf(random.pick(kind.habitats));
  const pen = new Pen();
  const [from, to] = background.draw(pen, random, false)[kind.stance];
  const level = (from + to) / 2;
  const grounded = !ground && (kind.stance === "stand" || kind.stance === "float");
  const things = new Map<string, PosedThing>();
  const objects = new Map<string, SceneObject>();

  const thingOf = (i: number, sliced: boolean): PosedThing =>
    known(things, `${i} ${sliced}`, () => {
      const own = Random.of(seed, 0x9b0e, i);
      const thing = makeThing(name, { seed: own.bits(), colour, sliced });
      const pose = { angle: own.around(kind.tilt), flip: own.chance(0.5) };
      return { thing, pose, raw: thingBox(thing, affineOf(pose)) };
    });
  return ({ count = 1, size = 0.56, sliced = false }) => {
    const sized = Array.from({ length: count }, (_, i) => {
      const { raw } = thingOf(i, sliced);
      const scale = (100 * size) / Math.max(raw.width, raw.height);
      return { scale, width: raw.width * scale, height: raw.height * scale };
    });
    const places = spread(seed, sized, (height) => (grounded ? level - height : level - height / 2));
    const shown = places.map((place, i) =>
      known(objects, `${i} ${size} ${sliced}`, () =>
        placeThing(thingOf(i, sliced), { ...place, ...(sized[i] as (typeof sized)[number]) }, grounded),
      ),
    );
    return {
      seed,
      index: 0,
      background: background.name,
      sunset: false,
      objects: shown.toSorted((a, b) => a.box.y + a.box.height - (b.box.y + b.box.height)),
      caption: captionOf(background, false, [shown]),
      backdrop: pen.shapes,
    };
  };
}

interface PosedThing {
  readonly thing: Thing;
  readonly pose: Pose;
  /** Around the posed drawing, in its own coordinates. */
  readonly raw: Box;
}

function placeThing(
  { thing, pose, raw }: PosedThing,
  { x, y, width, height, scale }: Box & { readonly scale: number },
  grounded: boolean,
): SceneObject {
  return {
    kind: thing.kind,
    colour: thing.colour,
    whole: thing.whole,
    box: { x: x / 100, y: y / 100, width: width / 100, height: height / 100 },
    thing,
    transform: affineOf({ x: x - raw.x * scale, y: y - raw.y * scale, scale, ...pose }),
    ...(grounded && { contact: { x: x + width / 2, y: y + height, width } }),
  };
}

function known<V>(store: Map<string, V>, key: string, make: () => V): V {
  const value = store.get(key) ?? make();
  store.set(key, value);
  return value;
}

/** Nothing but a colour; it counts as sky, where nothing throws a shadow. */
function plain(colour: string): Background {
  return {
    name: "sky",
    phrases: { stand: "", fly: "", float: "", swim: "" },
    sunsets: false,
    draw(pen) {
      pen.path(full, colour);
      return { stand: [50, 50], fly: [50, 50], float: [50, 50], swim: [50, 50] };
    },
  };
}

/** Places tried for each thing after the first. */
const attempts = 24;

/**
 * Upper left corners for things of the given sizes, all in hundredths of the frame: the first in the middle of its
 * width, each other where it covers least of those before it.
 * @param top where the upper edge of a single one of this height would be; its middle in the frame's where nothing is said
 */
export function spread(
  seed: number,
  things: readonly { readonly width: number; readonly height: number }[],
  top: (height: number) => number = (height) => 50 - height / 2,
): { x: number; y: number }[] {
  const placed: Box[] = [];
  for (const [i, { width, height }] of things.entries()) {
    const random = Random.of(seed, 0x59ead, i);
    const [roomX, roomY] = [Math.max(0, 100 - width), Math.max(0, 100 - height)];
    const centred = (100 - height) / 2;
    let best = { x: (100 - width) / 2, y: height > 100 ? centred : within(top(height), roomY) };
    let least = i === 0 ? 0 : Infinity;
    for (let attempt = 0; i > 0 && attempt < attempts; attempt++) {
      const place = { x: random.range(0, roomX), y: random.range(0, roomY) };
      const covered = placed.reduce(
        (sum, other) => sum + overlap({ ...place, width, height }, other) ** 2,
        0,
      );
      if (covered < least) [least, best] = [covered, place];
    }
    placed.push({ ...best, width, height });
  }
  return placed.map(({ x, y }) => ({ x, y }));
}

function within(value: number, highest: number): number {
  return Math.min(highest, Math.max(0, value));
}
