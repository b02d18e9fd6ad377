/** Encoders that a stage's parameters name: judges, which need not be among the pipeline's own. */

export interface Judges {
  /** Folders in models/. */
  readonly names: readonly string[];
  /** Folders elsewhere: what has a slash. */
  readonly paths: readonly string[];
}

export function judgesOf({ judges }: Readonly<Record<string, unknown>> = {}): Judges {
  const named = Array.isArray(judges) ? judges.filter((name) => typeof name === "string") : [];
  return {
    names: named.filter((name) => /^[\w.-]+$/.test(name) && !/^\.+$/.test(name)),
    paths: named.filter((name) => /[/\\]/.test(name)),
  };
}
