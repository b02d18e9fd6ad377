/** An inspection in lines for people. Pure. */

import type { Inspection } from "./inspect.ts";
import { shown } from "./part.ts";
import type { TokenTensor } from "./tokens.ts";

export function describeInspection(inspection: Inspection): string[] {
  const { inputs, outputs, tokens, residuals, maps, embedding, size, sizeStated, patch } = inspection;
  const tokensOf = new Map(tokens.map((each) => [each.tensor, `: ${grid(each)}`]));
  const last = residuals.at(-1);
  const finest = maps[0];
  return [
    `${inspection.nodes} nodes, operator set ${inspection.opset}, ${inspection.parameters.toLocaleString("en")} parameters (${inspection.precision.join(", ")})`,
    "inputs",
    ...inputs.map((value) => `  ${shown(value)}${value.name === inspection.input ? ": pictures" : ""}`),
    `outputs, for pictures of ${size.join(" × ")}${sizeStated ? "" : " (the model takes other sizes too)"}`,
    ...outputs.map((value) => `  ${shown(value)}${tokensOf.get(value.name) ?? ""}`),
    ...(patch === undefined ? [] : [`patches of ${patch} pixels`]),
    ...(last === undefined
      ? []
      : [
          `inner tokens, ${residuals.length} sums: ${residuals[0]?.tensor} … ${last.tensor} [n, ${last.prefix + last.grid[0] * last.grid[1]}, ${last.width}]: ${grid(last)}`,
        ]),
    ...(finest === undefined || last !== undefined
      ? []
      : ["inner maps", ...maps.map((map) => `  ${map.tensor} [n, ${map.width}, ${map.grid.join(", ")}]`)]),
    embedding === undefined
      ? "no tensor looks like an embedding: name one on the card"
      : `embedding: ${embedding.tensor}${embedding.pool === "none" ? "" : `, ${embedding.pool}`} (${embedding.because})`,
    ...gradientLines(inspection),
  ];
}

function grid({ layout, prefix, grid: [rows, columns] }: TokenTensor): string {
  const before = prefix === 0 ? "" : `, ${prefix} token${prefix === 1 ? "" : "s"} before them`;
  return layout === "map" ? `map of ${rows} × ${columns} places` : `${rows} × ${columns} patches${before}`;
}

function gradientLines({ obstacles: { operators, other } }: Inspection): string[] {
  if (operators.length === 0 && other === undefined) return ["gradients: every operator has a rule"];
  return [
    "gradients: none; it can be extracted from, not searched with",
    ...(other === undefined ? [] : [`  ${other}`]),
    ...operators.map(({ operator, nodes }) => {
      const more = nodes.length === 1 ? "" : ` and ${nodes.length - 1} more`;
      return `  no rule for ${operator}: node ${nodes[0]}${more}`;
    }),
  ];
}
