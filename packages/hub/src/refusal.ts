/** What a refusal of the hub means for the user. */

import { HubApiError, InvalidApiResponseFormatError } from "@huggingface/hub";
import { HubError, type HubFile, type Order } from "./file.ts";
import type { HubSettings } from "./settings.ts";

/** The line to tell. */
export function refusal(error: unknown, { file, settings, byHand }: Order): HubError {
  const { repo } = file;
  const page = pageOf(file, settings);
  const say = (text: string) => new HubError(`${repo}: ${text}`, { cause: error });
  if (error instanceof SyntaxError || error instanceof InvalidApiResponseFormatError) {
    return say(`${settings.endpoint} does not answer as a hub does (${reasonOf(error)}): check HF_ENDPOINT`);
  }
  if (!(error instanceof HubApiError)) {
    return say(`${settings.endpoint} cannot be reached (${reasonOf(error)}); ${byHand}`);
  }
  const tokens = `${settings.endpoint}/settings/tokens`;
  switch (error.statusCode) {
    case 401:
      return settings.token === undefined
        ? say(
            `the hub asks for a login (401), or there is no such repository: accept its licence at ${page} and set HF_TOKEN to a token from ${tokens}`,
          )
        : say(
            `the hub does not take the token (401), or there is no such repository: see ${page}, and set HF_TOKEN to a token from ${tokens}`,
          );
    case 403:
      return say(
        `access is denied (403): accept its licence at ${page} and set HF_TOKEN to a token of that account (${tokens})`,
      );
    case 404:
      return say(`there is no such repository, or no revision "${file.revision}" of it (404): see ${page}`);
    case 429:
      return say("the hub has had too many requests (429): try again in some minutes, or set HF_TOKEN");
    default:
      return say(`the hub answers ${error.statusCode}: try again later, or ${byHand}`);
  }
}

/** Where a person reads about the repository. */
export function pageOf({ kind, repo }: HubFile, { endpoint }: HubSettings): string {
  return `${endpoint}/${kind === "dataset" ? "datasets/" : ""}${repo}`;
}

/** `fetch` hides the reason in the cause. */
export function reasonOf(error: unknown): string {
  const deepest = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = deepest instanceof Error ? deepest.message || deepest.name : String(deepest);
  return (text.split("\n")[0] ?? text).slice(0, 200);
}
