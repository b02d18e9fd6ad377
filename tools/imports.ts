/** Which modules a source file imports, by its text. */

const commentOrString =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
const specifier = /\b(?:from|import)\s*\(?\s*"(\d+)"/g;

/** Specifiers of every static, dynamic, side-effect, type and re-exporting import in `source`. */
export function importsOf(source: string): string[] {
  // Strings become numbers, so that what stands in one is not taken for code.
  const strings: string[] = [];
  const code = source.replaceAll(commentOrString, (match) => {
    if (match.startsWith("/")) return "";
    if (match.startsWith("`")) return "``";
    return `"${strings.push(match.slice(1, -1)) - 1}"`;
  });
  return [...code.matchAll(specifier)].map((match) => strings[Number(match[1])] as string);
}

/** The package that a bare specifier belongs to; undefined for relative paths and Node's own modules. */
export function packageOf(imported: string): string | undefined {
  if (imported.startsWith(".") || imported.startsWith("node:") || imported.startsWith("/")) return undefined;
  return imported.split("/", imported.startsWith("@") ? 2 : 1).join("/");
}
