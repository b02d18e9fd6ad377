/** Where the hub is, who asks, and where files are kept: the variables that Hugging Face's own software reads. */

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface HubSettings {
  /** Address of the hub, without a slash at the end. */
  readonly endpoint: string;
  /** Folder of the cache, with a folder a repository. */
  readonly cache: string;
  /** The user's access token, where there is one. */
  readonly token?: string;
  /** Files in the cache alone are used. */
  readonly offline: boolean;
  /** Milliseconds before the first repetition of a request that failed; each further one waits twice as long. */
  readonly pause: number;
  /** Milliseconds without a byte after which a connection counts as cut. */
  readonly patience: number;
}

/**
 * From `HF_ENDPOINT`, `HF_HOME`, `HF_HUB_CACHE` (formerly `HUGGINGFACE_HUB_CACHE`), `XDG_CACHE_HOME`, `HF_TOKEN`,
 * `HF_TOKEN_PATH` and `HF_HUB_OFFLINE`, with the defaults of Python's huggingface_hub. The token file is read where
 * there is no `HF_TOKEN`.
 */
export function hubSettings(environment: NodeJS.ProcessEnv = process.env): HubSettings {
  const home = expanded(
    environment.HF_HOME || join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "huggingface"),
  );
  const token = (environment.HF_TOKEN || tokenIn(environment.HF_TOKEN_PATH || join(home, "token"))).trim();
  return {
    endpoint: (environment.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, ""),
    cache: expanded(environment.HF_HUB_CACHE || environment.HUGGINGFACE_HUB_CACHE || join(home, "hub")),
    ...(token !== "" && { token }),
    offline: /^(1|on|yes|true)$/i.test(environment.HF_HUB_OFFLINE ?? ""),
    pause: 1_000,
    patience: 60_000,
  };
}

function tokenIn(path: string): string {
  try {
    return readFileSync(expanded(path), "utf8");
  } catch {
    return "";
  }
}

function expanded(path: string): string {
  return path.replace(/^~(?=$|[/\\])/, homedir());
}
