import { measure } from "../format.ts";

/** Cells of a picture of crops along an edge. */
const across = 3;

/** How strongly a feature answers to each of nine crops, as nine squares: the stronger, the fuller its colour. */
export function Places({
  crops,
  colour,
  label,
}: {
  crops: readonly number[];
  colour: string;
  label: string;
}) {
  const most = Math.max(...crops, 0);
  const strongest = crops.indexOf(most);
  const said = most > 0 ? `${label}: most ${placeNames[strongest]} (${measure(most)})` : `${label}: nowhere`;
  return (
    <svg className="places" viewBox={`0 0 ${across} ${across}`} role="img" aria-label={said}>
      <title>{said}</title>
      {crops.map((value, i) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a crop is its place
          key={i}
          x={(i % across) + 0.04}
          y={Math.floor(i / across) + 0.04}
          width={0.92}
          height={0.92}
          fill={colour}
          fillOpacity={most > 0 ? 0.08 + (0.92 * value) / most : 0.08}
        />
      ))}
    </svg>
  );
}

const placeNames = [
  "at the top left",
  "at the top",
  "at the top right",
  "at the left",
  "in the middle",
  "at the right",
  "at the bottom left",
  "at the bottom",
  "at the bottom right",
];
