export { type ImageKinds, answersTo } from "./answers.ts";
export { type EncoderParts, gridSize } from "./parts.ts";
export { buildPyramid, dziXml, levelCount, type Pyramid, type PyramidTiles } from "./pyramid.ts";
export { type RenderContext, renderSite, type SiteWriter } from "./render.ts";
export type * from "./site.ts";
export { openStore, type Store } from "./store.ts";
