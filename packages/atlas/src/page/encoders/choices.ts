import { useSite } from "../atlas.tsx";
import { navigate, useRoute } from "../router.ts";

/** What of the page's address chooses something. */
export type Choice = "measure" | "rows" | "images" | "first" | "second" | "operators" | "change";

/** The address's choices, and a way to change some of them. */
export function useChoices(): [
  chosen: Readonly<Partial<Record<Choice, string>>>,
  choose: (more: Readonly<Partial<Record<Choice, string | undefined>>>) => void,
] {
  const { query } = useRoute();
  const { address } = useSite();
  const choose = (more: Readonly<Partial<Record<Choice, string | undefined>>>) => {
    const { e: _, ...kept } = query;
    navigate(address(["encoders"], { ...kept, ...more }), { replace: true });
  };
  return [query, choose];
}

/** Names in an address, one after another; names hold commas. */
const between = "|";

export function listed(text: string | undefined): readonly string[] | undefined {
  return text?.split(between).filter(Boolean);
}

/** A list with an item put in or taken out, in the order of all; never empty. */
export function toggled(all: readonly string[], chosen: readonly string[], item: string): string {
  const next = all.filter((one) => (one === item ? !chosen.includes(one) : chosen.includes(one)));
  return (next.length > 0 ? next : [item]).join(between);
}
