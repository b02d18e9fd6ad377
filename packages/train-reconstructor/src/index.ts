export { heldOutOf, orderOf } from "./order.ts";
export { stage } from "./stage.ts";
