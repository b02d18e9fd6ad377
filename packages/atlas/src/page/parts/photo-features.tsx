import { type Activation, cosine, type Dictionary, reconstruct, unit } from "@optogram/dictionary";
import { use, useMemo } from "react";
import { useAtlas } from "../atlas.tsx";
import { colourOf } from "../colour.ts";
import type { EncoderData } from "../data/encoder.ts";
import { formatMixture, mixtureOfCode } from "../data/mixture.ts";
import { measure, numberWithin, plural } from "../format.ts";
import { drawForEncoder } from "../live/canvas.ts";
import { loadDictionary } from "../live/networks.ts";
import type { Photo } from "../live/photo.ts";
import { useRestingQuery } from "../resting-query.ts";
import { MiniMap } from "./mini-map.tsx";
import { Painting, usePaintings } from "./painting.tsx";
import { Picture } from "./picture.tsx";

/** A photo taken apart: its features as bars, and what the first k of them keep of it. */
export function PhotoFeatures({
  data,
  photo,
  embedding,
  code,
}: {
  data: EncoderData;
  photo: Photo;
  embedding: Float32Array;
  code: readonly Activation[];
}) {
  const { site, encoder, address } = useAtlas();
  const dictionary = use(loadDictionary(encoder));
  const [asked, setAsked] = useRestingQuery("photo", "k", String(code.length));
  const k = Math.round(numberWithin(asked, 0, code.length, code.length));
  const features = code.flatMap(({ feature }) => data.features[feature] ?? []);
  return (
    <div className="photo-seen">
      <div className="photo-side">
        <img className="photo-whole" src={photo.url} alt={photo.name} />
        <label className="slider">
          <span>
            Rebuild it from its <output>{plural(k, "strongest feature")}</output>
          </span>
          <input
            type="range"
            min={0}
            max={code.length}
            step={1}
            value={k}
            onChange={(event) => setAsked(event.target.value)}
          />
        </label>
        <Rebuilt dictionary={dictionary} photo={photo} embedding={embedding} code={code} k={k} />
        {site.pages.includes("combine") && (
          <p className="ways">
            <a className="button" href={address(["combine"], { a: "photo" })}>
              Walk from it to a feature
            </a>
            <a
              className="button"
              href={address(["combine"], { mix: formatMixture(mixtureOfCode(code.slice(0, k))) })}
            >
              Mix its features yourself
            </a>
          </p>
        )}
        {encoder.map && (
          <>
            <h2>Where they lie</h2>
            <a className="where" href={address(["map"], { photo: "1" })} aria-label="Show them on the map">
              <MiniMap data={data} marked={features} />
            </a>
            <p className="faint">
              Ringed: the strongest. <a href={address(["map"], { photo: "1" })}>Light them up on the map</a>
            </p>
          </>
        )}
      </div>
      <Bars data={data} code={code} kept={k} />
    </div>
  );
}

function Rebuilt({
  dictionary,
  photo,
  embedding,
  code,
  k,
}: {
  dictionary: Dictionary;
  photo: Photo;
  embedding: Float32Array;
  code: readonly Activation[];
  k: number;
}) {
  const { encoder } = useAtlas();
  const rebuilt = useMemo(() => reconstruct(dictionary, code.slice(0, k)), [dictionary, code, k]);
  const wholes = useMemo(() => [embedding], [embedding]);
  const parts = useMemo(() => [unit(rebuilt)].filter((direction) => direction !== undefined), [rebuilt]);
  const [whole] = usePaintings(wholes) ?? [];
  const [part] = usePaintings(parts) ?? [];
  const seen = useMemo(
    () => encoder.live && drawForEncoder(photo.picture, encoder.live.encoder).toDataURL(),
    [encoder, photo],
  );
  return (
    <>
      <p role="status">
        Cosine with the photo's embedding: <b>{measure(cosine(embedding, rebuilt))}</b>
      </p>
      <div className="rebuilt">
        <figure>
          <img src={seen} alt={`${photo.name} at the encoder's size`} />
          <figcaption>what the encoder gets</figcaption>
        </figure>
        <figure>
          <Painting picture={whole} label="Painted from the photo's embedding" />
          <figcaption>painted from its embedding</figcaption>
        </figure>
        <figure>
          <Painting picture={part} label={`Painted from ${plural(k, "feature")}`} />
          <figcaption>from {plural(k, "feature")}</figcaption>
        </figure>
      </div>
    </>
  );
}

function Bars({ data, code, kept }: { data: EncoderData; code: readonly Activation[]; kept: number }) {
  const { encoder, address } = useAtlas();
  const largest = code[0]?.value ?? 1;
  return (
    <section>
      <h2>{plural(code.length, "feature")}</h2>
      <p className="faint">
        How strongly each is active in the photo; faded where it is not rebuilt from it.
      </p>
      <ol className="bars">
        {code.map(({ feature: number, value }, i) => {
          const feature = data.features[number];
          return (
            feature && (
              <li key={number} className={i < kept ? undefined : "bar-left-out"}>
                <a className="bar" href={address(["feature", number])}>
                  <Picture feature={feature} />
                  <span className="bar-name">
                    {number} {feature.answers && <b>{feature.answers}</b>}
                  </span>
                  <span className="bar-track">
                    <span
                      style={{
                        width: `${(100 * value) / largest}%`,
                        background: colourOf(feature, encoder.map),
                      }}
                    />
                  </span>
                  <span className="bar-value">{measure(value)}</span>
                </a>
              </li>
            )
          );
        })}
      </ol>
    </section>
  );
}
