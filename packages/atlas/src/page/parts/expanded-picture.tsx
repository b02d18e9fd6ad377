import { useEffect, useRef } from "react";
import { useAtlas } from "../atlas.tsx";
import { colourOf } from "../colour.ts";
import { type DrawnFeature, howMade } from "../data/drawn.ts";
import { count, measure } from "../format.ts";
import { Picture } from "./picture.tsx";

/** A drawn picture over the page, large, with its figures. Esc closes it, ← and → go to those beside it. */
export function ExpandedPicture({
  feature,
  before,
  after,
  open,
}: {
  feature: DrawnFeature;
  before: DrawnFeature | undefined;
  after: DrawnFeature | undefined;
  /** Opens another picture in this one's place; without one, none is open. */
  open: (other?: DrawnFeature) => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { encoder, address } = useAtlas();
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  useEffect(() => {
    const keyed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const other = event.key === "ArrowRight" ? after : event.key === "ArrowLeft" ? before : undefined;
      if (other) open(other);
    };
    addEventListener("keydown", keyed);
    return () => removeEventListener("keydown", keyed);
  }, [before, after, open]);
  const { method, cosine, imageCosine, rank } = feature.picture;
  const facts: [string, string][] = [
    ["How it was made", howMade(method).name],
    ["Cosine under fresh crops", measure(cosine)],
    ["The best real image's", imageCosine === null ? "–" : measure(imageCosine)],
    ["Rank in its own picture", rank === null ? "–" : `${count(rank)} of ${count(encoder.latents)}`],
  ];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes it too
    <dialog
      ref={dialog}
      className="expanded"
      aria-label={`Picture of feature ${feature.feature}`}
      style={{ "--feature": colourOf(feature, encoder.map) } as React.CSSProperties}
      onClose={() => open()}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div className="expanded-inner">
        <Picture feature={feature} />
        <div className="expanded-facts">
          <h2>
            Feature {feature.feature} {feature.answers && <b>{feature.answers}</b>}
          </h2>
          <dl className="facts-list">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <p className="faint">{howMade(method).sentence}</p>
          <p className="ways">
            <a className="button" href={address(["feature", feature.feature])}>
              All about this feature
            </a>
          </p>
          <p className="ways">
            <button type="button" disabled={!before} onClick={() => open(before)}>
              ← Before
            </button>
            <button type="button" disabled={!after} onClick={() => open(after)}>
              Next →
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              Close
            </button>
          </p>
        </div>
      </div>
    </dialog>
  );
}
