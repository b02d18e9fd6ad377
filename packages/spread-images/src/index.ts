export { chooseRows, nearRows } from "./choose.ts";
export { type Difference, differences } from "./differences.ts";
export { stage } from "./stage.ts";
export { type Style, styleNames, styleOf } from "./style.ts";
export { countThings } from "./things.ts";
