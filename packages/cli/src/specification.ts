import { z } from "zod";
import { UserError } from "./errors.ts";
import { propertiesOf } from "./shape.ts";
import { parseValue } from "./values.ts";

/**
 * An argument such as `folder:photos,limit=10` as the value that `schema` takes, written as flags are.
 * @throws UserError
 */
export function parseSpecification<T>(text: string, schema: z.ZodType<T>): T {
  const { value } = propertiesOf(z.object({ value: schema }));
  const result = schema.safeParse(parseValue(text, value));
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.map(String).join(".") || "it"}: ${message}`,
  );
  throw new UserError("bad specification", { where: text, advice: problems.join("; ") });
}
