import { useEffect, useRef } from "react";
import { useAtlas } from "../atlas.tsx";
import type { Hit } from "../data/search.ts";
import { navigate, useRoute } from "../router.ts";
import { SearchBox } from "./search-box.tsx";

/** Finds features by number and by word: a number leads to the feature, a word lights its features on the map. */
export function Search() {
  const { address, encoder } = useAtlas();
  const route = useRoute();
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isField(event.target))
        return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener("keydown", focus);
    return () => removeEventListener("keydown", focus);
  }, []);

  const go = (hit: Hit) => {
    const onMap = route.path[0] === "map";
    if (hit.type === "feature") {
      const number = String(hit.feature.feature);
      const { q: _, x: __, y: ___, z: ____, ...rest } = route.query;
      navigate(
        onMap && hit.feature.cell ? address(["map"], { ...rest, f: number }) : address(["feature", number]),
      );
    } else if (encoder.map && route.path[0] !== "features") {
      navigate(address(["map"], { q: hit.word }));
    } else {
      navigate(address(["features"], { kind: hit.word }));
    }
  };

  return (
    <SearchBox
      label="Search features by number or word"
      placeholder="Number or word"
      onPick={go}
      field={input}
      shortcut="/"
    >
      <kbd>/</kbd>
    </SearchBox>
  );
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
