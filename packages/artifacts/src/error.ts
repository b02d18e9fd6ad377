/** Something on disk is not what it should be. One line: what, where, what to do. */
export class ArtifactError extends Error {
  override readonly name = "ArtifactError";
}

/** The message of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/g, " ").trim();
}

/** `ENOENT`, `ENOSPC` and the like, where the error comes from the system. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
