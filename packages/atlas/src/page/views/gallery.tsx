import { type ReactNode, Suspense, use, useCallback, useMemo } from "react";
import { useAtlas, useEncoderData } from "../atlas.tsx";
import { loadTops } from "../data/details.ts";
import { curated, type DrawnFeature, drawnFeatures, howMade, isDrawn } from "../data/drawn.ts";
import { measure, plural } from "../format.ts";
import { ExpandedPicture } from "../parts/expanded-picture.tsx";
import { FeatureGrid } from "../parts/feature-grid.tsx";
import { Loading, Notice } from "../parts/notice.tsx";
import { FeatureLink } from "../parts/picture.tsx";
import { SheetImage } from "../parts/sheet.tsx";
import { navigate, useRoute } from "../router.ts";
import "../style/gallery.css";

const sheetOf = 32;
const besideTops = 8;
const topsBeside = 4;

const rule =
  "Chosen by rule: each region of the map gives its best picture, then its second, until there are enough; better is what was searched for, then what makes its own feature the strongest, then the larger cosine.";

interface GalleryPage {
  readonly title: string;
  readonly explain: string;
  /** What is shown, in order. */
  choose(drawn: readonly DrawnFeature[]): readonly DrawnFeature[];
}

const views = {
  all: {
    title: "All pictures",
    explain: "The strongest feature first.",
    choose: (drawn) => drawn,
  },
  curated: {
    title: `A sheet of ${sheetOf}`,
    explain: rule,
    choose: (drawn) => curated(drawn, sheetOf),
  },
  beside: {
    title: "Beside top images",
    explain: `Each picture beside the ${topsBeside} images in which its feature is most active. ${rule}`,
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
              <Beside key={feature.feature} feature={feature}>
                {link(feature)}
              </Beside>
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

/** 16 searched for, 474 painted. */
function counted(drawn: readonly DrawnFeature[]): string {
  const numbers = Map.groupBy(drawn, ({ picture }) => howMade(picture.method).name);
  return [...numbers].map(([name, { length }]) => `${length} ${name}`).join(", ");
}

function Beside({ feature, children }: { feature: DrawnFeature; children: ReactNode }) {
  const { encoder } = useAtlas();
  const tops = use(loadTops(encoder, feature.feature)).slice(0, topsBeside);
  return (
    <div className="beside">
      {children}
      <div className="beside-tops">
        {encoder.sheets &&
          tops.map((top) => (
            <figure key={top.rank} title={`activation ${measure(top.value)}`}>
              <SheetImage
                sheets={encoder.sheets!}
                feature={feature.feature}
                rank={top.rank}
                alt={top.caption || top.name}
              />
            </figure>
          ))}
      </div>
    </div>
  );
}
