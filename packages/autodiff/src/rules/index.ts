/** The table of gradient rules, by operator. */

import type { TypedNode } from "@optogram/onnx";
import type { Rule } from "../rule.ts";
import { activationRules } from "./activation.ts";
import { arithmeticRules } from "./arithmetic.ts";
import { convolutionRules } from "./convolution.ts";
import { indexingRules } from "./indexing.ts";
import { linearRules } from "./linear.ts";
import { normalizationRules } from "./normalization.ts";
import { reductionRules } from "./reduction.ts";
import { shapeRules } from "./shape.ts";

const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries({
    ...activationRules,
    ...arithmeticRules,
    ...convolutionRules,
    ...indexingRules,
    ...linearRules,
    ...normalizationRules,
    ...reductionRules,
    ...shapeRules,
  }),
);

const domains = new Set(["", "ai.onnx", "com.microsoft"]);

/** The operators that can be differentiated, in alphabetical order. */
export const differentiable: readonly string[] = [...rules.keys()].sort();

export function ruleOf(node: TypedNode): Rule {
  const rule = domains.has(node.domain) ? rules.get(node.op) : undefined;
  if (!rule) throw new Error(`no gradient rule for ${node.op} (node ${node.name})`);
  return rule;
}
