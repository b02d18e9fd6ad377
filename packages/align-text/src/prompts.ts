/** From names of classes to texts, and from the texts' embeddings to one direction a class. */

import { UserError } from "@optogram/cli";
import clipTemplates from "./clip-templates.json" with { type: "json" };

/** Lists of templates; `{}` stands for the name, and `a {}` becomes `an {}` before a vowel. */
export const templateLists = {
  /** The name alone. */
  name: ["{}"],
  /** What every picture that shows the thing is called in scenes. */
  article: ["a {}"],
  photo: ["a photo of a {}."],
  /** The 80 that Radford et al. (2021) published for ImageNet. */
  clip: clipTemplates,
} as const satisfies Record<string, readonly string[]>;

export type TemplateList = keyof typeof templateLists;

export const templateNames = Object.keys(templateLists) as [TemplateList, ...TemplateList[]];

/** Each class's name in every template, the templates of a class side by side. */
export function promptsOf(names: readonly string[], templates: readonly string[]): string[] {
  for (const template of templates)
    if (template.split("{}").length !== 2)
      throw new UserError(`the template "${template}" does not have {} once, where the name goes`);
  return names.flatMap((name) => templates.map((template) => inserted(template, name)));
}

function inserted(template: string, name: string): string {
  const article = /^[aeiou]/i.test(name) ? template.replace(/\ba \{\}/, "an {}") : template;
  return article.replace("{}", () => name);
}

/** Rows of unit length to the mean of each `count` of them in turn, at unit length (Radford et al. 2021, 3.1.4). */
export function ensembled(rows: Float32Array, d: number, count: number): Float32Array {
  const means = new Float32Array(rows.length / count);
  for (let i = 0; i < rows.length; i++) means[Math.floor(i / (d * count)) * d + (i % d)] += rows[i];
  for (let first = 0; first < means.length; first += d) {
    const row = means.subarray(first, first + d);
    let squares = 0;
    for (const value of row) squares += value * value;
    if (squares === 0) throw new RangeError("ensembled: the embeddings of a class cancel out");
    const length = Math.sqrt(squares);
    for (let i = 0; i < d; i++) row[i] /= length;
  }
  return means;
}
