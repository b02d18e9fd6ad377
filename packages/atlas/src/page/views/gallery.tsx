import { Suspense, useCallback, useMemo } from "react";
import { useAtlas, useEncoderData } from "../atlas.tsx";
import { curated, type DrawnFeature, drawnFeatures, howMade, isDrawn } from "../data/drawn.ts";
import { count, plural } from "../format.ts";
import { ExpandedPicture } from "../parts/expanded-picture.tsx";
import { FeatureGrid } from "../parts/feature-grid.tsx";
import { Loading, Notice } from "../parts/notice.tsx";
import { FeatureLink } from "../parts/picture.tsx";
import { TopImages } from "../parts/top-images.tsx";
import { navigate, useRoute } from "../router.ts";
import "../style/gallery.css";

const sheetOf = 32;
const besideTops = 8;

const rule =
  "Chosen by rule: the best picture of each region of the map, then the second best, and so on. Better is one that was searched for, then one in which its own feature is the strongest, then one with the larger cosine.";

interface GalleryPage {
  readonly title: string;
  readonly explain: string;
  /** What is shown, in order. */
  choose(drawn: readonly DrawnFeature[]): readonly DrawnFeature[];
}

const views = {
  all: {
    title: "All",
    explain: "The strongest feature first.",
    choose: (drawn) => drawn,
  },
  curated: {
    title: `Sheet of ${sheetOf}`,
    explain: rule,
    choose: (drawn) => curated(drawn, sheetOf),
  },
  beside: {
    title: "Beside top images",
    explain: `Each beside the four images in which its feature is most active. ${rule}`,
    choose: (drawn) => curated(drawn, besideTops),
  },
} as const satisfies Record<string, GalleryPage>;

type ViewName = keyof typeof views;

/** Every picture that was drawn, a choice of them, and some beside what their features answer to. */
export function GalleryView() {
  const data = useEncoderData();
  const { encoder, address } = useAtlas();
  const { query } = useRoute();
  const view: ViewName = query.view && query.view in views ? (query.view as ViewName) : "all";
  const drawn = useMemo(() => drawnFeatures(data), [data]);
  const shown = useMemo(() => views[view].choose(drawn), [view, drawn]);
  const to = useCallback(
    (other: ViewName, feature?: DrawnFeature) =>
      address(["gallery"], {
        view: other === "all" ? undefined : other,
        f: feature && String(feature.feature),
      }),
    [address],
  );
  if (drawn.length === 0)
    return (
      <Notice title={`No pictures were drawn of ${encoder.name}`}>
        <a href={address(["features"])}>Its features by their top images</a>
      </Notice>
    );
  const opened = query.f ? data.features[Number(query.f)] : undefined;
  const at = shown.findIndex(({ feature }) => feature === opened?.feature);
  const link = (feature: DrawnFeature) => (
    <FeatureLink feature={feature} note={howMade(feature.picture.method).name} to={to(view, feature)} />
  );
  return (
    <div className="page page-wide">
      <h1>Gallery</h1>
      <nav className="tabs" aria-label="Views of the gallery">
        {(Object.keys(views) as ViewName[]).map((name) => (
          <a key={name} href={to(name)} aria-current={name === view ? "page" : undefined}>
            {views[name].title}
          </a>
        ))}
      </nav>
      <p className="lead">
        {plural(drawn.length, "picture")} of features: {counted(drawn)}. {views[view].explain}
      </p>
      <Suspense fallback={<Loading />}>
        {view === "all" && <FeatureGrid features={shown}>{link}</FeatureGrid>}
        {view === "curated" && (
          <div className="curated">
            {shown.map((feature) => (
              <div key={feature.feature}>{link(feature)}</div>
            ))}
          </div>
        )}
        {view === "beside" && (
          <div className="besides">
            {shown.map((feature) => (
              <div key={feature.feature} className="beside">
                {link(feature)}
                <TopImages feature={feature} />
              </div>
            ))}
          </div>
        )}
      </Suspense>
      {isDrawn(opened) && (
        <ExpandedPicture
          feature={opened}
          before={shown[at - 1]}
          after={at < 0 ? undefined : shown[at + 1]}
          open={(other) => navigate(to(view, other), { replace: other !== undefined })}
        />
      )}
    </div>
  );
}

/** 16 searched for through the encoder, 474 painted by the decoder. */
function counted(drawn: readonly DrawnFeature[]): string {
  const numbers = Map.groupBy(drawn, ({ picture }) => howMade(picture.method).way);
  return [...numbers].map(([way, { length }]) => `${count(length)} ${way}`).join(", ");
}
