import { type ReactNode, type Ref, useId, useState } from "react";
import { useEncoderData } from "../atlas.tsx";
import { type Hit, search } from "../data/search.ts";
import { plural } from "../format.ts";
import { Picture } from "./picture.tsx";

/** A field that finds features by number and by word, with its list. */
export function SearchBox({
  label,
  placeholder,
  onPick,
  field,
  shortcut,
  children,
}: {
  label: string;
  placeholder: string;
  onPick: (hit: Hit) => void;
  field?: Ref<HTMLInputElement>;
  /** The key that leads to the field, for those who hear the page. */
  shortcut?: string;
  children?: ReactNode;
}) {
  const data = useEncoderData();
  const list = useId();
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const hits = open ? search(data, query) : [];

  const close = () => {
    setOpen(false);
    setQuery("");
    (document.activeElement as HTMLElement | null)?.blur();
  };

  const go = (hit: Hit) => {
    close();
    onPick(hit);
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
      close();
    }
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears only that the focus left what is inside
    <div
      className="search"
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <input
        ref={field}
        type="search"
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={hits[active] ? `${list}-${active}` : undefined}
        aria-keyshortcuts={shortcut}
        placeholder={placeholder}
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
      {children}
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
