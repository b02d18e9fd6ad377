import type { PageName, Site } from "@optogram/render-atlas/site";
import { type ComponentType, lazy } from "react";

export interface Page {
  /** First part of the address; the start page has none. */
  readonly path: string;
  readonly title: string;
  /** The data it needs; a page whose data the atlas does not hold is nowhere linked. */
  readonly needs: PageName | undefined;
  readonly inNavigation: boolean;
  readonly fillsWindow?: boolean;
  readonly view: ComponentType;
}

/** Every page, in the navigation's order. A new one is an entry here and a name in `atlas.json`. */
const all: readonly Page[] = [
  {
    path: "",
    title: "Start",
    needs: undefined,
    inNavigation: false,
    view: lazy(() => import("./views/start.tsx").then((module) => ({ default: module.StartView }))),
  },
  {
    path: "map",
    title: "Map",
    needs: "map",
    inNavigation: true,
    fillsWindow: true,
    view: lazy(() => import("./views/map.tsx").then((module) => ({ default: module.MapView }))),
  },
  {
    path: "features",
    title: "Features",
    needs: "features",
    inNavigation: true,
    view: lazy(() => import("./views/features.tsx").then((module) => ({ default: module.FeaturesView }))),
  },
  {
    path: "feature",
    title: "Feature",
    needs: "feature",
    inNavigation: false,
    view: lazy(() => import("./views/feature.tsx").then((module) => ({ default: module.FeatureView }))),
  },
  {
    path: "gallery",
    title: "Gallery",
    needs: "gallery",
    inNavigation: true,
    view: lazy(() => import("./views/gallery.tsx").then((module) => ({ default: module.GalleryView }))),
  },
  {
    path: "photo",
    title: "Photo",
    needs: "photo",
    inNavigation: true,
    view: lazy(() => import("./views/photo.tsx").then((module) => ({ default: module.PhotoView }))),
  },
  {
    path: "combine",
    title: "Combine",
    needs: "combine",
    inNavigation: true,
    view: lazy(() => import("./views/combine.tsx").then((module) => ({ default: module.CombineView }))),
  },
  {
    path: "spread",
    title: "Spread",
    needs: "spread",
    inNavigation: true,
    view: lazy(() => import("./views/spread.tsx").then((module) => ({ default: module.SpreadView }))),
  },
  {
    path: "superposition",
    title: "Superposition",
    needs: "superposition",
    inNavigation: true,
    view: lazy(() =>
      import("./views/superposition.tsx").then((module) => ({ default: module.SuperpositionView })),
    ),
  },
  {
    path: "compare",
    title: "Compare",
    needs: "compare",
    inNavigation: true,
    view: lazy(() => import("./views/compare.tsx").then((module) => ({ default: module.CompareView }))),
  },
  {
    path: "encoders",
    title: "Encoders",
    needs: "encoders",
    inNavigation: true,
    view: lazy(() => import("./views/encoders.tsx").then((module) => ({ default: module.EncodersView }))),
  },
  {
    path: "maps",
    title: "Maps",
    needs: "maps",
    inNavigation: true,
    view: lazy(() => import("./views/maps.tsx").then((module) => ({ default: module.MapsView }))),
  },
  {
    path: "words",
    title: "Words",
    needs: "words",
    inNavigation: true,
    view: lazy(() => import("./views/words.tsx").then((module) => ({ default: module.WordsView }))),
  },
  {
    path: "about",
    title: "About",
    needs: "about",
    inNavigation: true,
    view: lazy(() => import("./views/about.tsx").then((module) => ({ default: module.AboutView }))),
  },
];

export function pagesOf(site: Site): readonly Page[] {
  return all.filter((page) => !page.needs || site.pages.includes(page.needs));
}
