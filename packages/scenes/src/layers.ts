import type { Scene, SceneObject } from "./compose.ts";
import type { Shape } from "./pen.ts";
import { checked, frame, objectSvg, pixels, rgba, tintSvg } from "./raster.ts";
import { SvgWriter } from "./svg.ts";

/**
 * Pictures of scenes that share things: what is the same object in several is drawn once, and laid over what is behind
 * it. The pictures are those of `rasterScene` but for rounding.
 */
export class LayeredRaster {
  readonly #size: number;
  readonly #backdrops = new WeakMap<readonly Shape[], Promise<Uint8Array>>();
  readonly #objects = new WeakMap<SceneObject, Promise<Uint8Array>>();
  readonly #tints = new Map<string, Promise<Uint8Array>>();

  /** @param size pixels a side */
  constructor(size: number) {
    this.#size = checked(size);
  }

  /** The scene's pixels: RGB, rows from the top, `size * size * 3` bytes. */
  async raster(scene: Scene): Promise<Uint8Array> {
    const picture = (await this.#backdrop(scene)).slice();
    const tint = tintSvg(scene);
    const layers = scene.objects.map((object) => this.#object(object));
    if (tint) layers.push(known(this.#tints, tint, () => rgba(frame(this.#size, tint))));
    for (const layer of layers) blend(picture, await layer);
    return picture;
  }

  #backdrop({ backdrop }: Scene): Promise<Uint8Array> {
    return known(this.#backdrops, backdrop, () =>
      pixels(this.#document((writer) => writer.shapes(backdrop))),
    );
  }

  #object(object: SceneObject): Promise<Uint8Array> {
    return known(this.#objects, object, () => rgba(this.#document((writer) => objectSvg(writer, object))));
  }

  #document(draw: (writer: SvgWriter) => string): string {
    const writer = new SvgWriter(100 / this.#size);
    const body = draw(writer);
    return frame(this.#size, writer.defs() + body);
  }
}

interface Store<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

function known<K, V>(store: Store<K, V>, key: K, make: () => V): V {
  const value = store.get(key) ?? make();
  store.set(key, value);
  return value;
}

/** Lays RGBA over RGB, in place. */
function blend(picture: Uint8Array, layer: Uint8Array): void {
  for (let i = 0, j = 0; i < layer.length; i += 4, j += 3) {
    const alpha = layer[i + 3] as number;
    if (alpha === 0) continue;
    for (let c = 0; c < 3; c++) {
      const below = picture[j + c] as number;
      picture[j + c] = Math.round(below + (((layer[i + c] as number) - below) * alpha) / 255);
    }
  }
}
