/** Which modules a source file imports, by its text. */

const commentOrString =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
const specifier = /\b(?:from|import)\s*\(?\s*["']([^"'\n]+)["']/g;

/** Specifiers of every static, dynamic, side-effect, type and re-exporting import in `source`. */
export function importsOf(source: string): string[] {
  const code = source.replaceAll(commentOrString, (match) =>
    match.startsWith("/") ? "" : match.startsWith("`") ? "``" : match,
  );
  return [...code.matchAll(specifier)].map((match) => match[1] as string);
}

/** The package that a bare specifier belongs to; undefined for relative paths and Node's own modules. */
export function packageOf(imported: string): string | undefined {
  if (imported.startsWith(".") || imported.startsWith("node:") || imported.startsWith("/")) return undefined;
  return imported.split("/", imported.startsWith("@") ? 2 : 1).join("/");
}
