import { useSyncExternalStore } from "react";

/** What the address's hash says: `#/feature/361?e=tiny` is path ["feature", "361"], query e=tiny. */
export interface Route {
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  return {
    path: path.split("/").filter(Boolean).map(decode),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

export function formatRoute(
  path: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const set = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const search = new URLSearchParams(set).toString();
  return `#/${path.map(encodeURIComponent).join("/")}${search && `?${search}`}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

let current = parseRoute(globalThis.location?.hash ?? "");
const listeners = new Set<() => void>();

function update(): void {
  const before = current.path.join("/");
  current = parseRoute(location.hash);
  if (current.path.join("/") !== before) scrollTo(0, 0);
  for (const listener of listeners) listener();
}

globalThis.addEventListener?.("hashchange", update);

/** Goes to an address; `replace` leaves no step behind for the Back button. */
export function navigate(hash: string, options: { replace?: boolean } = {}): void {
  if (hash === location.hash) return;
  // Not by `location.hash`, which tells of the change later: until then, what reads the route would see the old one.
  if (options.replace) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
  update();
}

/** The route at this moment, for what happens outside of rendering. */
export function currentRoute(): Route {
  return parseRoute(location.hash);
}

export function useRoute(): Route {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
