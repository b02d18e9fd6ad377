/** A decomposed image as lines of text with bars. */
import type { DecomposedFeature, DecomposedImage } from "./decompose.ts";

const width = 24;
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A share from 0 to 1 as a bar of up to 24 characters, in steps of an eighth of one. */
export function bar(share: number): string {
  const steps = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  return `${"█".repeat(Math.floor(steps / 8))}${eighths[steps % 8]}`;
}

export function describeImage({ file, baseline, cosine, features }: DecomposedImage): string[] {
  const largest = features[0]?.activation ?? 1;
  return [
    `${file}: ${features.length} features rebuild its embedding to a cosine of ${fixed(cosine)} (none: ${fixed(baseline)})`,
    `${"feature".padStart(9)}  ${"activation".padEnd(width + 8)}cosine so far`,
    ...features.map((row) =>
      `${String(row.feature).padStart(9)}  ${bar(row.activation / largest).padEnd(width)}${row.activation.toFixed(2).padStart(6)}  ${fixed(row.cosine)}  ${describeFeature(row)}`.trimEnd(),
    ),
  ];
}

/** `strawberry (AUROC 0.98), picture by ascent: 0.83`. */
function describeFeature({ kind, auroc, label, picture }: DecomposedFeature): string {
  const name = auroc === undefined ? label : `${kind} (AUROC ${auroc.toFixed(2)})`;
  const drawn = picture && `picture by ${picture.method}: ${picture.cosine.toFixed(2)}`;
  return [name, drawn].filter(Boolean).join(", ");
}

function fixed(value: number): string {
  return value.toFixed(3);
}
