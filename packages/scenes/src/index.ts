export { captionWords, nameCaption } from "./caption.ts";
export { type ColourName, colourNames } from "./colour.ts";
export { composeScene, type Scene, type SceneObject, type SceneOptions } from "./compose.ts";
export type { Box } from "./geometry.ts";
export { kindOf, kinds } from "./kinds/index.ts";
export type { Kind, Place, Stance } from "./kinds/kind.ts";
export { coverage, sceneMask } from "./mask.ts";
export { drawThing, rasterScene, sceneSvg } from "./raster.ts";
