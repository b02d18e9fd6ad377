/** What a zod schema takes, read off its JSON Schema: enough to turn command-line text into values. */
import { z } from "zod";

const shapeSchema = z.object({
  get properties() {
    return z.record(z.string(), shapeSchema).optional();
  },
  get items() {
    return z.union([shapeSchema, z.boolean()]).optional();
  },
  get anyOf() {
    return z.array(shapeSchema).optional();
  },
  get oneOf() {
    return z.array(shapeSchema).optional();
  },
  get allOf() {
    return z.array(shapeSchema).optional();
  },
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.json()).optional(),
  const: z.json().optional(),
  default: z.json().optional(),
  description: z.string().optional(),
  required: z.array(z.string()).optional(),
});

export type Shape = z.infer<typeof shapeSchema>;

/** The properties of an object schema, by name; none of any other schema. */
export function propertiesOf(schema: z.ZodType): Record<string, Shape & { readonly needed: boolean }> {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" });
  const { properties = {}, required = [] } = shapeSchema.parse(json);
  return Object.fromEntries(
    Object.entries(properties).map(([name, shape]) => [name, { ...shape, needed: required.includes(name) }]),
  );
}

/** The alternatives of a union; of any other shape, itself. Null is what "not given" is for. */
export function alternativesOf(shape: Shape): Shape[] {
  const parts = shape.anyOf ?? shape.oneOf;
  return parts ? parts.flatMap(alternativesOf).filter(({ type }) => type !== "null") : [shape];
}

export function typesOf({ type, const: constant, enum: values }: Shape): string[] {
  if (type !== undefined) return [type].flat();
  return (values ?? (constant === undefined ? [] : [constant])).map((value) => typeof value);
}

/** The texts to choose from, where these are all that is taken. */
export function choicesOf(shape: Shape): string[] | undefined {
  const alternatives = alternativesOf(shape);
  const choices = alternatives.map(
    (each) => each.enum ?? (each.const === undefined ? undefined : [each.const]),
  );
  if (choices.length === 0 || choices.includes(undefined)) return undefined;
  return choices.flatMap((values) => (values ?? []).filter((value) => value !== null).map(String));
}
