export * from "./convolution.ts";
export * from "./elementwise.ts";
export * from "./indexing.ts";
export * from "./linear.ts";
export * from "./normalization.ts";
export * from "./operand.ts";
export * from "./reduce.ts";
export * from "./shape.ts";
