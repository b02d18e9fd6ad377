/** Command-line text as the value that a parameter takes; whether the value is right is zod's to say. */
import { messageOf } from "@optogram/artifacts";
import { UserError } from "./errors.ts";
import { alternativesOf, type Shape, typesOf } from "./shape.ts";

/**
 * `text` as a value of `shape`: numbers, booleans and texts as they stand, lists with commas, objects as JSON or
 * as `key=value,key=value`. Of objects told apart by a property of theirs, its value stands in front:
 * `scenes:count=100,seed=1`; one item without `=` is the object's `path`: `folder:photos`.
 * @throws UserError
 */
export function parseValue(text: string, shape: Shape): unknown {
  const alternatives = alternativesOf(shape);
  const takes = (type: string) => alternatives.some((each) => typesOf(each).includes(type));
  if (/^\s*[[{]/.test(text) && (takes("object") || takes("array"))) return parseJson(text);
  const scalar = scalarOf(text, alternatives);
  if (scalar !== undefined) return scalar;
  const list = alternatives.find((each) => typesOf(each).includes("array"));
  if (list) {
    const items = typeof list.items === "object" ? list.items : {};
    return text === "" ? [] : text.split(",").map((item) => parseValue(item, items));
  }
  const objects = alternatives.filter((each) => typesOf(each).includes("object"));
  if (objects.length > 0) return parseObject(text, objects);
  return text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError("bad JSON", { where: text, advice: messageOf(error) });
  }
}

function scalarOf(text: string, alternatives: readonly Shape[]): string | number | boolean | undefined {
  for (const shape of alternatives) {
    const types = typesOf(shape);
    const numeric = types.includes("number") || types.includes("integer");
    if (numeric && text.trim() !== "" && !Number.isNaN(Number(text))) return Number(text);
    if (types.includes("boolean") && (text === "true" || text === "false")) return text === "true";
    if (types.includes("string") && acceptsText(text, shape)) return text;
  }
  return undefined;
}

function acceptsText(text: string, { enum: values, const: constant }: Shape): boolean {
  if (values) return values.includes(text);
  return constant === undefined || constant === text;
}

function parseObject(text: string, shapes: readonly Shape[]): Record<string, unknown> {
  const tag = tagOf(shapes);
  if (tag === undefined) return parseItems(text, shapes[0]!.properties ?? {});
  const colon = text.indexOf(":");
  const value = colon < 0 ? text : text.slice(0, colon);
  const shape = shapes.find(({ properties }) => properties?.[tag]?.const === value);
  if (!shape) {
    const known = shapes.map(({ properties }) => String(properties?.[tag]?.const)).join(", ");
    throw new UserError(`"${value}" is no ${tag}`, { where: text, advice: `there are ${known}` });
  }
  const rest = colon < 0 ? "" : text.slice(colon + 1);
  return { [tag]: value, ...parseItems(rest, shape.properties ?? {}) };
}

/** The property whose constant tells the objects of a union apart. */
function tagOf(shapes: readonly Shape[]): string | undefined {
  return Object.keys(shapes[0]?.properties ?? {}).find((name) =>
    shapes.every(({ properties }) => properties?.[name]?.const !== undefined),
  );
}

function parseItems(text: string, properties: Readonly<Record<string, Shape>>): Record<string, unknown> {
  const items: Record<string, unknown> = {};
  for (const item of text === "" ? [] : text.split(",")) {
    const equals = item.indexOf("=");
    const bare = equals < 0 && Object.hasOwn(properties, "path");
    if (equals < 0 && !bare) throw new UserError(`"${item}" is no key=value`, { where: text });
    const name = bare ? "path" : item.slice(0, equals);
    if (!Object.hasOwn(properties, name)) {
      const known = Object.keys(properties).join(", ");
      throw new UserError(`there is no "${name}"`, { where: text, advice: `there are ${known}` });
    }
    items[name] = parseValue(item.slice(equals + 1), properties[name]!);
  }
  return items;
}
