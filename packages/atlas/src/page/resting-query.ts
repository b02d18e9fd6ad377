import { useEffect, useState } from "react";
import { useAtlas } from "./atlas.tsx";
import { currentRoute, navigate, useRoute } from "./router.ts";

/** Browsers refuse a page that changes its address at every move of a slider. */
const restMilliseconds = 250;

/** A number that the address holds once it rests: changed by the page and by the address alike. */
export function useRestingQuery(
  page: string,
  name: string,
  otherwise: number,
): [value: number, change: (value: number) => void] {
  const { query } = useRoute();
  const { address } = useAtlas();
  const text = query[name];
  const parsed = text === undefined ? otherwise : Number(text);
  const said = Number.isFinite(parsed) ? parsed : otherwise;
  const [value, setValue] = useState(said);
  const [heard, setHeard] = useState(said);
  if (said !== heard) {
    setHeard(said);
    setValue(said);
  }
  useEffect(() => {
    if (value === said) return;
    const timer = setTimeout(() => {
      const { path, query } = currentRoute();
      if (path[0] !== page) return;
      const { e: _, ...kept } = query;
      const written = value === otherwise ? undefined : String(value);
      navigate(address([page], { ...kept, [name]: written }), { replace: true });
    }, restMilliseconds);
    return () => clearTimeout(timer);
  }, [value, said, page, name, otherwise, address]);
  return [value, setValue];
}
