import {
  type Attribute,
  add,
  attributesOf,
  float,
  float32,
  GraphBuilder,
  int64,
  type Model,
  mul,
  type Node,
  openSession,
  reshape,
} from "@optogram/onnx";
import { describe, expect, test } from "vitest";
import { modelOf, node, value } from "./support.ts";

/** x [2] and a Constant node of some form, added. */
function withConstant(attributes: Record<string, Attribute>, shape: readonly number[] = [2]): Model {
  return modelOf(
    {
      inputs: [value("x", [2])],
      nodes: [node("Constant", [], ["c"], attributes), node("Add", ["x", "c"], ["y"])],
      outputs: [value("y", [2])],
      values: new Map([["c", value("c", shape)]]),
    },
    23,
  );
}

describe("splice", () => {
  test("takes a model whose nodes are called like tensors that come later", async () => {
    const builder = new GraphBuilder();
    const doubled = mul(builder.input("x", [2]), 2);
    builder.output("y", add(doubled, 1));
    const model = builder.model();
    const [first, second] = model.graph.nodes as [Node, Node];
    const nodes = [
      { ...first, name: "y" },
      { ...second, name: "y" },
    ];
    const g = new GraphBuilder();
    const y = g.splice({ ...model, graph: { ...model.graph, nodes } }, { x: g.input("x", [2]) }, "").get("y");
    if (!y) throw new Error("no y");
    g.output("z", y);
    const session = await openSession(g.model());
    const { z } = await session.run({ x: float32([1, 2]) });
    await session.close();
    expect(Array.from(z.data as Float32Array)).toEqual([3, 5]);
  });

  test("stores what Constant nodes hold, so that rules can read it", () => {
    const forms: readonly (readonly [Record<string, Attribute>, readonly number[]])[] = [
      [{ value: { type: "tensor", value: float32([1, 2]) } }, [1, 2]],
      [{ value_floats: { type: "floats", value: [1, 2] } }, [1, 2]],
      [{ value_float: float(3) }, [3]],
      [attributesOf({ value_ints: [4, 5] }), [4, 5]],
      [attributesOf({ value_int: 6 }), [6]],
    ];
    for (const [attributes, numbers] of forms) {
      const g = new GraphBuilder();
      const inner = g.splice(withConstant(attributes), { x: g.input("x", [2]) }, "m/");
      const constant = inner.get("c");
      const tensor = constant && g.constantOf(constant);
      expect(Array.from(tensor?.data as ArrayLike<number | bigint>, Number)).toEqual(numbers);
    }
  });

  test("joins a model to what is bound to its inputs, more than once", async () => {
    const g = new GraphBuilder();
    const x = g.input("x", [2]);
    const model = withConstant({ value: { type: "tensor", value: float32([10, 20]) } });
    const once = g.splice(model, { x }, "first/").get("y");
    const twice = once && g.splice(model, { x: once }, "second/").get("y");
    if (!twice) throw new Error("no y");
    g.output("y", add(twice, 1));
    const session = await openSession(g.model());
    const { y } = await session.run({ x: float32([1, 2]) });
    await session.close();
    expect(Array.from(y.data as Float32Array)).toEqual([22, 43]);
  });

  test("takes stored tensors that are listed among the inputs", () => {
    const g = new GraphBuilder();
    const model = modelOf(
      {
        inputs: [value("x", [2]), value("w", [2])],
        initializers: new Map([["w", float32([1, 2])]]),
        nodes: [node("Add", ["x", "w"], ["y"])],
        outputs: [value("y", [2])],
      },
      23,
    );
    const x = g.input("x", [2]);
    const stored = g.splice(model, { x }, "a/").get("w");
    expect(stored && g.constantOf(stored)).toBeDefined();
    expect(g.splice(model, { x, w: x }, "b/").get("w")).toBe(x);
  });

  test("refuses what it cannot join, and says why", () => {
    const g = new GraphBuilder();
    const x = g.input("x", [2]);
    const model = withConstant({ value_float: float(1) });
    const old = { ...model, opsets: { "": 9 } };
    expect(() => g.splice(old, { x }, "")).toThrow("operator set 9, before 23: upgrade it first");
    expect(() => g.splice(model, {}, "")).toThrow("nothing is bound to the model's input x");
    expect(() => g.splice(model, { x: g.input("z", [3]) }, "")).toThrow("input x is [2]");
    const graph = {
      ...model.graph,
      nodes: [node("If", ["x"], ["y"], { then_branch: { type: "graph", value: model.graph } })],
    };
    expect(() => g.splice({ ...model, graph }, { x }, "")).toThrow("If (node If:y) has a subgraph");
  });
});

describe("GraphBuilder", () => {
  test("leaves out what leads to no output", () => {
    const g = new GraphBuilder();
    const x = g.input("x", [2]);
    add(x, 5);
    g.output("y", add(x, 1));
    const { graph } = g.model();
    expect(graph.nodes.map(({ op }) => op)).toEqual(["Add"]);
    expect(graph.initializers.size).toBe(1);
  });

  test("stores equal small constants once, and tells -0 from 0", () => {
    const g = new GraphBuilder();
    expect(g.constant(int64([1, 2]))).toBe(g.constant(int64([1, 2])));
    expect(g.scalar(0)).not.toBe(g.scalar(-0));
  });

  test("refuses a taken name, another graph's tensor and a shape that does not fit", () => {
    const g = new GraphBuilder();
    const x = g.input("x", [2]);
    expect(() => g.input("x", [3])).toThrow("the name x is taken");
    expect(() => add(x, new GraphBuilder().input("x", [2]))).toThrow("belongs to another graph");
    expect(() => reshape(x, [3])).toThrow("[2] does not fit [3]");
  });
});
