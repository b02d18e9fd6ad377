export { readDecoder } from "./decoder.ts";
export { pngOf } from "./picture.ts";
export { imageSample } from "./sample.ts";
export { type Search, searchPictures } from "./search.ts";
