import { dark, type Hex, light } from "../colour.ts";
import { type Pen, slope } from "../pen.ts";

export const leafGreen = "#5a9a3c";

/** A pointed leaf from (0, 0) towards +x. */
export function leaf(pen: Pen, length: number, width: number, colour: Hex): void {
  pen.path(
    `M0 0Q${length * 0.35} ${-width} ${length} 0Q${length * 0.5} ${width} 0 0Z`,
    slope(light(colour, 0.25), colour, dark(colour, 0.25)),
  );
  pen.line(
    `M${length * 0.1} 0Q${length * 0.5} ${-width * 0.12} ${length * 0.85} 0`,
    dark(colour, 0.3),
    width * 0.07,
    {
      inner: true,
    },
  );
}
