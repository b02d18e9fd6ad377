/** A card, or an encoder, that cannot be used: one line that says where, what is wrong and what to do. */
export class EncoderError extends Error {
  override readonly name = "EncoderError";
}

/** What another library says, cut to one line. */
export function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n")[0];
}
