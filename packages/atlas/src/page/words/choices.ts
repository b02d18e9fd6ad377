import { useSite } from "../atlas.tsx";
import { currentRoute, navigate, type Route, useRoute } from "../router.ts";

/**
 * What the address says besides the text: `of`, the encoder; `image`, one of its images; `calibration`, 1 where it is
 * shown.
 */
export type Choices = Readonly<Partial<Record<"of" | "image" | "calibration", string>>>;

type Change = { readonly [K in keyof Choices]: Choices[K] | undefined };

/** The choices, a way to change some of them, and the address with some changed. */
export function useChoices(): [
  choices: Choices,
  choose: (change: Change) => void,
  addressWith: (change: Change) => string,
] {
  const { query } = useRoute();
  const { address } = useSite();
  const changed = ({ e: _, ...kept }: Route["query"], change: Change) =>
    address(["words"], { ...kept, ...change });
  return [
    query,
    // Of the route at that moment: a photo is chosen long before it is read.
    (change) => navigate(changed(currentRoute().query, change), { replace: true }),
    (change) => changed(query, change),
  ];
}
