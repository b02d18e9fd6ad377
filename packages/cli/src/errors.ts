import { ArtifactError, codeOf, messageOf } from "@optogram/artifacts";

/** Something that the user can put right. Its message is one line: `WHAT (WHERE): WHAT TO DO`. */
export class UserError extends Error {
  override readonly name: string = "UserError";

  constructor(what: string, details: { where?: string; advice?: string; cause?: unknown } = {}) {
    const { where, advice, cause } = details;
    super(`${what}${where ? ` (${where})` : ""}${advice ? `: ${advice}` : ""}`, { cause });
  }
}

/** A run was stopped by a signal and can go on. */
export class StoppedError extends UserError {
  override readonly name = "StoppedError";

  constructor(cause?: unknown) {
    super("stopped; run the same command again to go on", { cause });
  }
}

export interface Failure {
  readonly message: string;
  /** 1: the user can put it right; 2: a defect or the unforeseen; 130: stopped. */
  readonly exitCode: 1 | 2 | 130;
}

const systemErrors: Readonly<Record<string, readonly [what: string, advice: string]>> = {
  ENOSPC: [
    "the disk is full",
    "free some space and run the same command again; nothing that was there is lost",
  ],
  EDQUOT: ["the disk quota is used up", "free some space and run the same command again"],
  EACCES: ["access is denied", "change its permissions or name another folder"],
  EPERM: ["access is denied", "change its permissions or name another folder"],
  EROFS: ["the file system can only be read", "name another folder"],
  ENOENT: ["there is no such file or folder", "check the path"],
  ENOTDIR: ["a part of the path is no folder", "check the path"],
  EISDIR: ["a file is expected, not a folder", "check the path"],
  EEXIST: ["a file is in the way of a folder", "check the path"],
  EMFILE: ["too many files are open", "raise the limit (ulimit -n)"],
  EADDRINUSE: ["the port is in use", "name another"],
};

/** What to tell the user of anything thrown. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof StoppedError) return { message: messageOf(error), exitCode: 130 };
  if (error instanceof UserError || error instanceof ArtifactError) {
    return { message: messageOf(error), exitCode: 1 };
  }
  const [what, advice] = systemErrors[codeOf(error) ?? ""] ?? [];
  if (what !== undefined) {
    const path = pathOf(error);
    return {
      message: new UserError(what, { ...(path ? { where: path } : {}), ...(advice ? { advice } : {}) })
        .message,
      exitCode: 1,
    };
  }
  if (isDeliberate(error)) return { message: messageOf(error), exitCode: 1 };
  return { message: `${messageOf(error)}; this is unexpected: OPTOGRAM_DEBUG=1 shows where`, exitCode: 2 };
}

function pathOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("path" in error && typeof error.path === "string") return error.path;
  return "port" in error ? String(error.port) : undefined;
}

/** Packages name their own errors (`ModelError`, `ImageError`, …); the language's are defects. */
function isDeliberate(error: unknown): boolean {
  if (!(error instanceof Error) || codeOf(error) !== undefined) return false;
  return /^[A-Z]\w+Error$/.test(error.name) && !Object.hasOwn(globalThis, error.name);
}
