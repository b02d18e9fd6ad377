import type { Site, SiteEncoder } from "@optogram/render-atlas/site";
import { createContext, use } from "react";
import { type EncoderData, loadEncoder } from "./data/encoder.ts";
import { loadSite, once } from "./data/load.ts";
import { formatRoute, useRoute } from "./router.ts";

/** What every part of the page may ask for: the site, the chosen encoder, and addresses that keep that choice. */
export interface OpenAtlas {
  readonly site: Site;
  /** None in an atlas that only ranks encoders. */
  readonly encoder: SiteEncoder | undefined;
  address(path: readonly (string | number)[], query?: Readonly<Record<string, string | undefined>>): string;
}

export interface Atlas extends OpenAtlas {
  readonly encoder: SiteEncoder;
}

export const AtlasContext = createContext<OpenAtlas | undefined>(undefined);

/** For what an atlas without encoders shows as well. */
export function useSite(): OpenAtlas {
  const atlas = use(AtlasContext);
  if (!atlas) throw new Error("no atlas around this component");
  return atlas;
}

export function useAtlas(): Atlas {
  const { encoder, ...atlas } = useSite();
  if (!encoder) throw new Error("this page is of an encoder, and the atlas holds none");
  return { ...atlas, encoder };
}

export function useEncoderData(): EncoderData {
  return use(loadEncoder(useAtlas().encoder));
}

/** Encoders that can be walked through: those with a map, or all where none has one. */
export function walkable(site: Site): readonly SiteEncoder[] {
  const mapped = site.encoders.filter((encoder) => encoder.map);
  return mapped.length > 0 ? mapped : site.encoders;
}

export function useOpenAtlas(): OpenAtlas {
  const site = use(once("site", loadSite));
  const { query } = useRoute();
  const choices = walkable(site);
  const encoder = choices.find((choice) => choice.name === query.e) ?? choices[0];
  const e = encoder === choices[0] ? undefined : encoder?.name;
  return {
    site,
    encoder,
    address: (path, more) => formatRoute(path.map(String), { ...more, e }),
  };
}
