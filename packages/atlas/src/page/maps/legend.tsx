import type { ReactNode } from "react";
import { colourOfLine } from "../encoders/charts.ts";

/** A line an encoder, and what else the chart draws. */
export function EncoderLegend({ names, children }: { names: readonly string[]; children?: ReactNode }) {
  return (
    <ul className="legend">
      {names.map((name, i) => (
        <li key={name} className="key-line" style={{ "--key": colourOfLine(i) } as React.CSSProperties}>
          {name}
        </li>
      ))}
      {children}
    </ul>
  );
}
