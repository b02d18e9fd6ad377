/** What a page's address chooses, beside which page it is. */

import { useSite } from "./atlas.tsx";
import { currentRoute, navigate, type Route, useRoute } from "./router.ts";

type Choices<Name extends string> = Readonly<Partial<Record<Name, string>>>;
type Change<Name extends string> = Readonly<Partial<Record<Name, string | undefined>>>;

/** The choices of `page`, a way to change some of them, and the address with some changed. */
export function useChoicesOf<Name extends string>(
  page: string,
): [
  choices: Choices<Name>,
  choose: (change: Change<Name>) => void,
  addressWith: (change: Change<Name>) => string,
] {
  const { query } = useRoute();
  const { address } = useSite();
  const changed = ({ e: _, ...kept }: Route["query"], change: Change<Name>) =>
    address([page], { ...kept, ...change });
  return [
    query as Choices<Name>,
    // Of the route at that moment: a photo is chosen long before it is read.
    (change) => navigate(changed(currentRoute().query, change), { replace: true }),
    (change) => changed(query, change),
  ];
}

/** Names in an address, one after another; names hold commas. */
const between = "|";

export function listed(text: string | undefined): readonly string[] | undefined {
  return text?.split(between).filter(Boolean);
}

/** Those of `all` that are wanted; undefined where none is. */
export function kept(
  all: readonly string[],
  wanted: readonly string[] | undefined,
): readonly string[] | undefined {
  const known = all.filter((one) => wanted?.includes(one));
  return known.length > 0 ? known : undefined;
}

/** A list with an item put in or taken out, in the order of all; never empty. */
export function toggled(all: readonly string[], chosen: readonly string[], item: string): string {
  const next = all.filter((one) => (one === item ? !chosen.includes(one) : chosen.includes(one)));
  return (next.length > 0 ? next : [item]).join(between);
}
