import { useEffect, useId, useRef, useState } from "react";
import { useAtlas, useEncoderData } from "../atlas.tsx";
import { type Hit, search } from "../data/search.ts";
import { plural } from "../format.ts";
import { navigate, useRoute } from "../router.ts";
import { Picture } from "./picture.tsx";

/** Finds features by number and by word: a number leads to the feature, a word lights its features on the map. */
export function Search() {
  const { address, encoder } = useAtlas();
  const data = useEncoderData();
  const route = useRoute();
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const hits = open ? search(data, query) : [];

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
    setOpen(false);
    setQuery("");
    input.current?.blur();
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

  const keyed = (event: React.KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((active + step + hits.length) % Math.max(1, hits.length));
    } else if (event.key === "Enter") {
      const hit = hits[active];
      if (hit) go(hit);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      setOpen(false);
      setQuery("");
      input.current?.blur();
    }
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears only that the focus left what is inside
    <div
      className="search"
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label="Search features by number or word"
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={hits[active] ? `${list}-${active}` : undefined}
        aria-keyshortcuts="/"
        placeholder="Number or word"
        autoComplete="off"
        value={query}
        onFocus={() => setOpen(true)}
        onChange={(event) => {
          setQuery(event.target.value);
          setOpen(true);
          setActive(0);
        }}
        onKeyDown={keyed}
      />
      <kbd>/</kbd>
      {open && (
        <div className="hits" role="listbox" id={list} aria-label="Found">
          {hits.map((hit, i) => (
            <div
              key={hit.type === "feature" ? hit.feature.feature : hit.word}
              id={`${list}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === active}
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => setActive(i)}
              onClick={() => go(hit)}
              onKeyDown={keyed}
            >
              <Picture feature={hit.type === "feature" ? hit.feature : hit.features[0]!} size="small" />
              {hit.type === "feature" ? (
                <span>
                  Feature {hit.feature.feature}
                  <small>{hit.feature.dead ? "dead: never active" : (hit.feature.answers ?? "")}</small>
                </span>
              ) : (
                <span>
                  {hit.word}
                  <small>{plural(hit.features.length, "feature")}</small>
                </span>
              )}
            </div>
          ))}
          {hits.length === 0 && <p className="faint">Nothing by that number or word</p>}
        </div>
      )}
    </div>
  );
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
