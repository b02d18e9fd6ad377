import type { Site } from "@optogram/render-atlas/site";

/** An error whose message is meant for the reader: what happened, and what to do. */
export class PageError extends Error {
  override name = "PageError";
}

const known = 1;

export async function loadSite(): Promise<Site> {
  const response = await fetch("atlas.json").catch(() => undefined);
  if (!response?.ok) {
    throw new PageError(
      "The atlas's contents (atlas.json) could not be read. Serve the whole folder that render-atlas wrote, for example with npm start.",
    );
  }
  const site = (await response.json().catch(() => undefined)) as Site | undefined;
  if (site?.schemaVersion !== known || !Array.isArray(site.encoders)) {
    throw new PageError(
      `atlas.json has a layout that this page does not know (version ${site?.schemaVersion ?? "none"}, wanted ${known}). Render the atlas again.`,
    );
  }
  return site;
}

const promises = new Map<string, Promise<unknown>>();

/** A failure is remembered this long: a component asks anew at each render, and would ask without end. */
const retryMilliseconds = 4000;

/** The same promise for the same key, so that a component may ask at every render; one that failed is asked for anew a little later. */
export function once<T>(key: string, load: () => Promise<T>): Promise<T> {
  const known = promises.get(key);
  if (known) return known as Promise<T>;
  const promise = load();
  promises.set(key, promise);
  promise.catch(() => setTimeout(() => promises.delete(key), retryMilliseconds));
  return promise;
}
