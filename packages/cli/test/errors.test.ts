import { ArtifactError } from "@optogram/artifacts";
import { describeFailure, StoppedError, UserError } from "@optogram/cli";
import { expect, test } from "vitest";

class ModelError extends Error {
  override readonly name = "ModelError";
}

const system = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: something, open '${path}'`), { code, ...(path ? { path } : {}) });

test.each<[string, unknown, number, string]>([
  [
    "what, where and what to do",
    new UserError("no card", { where: "models/a", advice: "write one" }),
    1,
    "no card (models/a): write one",
  ],
  ["an artifact", new ArtifactError("a: changed; run x again"), 1, "a: changed; run x again"],
  [
    "another package's own error",
    new ModelError("no gradient rule for X\n(node N)"),
    1,
    "no gradient rule for X (node N)",
  ],
  [
    "a full disk",
    system("ENOSPC", "data/a"),
    1,
    "the disk is full (data/a): free some space and run the same command again; nothing that was there is lost",
  ],
  [
    "a folder that may not be written",
    system("EACCES", "/data"),
    1,
    "access is denied (/data): change its permissions or name another folder",
  ],
  [
    "a missing file",
    system("ENOENT", "a.onnx"),
    1,
    "there is no such file or folder (a.onnx): check the path",
  ],
  ["a stop", new StoppedError(), 130, "stopped; run the same command again to go on"],
  [
    "a defect",
    new TypeError("x is not a function"),
    2,
    "x is not a function; this is unexpected: OPTOGRAM_DEBUG=1 shows where",
  ],
  ["a plain error", new Error("a\nb"), 2, "a b; this is unexpected: OPTOGRAM_DEBUG=1 shows where"],
  ["no error at all", "text", 2, "text; this is unexpected: OPTOGRAM_DEBUG=1 shows where"],
])("%s is one line", (_, error, exitCode, message) => {
  expect(describeFailure(error)).toEqual({ exitCode, message });
});
