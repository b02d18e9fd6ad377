import type { ReactNode } from "react";
import { toggled } from "../choices.ts";

export interface Toggle {
  /** What the address calls it. */
  readonly id: string;
  readonly shown: ReactNode;
  /** What it is called where a picture is all that is shown. */
  readonly label?: string;
}

/** Things of which some are shown, at least one; `choose` takes those in the address's form. */
export function Toggles({
  legend,
  toggles,
  chosen,
  choose,
  pictures = false,
}: {
  legend: string;
  toggles: readonly Toggle[];
  chosen: readonly string[];
  choose: (listed: string) => void;
  pictures?: boolean;
}) {
  const all = toggles.map(({ id }) => id);
  return (
    <fieldset className={pictures ? "toggles toggles-pictures" : "toggles"}>
      <legend>{legend}</legend>
      {toggles.map(({ id, shown, label }) => (
        <button
          key={id}
          type="button"
          aria-label={label}
          aria-pressed={chosen.includes(id)}
          onClick={() => choose(toggled(all, chosen, id))}
        >
          {shown}
        </button>
      ))}
    </fieldset>
  );
}
