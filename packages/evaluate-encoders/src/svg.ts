/** SVG as text, and the axes that figures share. */

/** Coordinates are rounded to hundredths: nobody sees less, and files stay small. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[] = [],
): string {
  const written = Object.entries(attributes).map(([key, value]) => {
    const text = typeof value === "number" ? String(Math.round(value * 100) / 100) : escaped(value);
    return ` ${key}="${text}"`;
  });
  return children.length === 0
    ? `<${name}${written.join("")}/>`
    : `<${name}${written.join("")}>${children.join("")}</${name}>`;
}

export function escaped(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      // What XML has no place for.
      .replaceAll(/\p{Cc}/gu, " ")
  );
}

export function label(
  text: string,
  x: number,
  y: number,
  attributes: Readonly<Record<string, string | number>> = {},
): string {
  return element("text", { x, y, ...attributes }, [escaped(text)]);
}

/** About the width of a letter in pixels. */
export const letter = 7;

const style =
  "text{font:12px system-ui,sans-serif;fill:currentColor}svg{color:#222}.rule{stroke:currentColor;stroke-opacity:.2}.whisker{stroke:currentColor;stroke-width:1.5}.encoder{fill:#3b74c4;stroke:#3b74c4}.control{fill:#98a2ad;stroke:#98a2ad}@media(prefers-color-scheme:dark){svg{color:#ddd}}";

/** A whole figure. `title` is also what it is read out as. */
export function figure(title: string, width: number, height: number, parts: readonly string[]): string {
  const frame = { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height };
  return `${element("svg", { ...frame, role: "img" }, [
    element("title", {}, [escaped(title)]),
    element("style", {}, [style]),
    label(title, 12, 20, { style: "font-weight:600" }),
    ...parts,
  ])}\n`;
}

/** Round values from at most `low` to at least `high`, in about `count` steps of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, count = 5): number[] {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step =
    [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= count) ?? 10 * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  // Sums of steps would carry their rounding along.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A map of values to pixels. */
export function scale([low, high]: readonly [number, number], [from, to]: readonly [number, number]) {
  return (value: number) => from + ((value - low) / (high - low)) * (to - from);
}
