import { useEffect, useState } from "react";
import { numberWithin } from "../format.ts";
import { useRestingQuery } from "../resting-query.ts";
import { currentRoute } from "../router.ts";

const framesASecond = 30;

export interface Player {
  /** The frame shown, from 0. */
  readonly at: number;
  readonly playing: boolean;
  /** Shows a frame and stands still. */
  go(frame: number): void;
  /** Plays on, from the start where the end was reached; or stops. */
  toggle(): void;
}

/**
 * Plays `count` frames. The address holds where it rests; one that says nothing plays from the start, or shows the end
 * to those who want no motion.
 */
export function usePlayer(page: string, count: number): Player {
  const last = count - 1;
  const [still] = useState(() => matchMedia("(prefers-reduced-motion: reduce)").matches);
  const [text, setText] = useRestingQuery(page, "step", still ? String(last) : "0");
  const at = Math.round(numberWithin(text, 0, last, last));
  /** The frame from which it plays; undefined while it stands still. */
  const [from, setFrom] = useState(() => (still || currentRoute().query.step !== undefined ? undefined : 0));
  const playing = from !== undefined;
  const go = (frame: number) => {
    setFrom(undefined);
    setText(String(Math.min(last, Math.max(0, frame))));
  };
  const toggle = () => setFrom(playing ? undefined : at < last ? at : 0);
  useEffect(() => {
    if (from === undefined) return;
    let request = 0;
    let began: number | undefined;
    const tick = (now: number) => {
      began ??= now;
      const frame = Math.min(last, from + Math.floor(((now - began) / 1000) * framesASecond));
      setText(String(frame));
      if (frame < last) request = requestAnimationFrame(tick);
      else setFrom(undefined);
    };
    request = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(request);
  }, [from, last, setText]);
  useEffect(() => {
    const keyed = (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const { tagName } = event.target as HTMLElement;
      if (event.key === " " && !/^(BUTTON|A|SELECT)$/.test(tagName) && !isSwitch(event.target)) {
        event.preventDefault();
        toggle();
      } else if (!/^(INPUT|SELECT)$/.test(tagName)) {
        if (event.key === "ArrowRight") go(at + 1);
        if (event.key === "ArrowLeft") go(at - 1);
      }
    };
    addEventListener("keydown", keyed);
    return () => removeEventListener("keydown", keyed);
  });
  return { at, playing, go, toggle };
}

/** Fields that take a space themselves. */
function isSwitch(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type !== "range";
}
