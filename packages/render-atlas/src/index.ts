export { sheet, sheetImages, sheetSquare } from "./layout.ts";
export type { EncoderParts } from "./parts.ts";
export { buildPyramid, dziXml, levelCount, type Pyramid, type PyramidTiles } from "./pyramid.ts";
export { type EncoderArtifacts, readEncoders, readParts } from "./read.ts";
export { type RenderContext, renderSite, type SiteWriter } from "./render.ts";
export type * from "./site.ts";
export { stage } from "./stage.ts";
export { openStore, type Store } from "./store.ts";
