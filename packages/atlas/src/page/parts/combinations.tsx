import { use } from "react";
import { useAtlas } from "../atlas.tsx";
import { colourOf } from "../colour.ts";
import { type Combination, loadCombinations, type RefinedPicture } from "../data/combinations.ts";
import type { EncoderData } from "../data/encoder.ts";
import { measure } from "../format.ts";
import { Places } from "./places.tsx";
import { Refined } from "./refined-picture.tsx";

/** The pairs whose pictures were searched for in advance: what lies half way, and what each has beyond the other. */
export function Combinations({ data }: { data: EncoderData }) {
  const pairs = use(loadCombinations(data.encoder));
  if (pairs.length === 0) return null;
  return (
    <section>
      <h2>Two things in one picture</h2>
      <p className="lead">
        For these pairs pictures were searched for through the encoder until it said that they point half way.
        Whether the two things are then fused or side by side is measured: are the crops of the picture that
        excite one those that excite the other?
      </p>
      <ul className="pairs">
        {pairs.map((pair) => (
          <Pair key={`${pair.a} ${pair.b}`} data={data} pair={pair} />
        ))}
      </ul>
    </section>
  );
}

const meetings: Readonly<Record<string, string>> = {
  often: "Often in one image",
  seldom: "Seldom in one image",
};

function Pair({ data, pair }: { data: EncoderData; pair: Combination }) {
  const { address } = useAtlas();
  const { a, b, nameA, nameB, ofA, ofB, middle, other, aBeyondB, bBeyondA } = pair;
  const colour = (number: number) => {
    const feature = data.features[number];
    return feature ? colourOf(feature, data.encoder.map) : "var(--dim)";
  };
  const colours = { "--a": colour(a), "--b": colour(b) } as React.CSSProperties;
  return (
    <li className="pair" style={colours}>
      <a
        className="pair-way"
        href={address(["combine"], { a: String(a), b: String(b) })}
        aria-label={`Walk from ${nameA} to ${nameB}`}
      >
        <End picture={ofA} name={nameA} />
        <span className="pair-arrow" aria-hidden="true">
          →
        </span>
        <Refined picture={middle} alt={`Half way between ${nameA} and ${nameB}: ${middle.verdict}`} />
        <span className="pair-arrow" aria-hidden="true">
          ←
        </span>
        <End picture={ofB} name={nameB} />
      </a>
      <div className="pair-facts">
        <h3>
          {nameA} and {nameB}: {verdict(middle, pair)}
        </h3>
        <div className="pair-places">
          <Places crops={middle.cropsA} colour="var(--a)" label={`Where ${nameA} answers`} />
          <Places crops={middle.cropsB} colour="var(--b)" label={`Where ${nameB} answers`} />
          <small>
            {middle.overlap === null
              ? "No overlap of places"
              : `Overlap of places ${measure(middle.overlap)}`}
            ; in the whole picture {nameA} is number {middle.rankA} by strength and {nameB} number{" "}
            {middle.rankB}. Cosine with the direction half way {measure(middle.cosine)}
            {other && <>; begun otherwise {measure(other.cosine)}</>}. {meetings[pair.why] ?? "Named"}; cosine
            of the two directions {measure(pair.cosine)}.
          </small>
        </div>
        <div className="pair-more">
          {other && (
            <Small picture={other} alt={`Half way, begun otherwise: ${other.verdict}`}>
              begun otherwise: {verdict(other, pair)}
            </Small>
          )}
          {aBeyondB && (
            <Small picture={aBeyondB} alt={`${nameA} without ${nameB}`}>
              {nameA} ⊥ {nameB}
            </Small>
          )}
          {bBeyondA && (
            <Small picture={bBeyondA} alt={`${nameB} without ${nameA}`}>
              {nameB} ⊥ {nameA}
            </Small>
          )}
        </div>
      </div>
    </li>
  );
}

function End({ picture, name }: { picture: RefinedPicture; name: string }) {
  return (
    <span className="pair-end">
      <Refined picture={picture} alt={name} />
      <small>{name}</small>
    </span>
  );
}

function Small({
  picture,
  alt,
  children,
}: {
  picture: RefinedPicture;
  alt: string;
  children: React.ReactNode;
}) {
  return (
    <figure>
      <Refined picture={picture} alt={alt} />
      <figcaption>
        {children} <span className="faint">cosine {measure(picture.cosine)}</span>
      </figcaption>
    </figure>
  );
}

/** In words; of one alone, which it is. */
function verdict({ verdict, cropsA }: RefinedPicture, { nameA, nameB }: Combination): string {
  if (verdict !== "one alone") return verdict;
  return `${cropsA.some((value) => value > 0) ? nameA : nameB} alone`;
}
