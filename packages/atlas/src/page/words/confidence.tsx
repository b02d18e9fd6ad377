import type { SiteWordsAbout } from "@optogram/render-atlas/site";
import { fixed } from "../format.ts";
import { useChoices } from "./choices.ts";
import type { Ranked } from "./rank.ts";

/** A confidence as bar and number; it leads to how it was calibrated. */
export function Confidence({ of, about }: { of: Ranked; about: SiteWordsAbout }) {
  const [, , addressWith] = useChoices();
  const { fitted } = about.confidence;
  return (
    <a
      className={fitted ? "sure" : "sure sure-guess"}
      href={addressWith({ calibration: "1" })}
      title={`cosine ${fixed(of.cosine, 3)}: how this becomes a confidence`}
    >
      <span className="sure-track">
        <span className="sure-fill" style={{ width: `${100 * of.confidence}%` }} />
      </span>
      <b>{likely(of.confidence)}</b>
      {!fitted && <small>heuristic</small>}
    </a>
  );
}

/** Hundredths of a percent would say more than a calibration can hold. */
function likely(confidence: number): string {
  if (confidence < 0.01) return "< 1 %";
  return confidence > 0.99 ? "> 99 %" : `${Math.round(100 * confidence)} %`;
}
