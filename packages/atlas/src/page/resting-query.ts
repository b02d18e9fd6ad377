import { useEffect, useState } from "react";
import { useSite } from "./atlas.tsx";
import { currentRoute, navigate, useRoute } from "./router.ts";

/** Browsers refuse a page that changes its address at every move of a slider. */
const restMilliseconds = 250;

/** A text that the address holds once it rests: changed by the page and by the address alike. */
export function useRestingQuery(
  page: string,
  name: string,
  otherwise: string,
): [text: string, change: (text: string) => void] {
  const { query } = useRoute();
  const { address } = useSite();
  const said = query[name] ?? otherwise;
  const [text, setText] = useState(said);
  const [heard, setHeard] = useState(said);
  if (said !== heard) {
    setHeard(said);
    setText(said);
  }
  useEffect(() => {
    if (text === said) return;
    const timer = setTimeout(() => {
      const { path, query } = currentRoute();
      if (path[0] !== page) return;
      const { e: _, ...kept } = query;
      const written = text === otherwise ? undefined : text;
      navigate(address([page], { ...kept, [name]: written }), { replace: true });
    }, restMilliseconds);
    return () => clearTimeout(timer);
  }, [text, said, page, name, otherwise, address]);
  return [text, setText];
}
