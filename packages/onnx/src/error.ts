/** What is wrong with a model, in one line. */
export class ModelError extends Error {
  override readonly name = "ModelError";
}

/** The first line of whatever was thrown, without its class. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n")[0] ?? "";
}

/** A node as errors name it: by its own name, or by what it makes where it has none. */
export function describe(node: { op: string; name: string; outputs: readonly string[] }): string {
  if (node.name !== "") return `node "${node.name}" (${node.op})`;
  const output = node.outputs.find((name) => name !== "");
  return output === undefined ? `a node (${node.op})` : `the node (${node.op}) that makes "${output}"`;
}
