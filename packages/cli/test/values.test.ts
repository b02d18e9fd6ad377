import { parseSpecification, UserError } from "@optogram/cli";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { propertiesOf } from "../src/shape.ts";
import { parseValue } from "../src/values.ts";

const images = z.discriminatedUnion("source", [
  z.strictObject({
    source: z.literal("scenes"),
    seed: z.int().default(1),
    count: z.int(),
    singles: z.number().optional(),
  }),
  z.strictObject({ source: z.literal("folder"), path: z.string(), limit: z.int().optional() }),
]);

function parse(schema: z.ZodType, text: string): unknown {
  return parseValue(text, propertiesOf(z.object({ value: schema })).value!);
}

test.each<[z.ZodType, string, unknown]>([
  [z.number(), "0.003", 0.003],
  [z.int().positive().default(3), "-4", -4],
  [z.number(), "1e-3", 0.001],
  [z.number(), "three", "three"],
  [z.number(), "", ""],
  [z.string(), "0.003", "0.003"],
  [z.string(), "{a}", "{a}"],
  [z.string().nullable().default(null), "x", "x"],
  [z.union([z.int(), z.literal("auto")]), "auto", "auto"],
  [z.union([z.int(), z.literal("auto")]), "12", 12],
  [z.union([z.literal(8), z.literal(16)]), "16", 16],
  [z.array(z.int()), "1,2,3", [1, 2, 3]],
  [z.array(z.string()), "", []],
  [z.array(z.string()), '["a,b"]', ["a,b"]],
  [z.union([z.int(), z.tuple([z.int(), z.int()])]), "[1,2]", [1, 2]],
  [z.object({ a: z.int(), b: z.boolean(), c: z.string() }), "a=1,b=true,c=2", { a: 1, b: true, c: "2" }],
  [images, "scenes:count=100,seed=3", { source: "scenes", count: 100, seed: 3 }],
  [images, "folder:photos/2024", { source: "folder", path: "photos/2024" }],
  [images, "folder:path=007,limit=7", { source: "folder", path: "007", limit: 7 }],
  [images, "folder:C:\\photos", { source: "folder", path: "C:\\photos" }],
  [images, '{"source":"scenes","count":1}', { source: "scenes", count: 1 }],
  [images.optional(), "scenes", { source: "scenes" }],
])("for %o, %j is %j", (schema, text, value) => expect(parse(schema, text)).toEqual(value));

test.each([
  ["photos:1", '"photos" is no source (photos:1): there are scenes, folder'],
  ["scenes:number=3", 'there is no "number" (number=3): there are source, seed, count, singles'],
  ["scenes:3", '"3" is no key=value (3)'],
  ["{source", "bad JSON ({source): "],
  ["scenes:__proto__=1", 'there is no "__proto__"'],
])("%j is refused", (text, message) => expect(() => parse(images, text)).toThrow(message));

test("a specification is checked, with its defaults, and told off in one line", () => {
  expect(parseSpecification("scenes:count=3", images)).toEqual({ source: "scenes", seed: 1, count: 3 });
  for (const [text, message] of [
    ["scenes:seed=2", "bad specification (scenes:seed=2): count: Invalid input"],
    ["folder:photos,limit=many", "bad specification (folder:photos,limit=many): limit: Invalid input"],
    ["photos", '"photos" is no source (photos)'],
  ] as const) {
    expect(() => parseSpecification(text, images)).toThrow(message);
    expect(() => parseSpecification(text, images)).toThrow(UserError);
  }
});

test("any specification comes back from its short form", () => {
  const text = fc.string({ minLength: 1 }).filter((path) => !/^\s*[[{]|[,=:]/.test(path));
  fc.assert(
    fc.property(text, fc.integer(), (path, limit) => {
      expect(parse(images, `folder:path=${path},limit=${limit}`)).toEqual({ source: "folder", path, limit });
    }),
  );
});
