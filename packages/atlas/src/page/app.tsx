import { Suspense, useEffect } from "react";
import { AtlasContext, useOpenAtlas } from "./atlas.tsx";
import { pagesOf } from "./pages.ts";
import { Header } from "./parts/header.tsx";
import { ErrorBoundary, Loading, Notice } from "./parts/notice.tsx";
import { useRoute } from "./router.ts";

export function App() {
  return (
    <ErrorBoundary>
      <Suspense fallback={<p className="boot">Opening the atlas…</p>}>
        <Shell />
      </Suspense>
    </ErrorBoundary>
  );
}

function Shell() {
  const atlas = useOpenAtlas();
  const route = useRoute();
  const path = route.path[0] ?? "";
  const page = pagesOf(atlas.site).find((candidate) => candidate.path === path);
  useEffect(() => {
    document.title = [route.path[1], page?.title, atlas.site.title].filter(Boolean).join(" · ");
  }, [route.path, page, atlas.site]);
  return (
    <AtlasContext value={atlas}>
      <button type="button" className="skip" onClick={() => document.getElementById("content")?.focus()}>
        Skip to the content
      </button>
      <Header page={page} />
      <main id="content" tabIndex={-1} className={page?.fillsWindow ? "fills" : ""}>
        <ErrorBoundary key={`${atlas.encoder?.name}/${route.path.join("/")}`}>
          <Suspense fallback={<Loading />}>
            {page ? (
              <page.view />
            ) : (
              <Notice title="There is no such page in this atlas">
                <a href={atlas.address([])}>Go to the start</a>
              </Notice>
            )}
          </Suspense>
        </ErrorBoundary>
      </main>
    </AtlasContext>
  );
}
