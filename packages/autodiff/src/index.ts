export { gradients, pullback } from "./gradients.ts";
export { differentiable } from "./rules/index.ts";
