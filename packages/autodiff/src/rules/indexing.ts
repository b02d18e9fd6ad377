import {
  gatherElements,
  gatherNd,
  mul,
  reshape,
  scatterElements,
  scatterNd,
  transpose,
  type Value,
} from "@optogram/onnx";
import type { Rule } from "../rule.ts";

const zerosLike = (x: Value) => mul(x, 0);

export const indexingRules: Readonly<Record<string, Rule>> = {
  // Rows of dy are added up where they came from.
  Gather: (n) => {
    const [x, indices] = [n.x(0), n.x(1)];
    const axis = (n.integer("axis", 0) + x.shape.length) % x.shape.length;
    const toFront = [axis, ...x.shape.keys().filter((i) => i !== axis)];
    const picked = indices.shape.length;
    const dyAxes = [...Array(n.dy.shape.length).keys()];
    const rowsFirst = [
      ...dyAxes.slice(axis, axis + picked),
      ...dyAxes.slice(0, axis),
      ...dyAxes.slice(axis + picked),
    ];
    const rows = transpose(n.dy, rowsFirst);
    const sum = scatterNd(zerosLike(transpose(x, toFront)), coordinates(indices), rows, "add");
    return [
      transpose(
        sum,
        toFront.map((_, i) => toFront.indexOf(i)),
      ),
    ];
  },
  GatherElements: (n) => [scatterElements(zerosLike(n.x()), n.x(1), n.dy, n.integer("axis", 0), "add")],
  GatherND: (n) => [scatterNd(zerosLike(n.x()), n.x(1), n.dy, "add")],
  ScatterND: (n) => {
    const [x, indices, updates] = [n.x(0), n.x(1), n.x(2)];
    const reduction = n.text("reduction", "none");
    const picked = gatherNd(n.dy, indices);
    if (reduction === "add") return [n.dy, undefined, picked];
    if (reduction === "none") return [scatterNd(n.dy, indices, zerosLike(updates)), undefined, picked];
    throw new Error(
      `no gradient rule for ScatterND that takes the ${reduction} (node ${n.node.name}, [${x.shape}])`,
    );
  },
  ScatterElements: (n) => {
    const [axis, reduction] = [n.integer("axis", 0), n.text("reduction", "none")];
    const picked = gatherElements(n.dy, n.x(1), axis);
    if (reduction === "add") return [n.dy, undefined, picked];
    if (reduction === "none")
      return [scatterElements(n.dy, n.x(1), zerosLike(n.x(2)), axis), undefined, picked];
    throw new Error(`no gradient rule for ScatterElements that takes the ${reduction} (node ${n.node.name})`);
  },
};

/** Indices [...] as coordinates [..., 1]; ScatterND takes negative ones as they are. */
function coordinates(indices: Value): Value {
  return reshape(indices, [...indices.shape, 1]);
}
