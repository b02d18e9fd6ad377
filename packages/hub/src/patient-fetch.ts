/** `fetch` that outlasts a busy hub and a bad line. */

import { setTimeout as wait } from "node:timers/promises";
import type { HubSettings } from "./settings.ts";

/** Requests, the first one included. */
const tries = 5;
/** The longest wait that a server may ask for. */
const longestPause = 60_000;

/**
 * Repeats what was refused for now (429, 5xx) or never arrived, after the pause that the server names or ever longer
 * ones; ends a body from which nothing has come for `patience`.
 */
export function patientFetch(
  { pause, patience }: HubSettings,
  signal: AbortSignal | undefined,
): typeof fetch {
  return async (input, init) => {
    for (let attempt = 0; ; attempt++) {
      const last = attempt === tries - 1;
      const idle = idleTimer(patience);
      try {
        const signals = [idle.signal, ...(signal ? [signal] : [])];
        const response = await fetch(input, { ...init, signal: AbortSignal.any(signals) });
        if (last || !(response.status === 429 || response.status >= 500)) return watched(response, idle);
        idle.end();
        await response.body?.cancel();
        await wait(pauseOf(response, pause * 2 ** attempt), undefined, { ...(signal && { signal }) });
      } catch (error) {
        idle.end();
        signal?.throwIfAborted();
        if (last) throw error;
        await wait(pause * 2 ** attempt, undefined, { ...(signal && { signal }) });
      }
    }
  };
}

function pauseOf(response: Response, otherwise: number): number {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds) * 1_000, longestPause) : otherwise;
}

interface IdleTimer {
  readonly signal: AbortSignal;
  heard(): void;
  end(): void;
}

function idleTimer(patience: number): IdleTimer {
  const controller = new AbortController();
  const give = () => controller.abort(new Error(`nothing came for ${patience / 1_000} s`));
  let timer = setTimeout(give, patience).unref();
  return {
    signal: controller.signal,
    heard() {
      clearTimeout(timer);
      timer = setTimeout(give, patience).unref();
    },
    end: () => clearTimeout(timer),
  };
}

/** The same response, each of whose chunks starts the timer again. */
function watched(response: Response, idle: IdleTimer): Response {
  if (response.body === null) {
    idle.end();
    return response;
  }
  const body = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        idle.heard();
        controller.enqueue(chunk);
      },
      flush: () => idle.end(),
    }),
  );
  const { status, statusText, headers } = response;
  const copy = new Response(body, { status, statusText, headers });
  // The address after redirections, which a constructed response does not have.
  Object.defineProperty(copy, "url", { value: response.url });
  return copy;
}
