/** Flags of a command from the schema of its parameters. */
import { InvalidArgumentError, Option } from "commander";
import type { z } from "zod";
import { UserError } from "./errors.ts";
import { alternativesOf, choicesOf, propertiesOf, type Shape, typesOf } from "./shape.ts";
import { parseValue } from "./values.ts";

export interface ParameterFlag {
  /** The parameter's name. */
  readonly name: string;
  /** One; of a boolean, also the one that says no. */
  readonly options: readonly Option[];
}

/**
 * A flag for each parameter: `--l1 0.003`, `--minimum-count 3`, `--resample` and `--no-resample`. A flag that is
 * not given leaves the parameter out, so that defaults are the schema's alone.
 */
export function parameterFlags(schema: z.ZodType): ParameterFlag[] {
  return Object.entries(propertiesOf(schema)).map(([name, shape]) => {
    const flag = kebabCase(name);
    const help = helpOf(shape);
    if (alternativesOf(shape).every((each) => typesOf(each).join() === "boolean")) {
      const no = new Option(`--no-${flag}`, `Not --${flag}.`);
      // Commander makes the default of `--x` true where there is a `--no-x`.
      return { name, options: [new Option(`--${flag}`, help).default(undefined), no.default(undefined)] };
    }
    const option = new Option(`--${flag} <${placeholderOf(shape)}>`, help);
    const choices = choicesOf(shape);
    if (choices) option.choices(choices);
    else option.argParser((text) => parseArgument(text, shape));
    return { name, options: [option.makeOptionMandatory(shape.needed)] };
  });
}

/** Commander words what is wrong with an argument, and with which flag. */
function parseArgument(text: string, shape: Shape): unknown {
  try {
    return parseValue(text, shape);
  } catch (error) {
    throw error instanceof UserError ? new InvalidArgumentError(`${error.message}.`) : error;
  }
}

/** `minimumCount` to `minimum-count`. */
function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function helpOf({ description = "", default: value }: Shape): string {
  const text = value === undefined || value === null ? "" : `(default: ${compact(value)})`;
  return [description, text].filter((part) => part !== "").join(" ");
}

function compact(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function placeholderOf(shape: Shape): string {
  const types = new Set(alternativesOf(shape).flatMap(typesOf));
  if (types.has("object")) return "spec";
  if (types.has("array")) return "list";
  if (types.has("integer")) return "integer";
  if (types.has("number")) return "number";
  return "text";
}
