import { Suspense } from "react";
import { useSite, walkable } from "../atlas.tsx";
import { type Page, pagesOf } from "../pages.ts";
import { formatRoute, navigate, useRoute } from "../router.ts";
import { Search } from "./search.tsx";

export function Header({ page }: { page: Page | undefined }) {
  const { site, encoder, address } = useSite();
  return (
    <header className="header">
      <a className="brand" href={address([])} aria-label="Optogram: start">
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
          <circle cx="16" cy="16" r="12" fill="none" stroke="currentColor" strokeWidth="3" />
          <circle cx="16" cy="16" r="4.5" fill="currentColor" />
        </svg>
        <span>Optogram</span>
      </a>
      <nav aria-label="Pages">
        {pagesOf(site)
          .filter((candidate) => candidate.inNavigation)
          .map((candidate) => (
            <a
              key={candidate.path}
              href={address([candidate.path])}
              aria-current={candidate.path === page?.path ? "page" : undefined}
            >
              {candidate.title}
            </a>
          ))}
      </nav>
      {encoder && (
        <>
          <EncoderChoice chosen={encoder.name} />
          <Suspense fallback={<div className="search ghost" />}>
            <Search />
          </Suspense>
        </>
      )}
    </header>
  );
}

/** What of an address names features, and so others in another encoder. */
const ofEncoder: ReadonlySet<string> = new Set(["e", "f", "a", "b", "of", "mix"]);

/** Changing the encoder keeps the page and what of the address means the same there. */
function EncoderChoice({ chosen }: { chosen: string }) {
  const { site } = useSite();
  const route = useRoute();
  const choices = walkable(site);
  if (choices.length < 2) return null;
  const choose = (name: string) => {
    const kept = Object.entries(route.query).filter(([key]) => !ofEncoder.has(key));
    const e = name === choices[0]?.name ? undefined : name;
    navigate(formatRoute(route.path, { ...Object.fromEntries(kept), e }));
  };
  return (
    <label className="choice">
      <span className="hidden">Encoder</span>
      <select value={chosen} onChange={(event) => choose(event.target.value)}>
        {choices.map((choice) => (
          <option key={choice.name}>{choice.name}</option>
        ))}
      </select>
    </label>
  );
}
