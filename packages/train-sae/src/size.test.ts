import { expect, it } from "vitest";
import { sizeAdvice } from "./size.ts";

it("advises fewer features where images are too few for them, and is silent where they suffice", () => {
  expect(sizeAdvice(256, 8000)).toBeUndefined();
  expect(sizeAdvice(100, 400)).toBeUndefined();
  expect(sizeAdvice(101, 400)).toContain("about 50 features");
  expect(sizeAdvice(1536, 5)).toContain("about 2 features");
});
