import type { Rule } from "../rule.ts";

export const convolutionRules: Readonly<Record<string, Rule>> = {};
