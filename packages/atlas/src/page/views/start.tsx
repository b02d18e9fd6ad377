import { Suspense, use } from "react";
import { useAtlas, useEncoderData, useSite } from "../atlas.tsx";
import { loadTops } from "../data/details.ts";
import type { EncoderData, Feature } from "../data/encoder.ts";
import { count, measure, percent } from "../format.ts";
import { pagesOf } from "../pages.ts";
import { Mosaic } from "../parts/mosaic.tsx";
import { dropTarget } from "../parts/photo-drop.tsx";
import { Picture } from "../parts/picture.tsx";
import { SheetImage } from "../parts/sheet.tsx";
import { navigate } from "../router.ts";

const specimens = 8;

export function StartView() {
  return useSite().encoder ? <FeaturesStart /> : <OthersStart />;
}

/** Of an atlas that holds no encoder's features. */
function OthersStart() {
  const { site, address } = useSite();
  const ways = pagesOf(site).filter(({ inNavigation }) => inNavigation);
  return (
    <section className="page">
      <h1>{site.title}</h1>
      <p className="lead">
        {site.pages.includes("encoders")
          ? "What vision encoders keep of an image, seen in what can be painted again from their tokens alone."
          : site.pages.includes("maps")
            ? "What vision encoders tell apart within an image, drawn as colours."
            : site.pages.includes("words")
              ? "What an encoder says of images in words, and which images it finds for a text."
              : "What networks see."}
      </p>
      <p className="ways">
        {ways.map(({ path, title }, i) => (
          <a key={path} className={i === 0 ? "button button-first" : "button"} href={address([path])}>
            {waysOfOthers[path] ?? title}
          </a>
        ))}
      </p>
    </section>
  );
}

const compareEncoders = "Compare encoders";
const seeMaps = "See what is seen where";
const findByWords = "Find images by words";
const waysOfOthers: Readonly<Record<string, string>> = {
  encoders: compareEncoders,
  maps: seeMaps,
  words: findByWords,
};

function FeaturesStart() {
  const { site, encoder, address } = useAtlas();
  const data = useEncoderData();
  const named = pickSpecimens(data);
  const photos = site.pages.includes("photo") && encoder.live !== undefined;
  const drawn = data.living.some(({ picture }) => picture);
  return (
    <div className="start" {...(photos && dropTarget(() => navigate(address(["photo"]))))}>
      <section className="hero">
        {encoder.cover && <Mosaic data={data} cover={encoder.cover} />}
        <div className="hero-text">
          <h1>This is what a vision encoder sees</h1>
          <p>
            {encoder.name} turns every picture into {count(encoder.dimensions)} numbers. Inside them,{" "}
            {count(data.living.length)} separate features were found. Each tile is one of them,{" "}
            {drawn ? "a picture made to excite it" : "drawn from the pictures that excite it most"}; features
            that fire together lie together.
          </p>
          <p className="ways">
            {site.pages.includes("map") && (
              <a className="button button-first" href={address(["map"])}>
                Explore the map
              </a>
            )}
            {photos && (
              <a className="button" href={address(["photo"])}>
                Drop in a photo
              </a>
            )}
            {site.pages.includes("encoders") && (
              <a className="button" href={address(["encoders"])}>
                {compareEncoders}
              </a>
            )}
            {site.pages.includes("maps") && (
              <a className="button" href={address(["maps"])}>
                {seeMaps}
              </a>
            )}
            {site.pages.includes("words") && (
              <a className="button" href={address(["words"])}>
                {findByWords}
              </a>
            )}
            <a className="button" href={address(["features"])}>
              Browse the features
            </a>
            <a className="button" href={address(["about"])}>
              How it was made
            </a>
          </p>
        </div>
      </section>
      {named.length > 0 && (
        <section className="page">
          <h2>Some of what it knows</h2>
          <p className="lead">
            Nobody told the dictionary what these are. Each row is one feature with the pictures that make it
            fire most.
          </p>
          <div className="specimens">
            {named.map((feature) => (
              <Specimen key={feature.feature} feature={feature} />
            ))}
          </div>
        </section>
      )}
      <section className="page">
        <Figures data={data} />
      </section>
    </div>
  );
}

/** The best feature of as many kinds, or the strongest features where nothing is known of the images. */
function pickSpecimens(data: EncoderData): readonly Feature[] {
  const best = [...data.kinds.values()].flatMap((group) => group.slice(0, 1));
  const ranked = best.sort(
    (a, b) => (b.auroc ?? 0) - (a.auroc ?? 0) || (b.share ?? 0) - (a.share ?? 0) || b.strength - a.strength,
  );
  if (ranked.length >= specimens) return ranked.slice(0, specimens);
  return [...data.living].sort((a, b) => b.strength - a.strength).slice(0, specimens);
}

function Specimen({ feature }: { feature: Feature }) {
  const { address } = useAtlas();
  return (
    <a className="specimen" href={address(["feature", feature.feature])}>
      <Picture feature={feature} />
      <span className="specimen-name">
        <b>{feature.answers ?? `Feature ${feature.feature}`}</b>
        <small>
          {feature.answers && `feature ${feature.feature}, `}in {percent(feature.density)} of images
        </small>
      </span>
      <span className="specimen-strip">
        <Suspense fallback={null}>
          <Strip feature={feature} />
        </Suspense>
      </span>
    </a>
  );
}

const stripImages = 7;

function Strip({ feature }: { feature: Feature }) {
  const { encoder } = useAtlas();
  const tops = use(loadTops(encoder, feature.feature));
  const { sheets } = encoder;
  return (
    sheets &&
    tops
      .slice(1, 1 + stripImages)
      .map((top) => (
        <SheetImage
          key={top.rank}
          sheets={sheets}
          feature={feature.feature}
          rank={top.rank}
          alt={top.caption || top.name}
        />
      ))
  );
}

function Figures({ data }: { data: EncoderData }) {
  const { encoder, address } = useAtlas();
  const sae = encoder.metrics.sae ?? {};
  const figures: [string, string][] = [
    [count(encoder.images.count), "pictures looked at"],
    [count(data.living.length), `living features of ${count(encoder.latents)}`],
  ];
  if (typeof sae.l0 === "number") figures.push([measure(sae.l0), "features active in a picture, on average"]);
  if (typeof sae.fvu === "number") figures.push([percent(1 - sae.fvu), "of the embeddings' variance kept"]);
  if (typeof sae.kindsAbove90 === "number" && typeof sae.kinds === "number") {
    figures.push([
      `${Math.round(sae.kindsAbove90 * sae.kinds)} of ${sae.kinds}`,
      "kinds of things have a feature with AUROC of at least 0.9",
    ]);
  }
  return (
    <>
      <dl className="figures">
        {figures.map(([value, name]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="faint">
        <a href={address(["about"])}>Every figure, how it was measured and on what</a>
      </p>
    </>
  );
}
