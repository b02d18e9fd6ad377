import { type ColourName, colourOf, dark, type Hex, light } from "./colour.ts";
import {
  type Affine,
  affineOf,
  apply,
  type Box,
  boxOf,
  clipOutline,
  compose,
  identity,
  type Point,
} from "./geometry.ts";
import { kindOf } from "./kinds/index.ts";
import { outlineOf, Pen, type Shape } from "./pen.ts";
import { Random } from "./random.ts";

/** Everything on the side of a line where (p - at)·normal <= 0. */
export interface HalfPlane {
  readonly at: Point;
  readonly normal: Point;
}

/** Shapes moved together and cut together; `flat` draws all of them in one colour. */
export interface Layer {
  readonly shapes: readonly Shape[];
  readonly transform: Affine;
  readonly clip?: HalfPlane;
  readonly flat?: string;
}

export interface Thing {
  readonly kind: string;
  readonly colour: ColourName;
  readonly whole: boolean;
  /** In painter's order, in the drawing's own coordinates. */
  readonly layers: readonly Layer[];
}

export interface ThingOptions {
  readonly seed: number;
  readonly colour?: ColourName;
  /** Cut it, if it is of a kind that can be cut. */
  readonly sliced?: boolean;
}

/** One of the many drawings of a kind. */
export function makeThing(name: string, options: ThingOptions): Thing {
  const kind = kindOf(name);
  const random = Random.of(options.seed, 0x7411);
  const colour = options.colour ?? random.pick(kind.colours);
  const paint = colourOf(colour, random);
  const pen = new Pen();
  const sliced = (options.sliced ?? false) && kind.inside !== undefined;
  if (sliced && kind.section) kind.section(pen, random, paint);
  else kind.draw(pen, random, paint);
  const build = kind.rigid ? identity : proportions(random, Math.min(1, kind.tilt / 5));
  const layers =
    sliced && !kind.section
      ? halves(pen.shapes, kind.inside ?? paint, random, build)
      : [{ shapes: pen.shapes, transform: build }];
  return { kind: name, colour, whole: !sliced, layers };
}

/** A little taller or broader and, times `lean`, a little slanted. */
function proportions(random: Random, lean: number): Affine {
  const stretch = 1 + random.around(0.17);
  return [1 / stretch, 0, random.around(0.07) * lean, stretch, 0, 0];
}

/** The box around a thing once `transform` has moved it. */
export function thingBox(thing: Thing, transform: Affine): Box {
  const points = thing.layers.flatMap((layer) => {
    const move = compose(transform, layer.transform);
    return layer.shapes.flatMap((shape) => {
      if (shape.inner) return [];
      const outline = outlineOf(shape);
      const kept = layer.clip ? clipOutline(outline, layer.clip.at, layer.clip.normal) : outline;
      return kept.map((point) => apply(move, point));
    });
  });
  return boxOf(points) ?? { x: 0, y: 0, width: 0, height: 0 };
}

/** A whole drawing cut by a slanted line into two halves that have come apart, the inside seen along the cut. */
function halves(shapes: readonly Shape[], inside: Hex, random: Random, build: Affine): Layer[] {
  const box = thingBox(
    { kind: "", colour: "red", whole: true, layers: [{ shapes, transform: identity }] },
    identity,
  );
  const centre: Point = [
    box.x + box.width * random.range(0.42, 0.58),
    box.y + box.height * random.range(0.42, 0.58),
  ];
  const size = Math.max(box.width, box.height);
  const upright = box.width > box.height * 0.8;
  const angle = ((upright ? 0 : 90) + random.around(32)) * (Math.PI / 180);
  const normal: Point = [Math.cos(angle), Math.sin(angle)];
  const gap = size * random.range(0.05, 0.09);
  const face = size * 0.045;
  const silhouette = shapes.filter((shape) => !shape.inner);
  return [-1, 1].flatMap((side): Layer[] => {
    const out: Point = [normal[0] * -side, normal[1] * -side];
    const turn = affineOf({ x: centre[0], y: centre[1], angle: side * random.range(2, 7) });
    const back = affineOf({ x: -centre[0], y: -centre[1] });
    const apart = affineOf({ x: normal[0] * side * gap, y: normal[1] * side * gap });
    const transform = compose(build, compose(apart, compose(turn, back)));
    const edge: Point = [centre[0] + out[0] * face, centre[1] + out[1] * face];
    return [
      {
        shapes: silhouette,
        transform,
        clip: { at: edge, normal: out },
        flat: side < 0 ? light(inside, 0.1) : dark(inside, 0.12),
      },
      { shapes, transform, clip: { at: centre, normal: out } },
    ];
  });
}
