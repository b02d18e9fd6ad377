import { use, useMemo } from "react";
import { useAtlas } from "../atlas.tsx";
import {
  type Difference,
  type Generation,
  loadSpread,
  type SpreadImage,
  type SpreadPicture,
} from "../data/spread.ts";
import { measure } from "../format.ts";
import { Chart } from "../parts/chart.tsx";
import { Notice } from "../parts/notice.tsx";
import { type Statistic, statisticDots } from "../parts/spread-chart.ts";
import "../style/spread.css";

export function SpreadView() {
  const { encoder } = useAtlas();
  const { images, differences } = use(loadSpread(encoder));
  if (images.length === 0) {
    return (
      <Notice title={`No images of ${encoder.name} were spread`}>
        <p>Add a stage spread-images for this encoder to the pipeline.</p>
      </Notice>
    );
  }
  return (
    <div className="page page-wide spread">
      <h1>How different can pictures be that it takes for the same?</h1>
      <p className="lead">
        Beside each image stand pictures that were searched for through {encoder.name} until their embedding
        pointed where the image's does. Each search began with another image near to it, never with the image
        itself; the cosine it began at stands below. What all have in common is what the encoder keeps; what
        differs it has let go.
      </p>
      {images.map((image, i) => (
        <Row key={image.image} image={image} number={i + 1} />
      ))}
      <h2>As a class</h2>
      <p className="lead">
        The generated pictures against their own originals. Searches begin with real images, so a difference
        is what the search adds.
      </p>
      <div className="spread-charts">
        {differences.map((difference) => (
          <Statistics key={difference.statistic} images={images} difference={difference} />
        ))}
      </div>
    </div>
  );
}

function Row({ image, number }: { image: SpreadImage; number: number }) {
  return (
    <section className="spread-row" aria-label={`Image ${number}: ${image.name}`}>
      <Shown picture={image} alt={`The original: ${image.name}`}>
        <b>{number}. The original</b> {image.name}
        <small>
          cosine with itself <b>{measure(image.cosine)}</b> under the same crops
        </small>
      </Shown>
      <div className="spread-generations">
        {image.generations.map((generation, i) => (
          <Shown key={generation.url} picture={generation} alt={`Generation ${i + 1} of ${image.name}`}>
            cosine <b>{measure(generation.cosine)}</b>
            <small>{begun(generation)}</small>
          </Shown>
        ))}
      </div>
    </section>
  );
}

function begun({ beginningCosine }: Generation): string {
  return `begun at ${measure(beginningCosine)}`;
}

function Shown({
  picture,
  alt,
  children,
}: {
  picture: SpreadPicture;
  alt: string;
  children: React.ReactNode;
}) {
  return (
    <figure>
      <img src={picture.url} alt={alt} loading="lazy" decoding="async" />
      <figcaption>{children}</figcaption>
    </figure>
  );
}

const statistics: Readonly<Record<Statistic, { readonly label: string; readonly define: string }>> = {
  saturation: {
    label: "saturation, 0 to 1",
    define: "How far from grey the pixels are: the mean of (max − min) / max of red, green and blue.",
  },
  contrast: {
    label: "RMS contrast, 0 to 1",
    define: "Standard deviation of the grey values.",
  },
  things: {
    label: "number of things",
    define:
      "Regions of at least 0.6 % of the picture that stand out from the background of their row: a rule of pixels alone, good for means and not for one picture.",
  },
};

function Statistics({ images, difference }: { images: readonly SpreadImage[]; difference: Difference }) {
  const statistic = difference.statistic as Statistic;
  const { label, define } = statistics[statistic] ?? { label: statistic, define: "" };
  const draw = useMemo(
    () => statisticDots(images, statistic, difference, label),
    [images, statistic, difference, label],
  );
  const { original, generated, low, high } = difference;
  const said = `${measure(difference.difference)} (95 % from ${measure(low)} to ${measure(high)})`;
  return (
    <Chart
      draw={draw}
      label={`${label}: originals ${measure(original)}, generated ${measure(generated)}, difference ${said}`}
      caption={
        <>
          <b>Difference {said}.</b> {define} Rings are originals, dots generations; the line is the interval
          of the mean difference, from a bootstrap over images and generations.
        </>
      }
    />
  );
}
