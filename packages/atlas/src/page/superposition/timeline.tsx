import type { Film } from "./film.ts";
import type { Player } from "./player.ts";

const [width, height] = [300, 40];

/** Play and pause, and a scrubber over the curve of what is recognised. */
export function Timeline({
  film: { frames },
  player: { at, playing, go, toggle },
}: {
  film: Film;
  player: Player;
}) {
  const last = frames.length - 1;
  const name = playing ? "Pause" : at === last ? "Replay" : "Play";
  const curve = frames.map(
    ({ accuracy }, i) =>
      `${((i / Math.max(1, last)) * width).toFixed(1)} ${((1 - accuracy) * height).toFixed(1)}`,
  );
  return (
    <div className="timeline">
      <button type="button" className="button-first" onClick={toggle}>
        {name}
      </button>
      <div className="timeline-track">
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          <path className="timeline-area" d={`M0 ${height}L${curve.join("L")}L${width} ${height}Z`} />
          <path className="timeline-done" d={`M0 ${height}L${curve.slice(0, at + 1).join("L")}V${height}Z`} />
        </svg>
        <input
          type="range"
          aria-label="Step of training"
          min={0}
          max={last}
          step={1}
          value={at}
          aria-valuetext={`step ${frames[at]!.step}, ${Math.round(100 * frames[at]!.accuracy)} % recognised`}
          onChange={(event) => go(Number(event.target.value))}
        />
      </div>
    </div>
  );
}
