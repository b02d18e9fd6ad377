import type { SiteSuperposition } from "@optogram/render-atlas/site";
import { use } from "react";
import { useAtlas } from "../atlas.tsx";
import { count } from "../format.ts";
import { Notice } from "../parts/notice.tsx";
import { navigate, useRoute } from "../router.ts";
import { loadFilm } from "../superposition/film.ts";
import { Plane } from "../superposition/plane.tsx";
import { usePlayer } from "../superposition/player.ts";
import { Timeline } from "../superposition/timeline.tsx";
import "../style/superposition.css";

export function SuperpositionView() {
  const { site, address } = useAtlas();
  if (!site.superposition) {
    return (
      <Notice title="This atlas holds no superposition">
        <a href={address([])}>Go to the start</a>
      </Notice>
    );
  }
  return <Superposition site={site.superposition} />;
}

function Superposition({ site }: { site: SiteSuperposition }) {
  const film = use(loadFilm(site));
  const { address } = useAtlas();
  const { query } = useRoute();
  const player = usePlayer("superposition", film.frames.length);
  const frame = film.frames[player.at]!;
  const atEnd = player.at === film.frames.length - 1;
  const directions = query.directions === undefined ? atEnd : query.directions === "1";
  const choose = (shown: boolean) => {
    const { e: _, ...kept } = query;
    navigate(
      address(["superposition"], { ...kept, step: String(frame.step), directions: shown ? "1" : "0" }),
      {
        replace: true,
      },
    );
  };
  const right = `${(100 * frame.accuracy).toFixed(1)} %`;
  return (
    <article className="page page-wide superposition">
      <div className="superposition-head">
        <h1>Ten classes in two dimensions</h1>
        <p className="lead">
          A network learns to tell ten digits apart, but of each picture it may keep only two numbers: a
          point. Watch the heap of points become a star.
        </p>
      </div>
      <Plane
        film={film}
        frame={frame}
        digits={site.digits}
        directions={directions}
        label={`${film.labels.length} digits as points in a plane after ${frame.step} steps of training: ${right} lie nearest to their own class’s direction`}
      />
      <div className="superposition-side">
        <dl className="figures">
          <div>
            <dt>step</dt>
            <dd>{frame.step}</dd>
          </div>
          <div>
            <dt>recognised</dt>
            <dd>{right}</dd>
          </div>
          <div>
            <dt>loss</dt>
            <dd>{frame.loss.toFixed(2)}</dd>
          </div>
        </dl>
        <Timeline film={film} player={player} />
        <label className="switch">
          <input type="checkbox" checked={directions} onChange={(event) => choose(event.target.checked)} />
          Show each class’s direction
        </label>
        <p className="faint">
          Every point is the picture of a digit: point at it to see which. Colours say what it shows; a ring
          is one that the network takes for another. Space plays, ← and → step.
        </p>
        <h3>Why do ten fit into two?</h3>
        <p>
          A plane has room for two directions at right angles. But to be told apart, a class only needs a
          direction in which it beats the others, and on a circle every direction wins somewhere. The price is
          interference: neighbours, 36° apart, share four fifths of each other’s score. This is{" "}
          <b>superposition</b>: more features than dimensions.
        </p>
        <p>
          Encoders do the same with thousands of features in some hundred numbers, and{" "}
          <a href={address(["features"])}>the features of this atlas</a> are what was found when such a
          superposition was taken apart.
        </p>
        <p className="faint">
          {site.drawn ? "Drawn digits" : "MNIST’s digits"}: learnt from {count(site.training)}, never from the{" "}
          {film.labels.length} shown. At the end {(100 * site.heldOut.accuracy).toFixed(1)} % of{" "}
          {count(site.heldOut.digits)} unseen ones are recognised.{" "}
          <a href={address(["about"])}>How it was made</a>
        </p>
      </div>
    </article>
  );
}
