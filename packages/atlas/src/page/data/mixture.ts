/** Features and how much of each, as the address writes them: `12:1,33:0.4`. */

export interface Part {
  readonly feature: number;
  /** From 0 to 1. */
  readonly weight: number;
}

/** More sliders than these are no pleasure. */
export const mostParts = 12;

/** What of a text names features below `latents`, each once; weights are brought between 0 and 1. */
export function parseMixture(text: string, latents: number): Part[] {
  const parts = new Map<number, Part>();
  for (const part of text.split(",")) {
    const match = /^(\d+)(?::(\d*\.?\d+))?$/.exec(part);
    const feature = Number(match?.[1] ?? latents);
    if (feature < latents && !parts.has(feature))
      parts.set(feature, { feature, weight: Math.min(1, Number(match?.[2] ?? 1)) });
  }
  return [...parts.values()].slice(0, mostParts);
}

export function formatMixture(parts: readonly Part[]): string {
  return parts.map(({ feature, weight }) => `${feature}:${Number(weight.toFixed(2))}`).join(",");
}

/** The strongest of a code, their values over the largest. */
export function mixtureOfCode(code: readonly { readonly feature: number; readonly value: number }[]): Part[] {
  const largest = code[0]?.value ?? 1;
  return code.slice(0, mostParts).map(({ feature, value }) => ({ feature, weight: value / largest }));
}
