/** What Nx prints with --outputStyle=stream, as events. Pure. */
import { stripVTControlCharacters } from "node:util";

export type NxEvent =
  | { readonly kind: "start"; readonly task: string; readonly cached: boolean }
  | { readonly kind: "line"; readonly task: string; readonly text: string }
  | { readonly kind: "failed"; readonly task: string }
  | { readonly kind: "other"; readonly text: string };

const started = /^> nx run (\S+):\S+(?:\s+\[(.*cache.*)\])?$/;
/** How the list of failed tasks names each, below what Nx says at the end. */
const listed = /^- (\S+):\S+$/;
const prefixed = /^(\S+): ?(.*)$/;

/**
 * Reads lines one at a time. The output of a task comes prefixed with its project's name while it runs, and
 * without prefix, after the task's own line, when it comes from the cache.
 */
export function nxReader(): (line: string) => NxEvent {
  const running = new Set<string>();
  let replayed: string | undefined;
  return (line) => {
    const text = stripVTControlCharacters(line).trimEnd();
    const start = started.exec(text);
    if (start) {
      const task = start[1] as string;
      const cached = start[2] !== undefined;
      running.add(task);
      replayed = cached ? task : undefined;
      return { kind: "start", task, cached };
    }
    const output = prefixed.exec(text);
    if (output && running.has(output[1] as string)) {
      return { kind: "line", task: output[1] as string, text: output[2] as string };
    }
    if (/^ ?NX /.test(text)) replayed = undefined;
    const failed = listed.exec(text);
    if (failed && running.has(failed[1] as string)) return { kind: "failed", task: failed[1] as string };
    return replayed ? { kind: "line", task: replayed, text } : { kind: "other", text };
  };
}
