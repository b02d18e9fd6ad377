/** The table of gradient rules, by operator. */

import type { TypedNode } from "@optogram/onnx";
import type { Rule } from "../rule.ts";
import { activationRules } from "./activation.ts";
import { arithmeticRules } from "./arithmetic.ts";
import { convolutionRules } from "./convolution.ts";
import { indexingRules } from "./indexing.ts";
import { linearRules } from "./linear.ts";
import { normalizationRules } from "./normalization.ts";
import { poolingRules } from "./pooling.ts";
import { reductionRules } from "./reduction.ts";
import { resamplingRules } from "./resampling.ts";
import { shapeRules } from "./shape.ts";

const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries({
    ...activationRules,
    ...arithmeticRules,
    ...convolutionRules,
    ...indexingRules,
    ...linearRules,
    ...normalizationRules,
    ...poolingRules,
    ...reductionRules,
    ...resamplingRules,
    ...shapeRules,
  }),
);

/** Operators outside the standard set by domain; others there may share a name and mean something else. */
const elsewhere: Readonly<Record<string, readonly string[]>> = { "com.microsoft": ["Gelu", "QuickGelu"] };

/** The operators that can be differentiated, in alphabetical order. */
export const differentiable: readonly string[] = [...rules.keys()].sort();

export function ruleOf({ op, domain, name }: TypedNode): Rule {
  const standard = domain === "" || domain === "ai.onnx";
  const rule = standard || elsewhere[domain]?.includes(op) ? rules.get(op) : undefined;
  if (!rule) throw new Error(`no gradient rule for ${standard ? "" : `${domain}.`}${op} (node ${name})`);
  return rule;
}
