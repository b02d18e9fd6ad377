import { Suspense, use, useCallback, useEffect, useMemo } from "react";
import { useAtlas, useEncoderData } from "../atlas.tsx";
import type { EncoderData, Feature } from "../data/encoder.ts";
import { strongestOfRegions } from "../data/strongest.ts";
import { analyse, openPhoto, type Photo, usePhoto } from "../live/photo.ts";
import { cutTopImage } from "../live/top-image.ts";
import { dropTarget, PhotoButton, usePaste } from "../parts/photo-drop.tsx";
import { PhotoFeatures } from "../parts/photo-features.tsx";
import { SheetImage } from "../parts/sheet.tsx";
import { navigate, useRoute } from "../router.ts";
import "../style/live.css";

const examples = 8;

export function PhotoView() {
  const { encoder, address } = useAtlas();
  const data = useEncoderData();
  const { query } = useRoute();
  const { photo, problem } = usePhoto();
  const ownPhoto = useCallback(() => navigate(address(["photo"]), { replace: true }), [address]);
  usePaste(ownPhoto);
  const example = query.of === undefined ? undefined : data.features[Number(query.of)];
  useExample(data, example);
  const drop = dropTarget(ownPhoto);
  return (
    <div className="page page-wide photo" {...drop}>
      <h1>What does it see in your photo?</h1>
      <p className="lead">
        Drop an image anywhere on this page, paste one, or choose one. {encoder.name} and its dictionary take
        it apart into the features it is made of. They run in this page: <b>nothing leaves your machine</b>.
      </p>
      <div className="photo-ways">
        <PhotoButton first then={ownPhoto}>
          Choose a photo
        </PhotoButton>
        <Examples data={data} chosen={example} />
      </div>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {photo && (
        <Suspense key={photo.id} fallback={<Waiting photo={photo} />}>
          <Seen data={data} photo={photo} />
        </Suspense>
      )}
    </div>
  );
}

/** Makes the top image of a feature the photo, so that a way to look at one can be sent. */
function useExample(data: EncoderData, feature: Feature | undefined): void {
  const { encoder } = data;
  useEffect(() => {
    if (!feature || !encoder.sheets) return;
    void cutTopImage(encoder.sheets, feature.feature)
      .catch(() => undefined)
      .then((image) => openPhoto(image, `The top image of feature ${feature.feature}`));
  }, [encoder, feature]);
}

function Examples({ data, chosen }: { data: EncoderData; chosen: Feature | undefined }) {
  const { encoder, address } = useAtlas();
  const shown = useMemo(() => strongestOfRegions(data).slice(0, examples), [data]);
  if (!encoder.sheets || shown.length === 0) return null;
  return (
    <nav className="photo-examples" aria-label="Pictures to try">
      <span className="faint">or try one of these</span>
      {shown.map((feature) => (
        <a
          key={feature.feature}
          href={address(["photo"], { of: String(feature.feature) })}
          aria-current={feature === chosen ? "true" : undefined}
        >
          <SheetImage
            sheets={encoder.sheets!}
            feature={feature.feature}
            rank={0}
            alt={feature.answers ?? `Top image of feature ${feature.feature}`}
          />
        </a>
      ))}
    </nav>
  );
}

function Waiting({ photo }: { photo: Photo }) {
  const { encoder } = useAtlas();
  const megabytes = ((encoder.live?.encoder.bytes ?? 0) + (encoder.live?.sae.bytes ?? 0)) / 2 ** 20;
  return (
    <div className="photo-seen" role="status">
      <div className="photo-side">
        <img className="photo-whole" src={photo.url} alt={photo.name} />
      </div>
      <p className="faint">
        Fetching the runtime (4 MB) and {encoder.name} ({megabytes.toFixed(1)} MB), once, and looking at the
        photo…
      </p>
    </div>
  );
}

function Seen({ data, photo }: { data: EncoderData; photo: Photo }) {
  const analysis = use(analyse(data.encoder, photo));
  if (analysis.code.length === 0) {
    return (
      <p className="problem">No feature of the dictionary answers to {photo.name}. Try another image.</p>
    );
  }
  return <PhotoFeatures data={data} photo={photo} embedding={analysis.embedding} code={analysis.code} />;
}
