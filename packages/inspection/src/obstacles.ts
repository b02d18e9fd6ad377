/** What keeps a network from being differentiated, said before anybody tries. */

import { differentiable, gradients } from "@optogram/autodiff";
import { GraphBuilder, reduceSum, type TypedModel, type Value } from "@optogram/onnx";
import { dependents } from "./part.ts";

export interface Obstacle {
  /** With its domain, where it is not a standard operator: `com.microsoft.Attention`. */
  readonly operator: string;
  /** Names of its nodes, in order. */
  readonly nodes: readonly string[];
}

export interface Obstacles {
  /** Operators without a gradient rule on the way. */
  readonly operators: readonly Obstacle[];
  /** Where every operator has a rule: what a rule does not cover, in its own words. */
  readonly other?: string;
}

/** On the way from `input` to `output`. */
export function obstaclesTo(network: TypedModel, input: string, output: string): Obstacles {
  const { nodes } = network.graph;
  const seeing = dependents(nodes, new Set([input]));
  const needed = new Set([output]);
  for (const node of nodes.toReversed()) {
    if (node.outputs.some((name) => needed.has(name))) for (const name of node.inputs) needed.add(name);
  }
  const found = new Map<string, string[]>();
  for (const { op, domain, name, inputs, outputs } of nodes) {
    const onTheWay = inputs.some((each) => seeing.has(each)) && outputs.some((each) => needed.has(each));
    if (!onTheWay || isDifferentiable(op, domain)) continue;
    const operator = domain === "" ? op : `${domain}.${op}`;
    found.set(operator, [...(found.get(operator) ?? []), name || (outputs[0] ?? "")]);
  }
  const operators = Array.from(found, ([operator, names]) => ({ operator, nodes: names }));
  if (operators.length > 0) return { operators };
  const other = attempt(network, input, output);
  return { operators, ...(other !== undefined && { other }) };
}

function isDifferentiable(op: string, domain: string): boolean {
  if (domain === "" || domain === "ai.onnx") return differentiable.includes(op);
  return domain === "com.microsoft" && ["Gelu", "QuickGelu"].includes(op);
}

/** The gradient's graph is only written, not run. */
function attempt(network: TypedModel, input: string, output: string): string | undefined {
  const g = new GraphBuilder();
  const shape = network.graph.inputs.find(({ name }) => name === input)?.shape as readonly number[];
  const pixels = g.input("pixels", shape);
  const value = g.splice(network, { [input]: pixels }, "encoder/").get(output) as Value;
  try {
    gradients(reduceSum(value), [pixels]);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
