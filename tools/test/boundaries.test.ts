import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { brokenRules } from "../boundaries.ts";
import { type House, type Layer, readHouse } from "../house.ts";
import { importsOf, packageOf } from "../imports.ts";

const root = join(import.meta.dirname, "../..");

it("this workspace keeps its own rules", () => {
  const files = globSync("packages/*/**/*.{ts,tsx,js}", {
    cwd: root,
    exclude: (name) => /(^|\/)(node_modules|dist|fixtures)$/.test(name),
  }).map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
  expect(files.length).toBeGreaterThan(16);
  expect(brokenRules(readHouse(root), files)).toEqual([]);
});

describe("brokenRules", () => {
  const member = (name: string, layer: Layer, internal: string[] = [], external: string[] = []) =>
    [
      `@optogram/${name}`,
      {
        name: `@optogram/${name}`,
        folder: `packages/${name}`,
        layer,
        exports: [`@optogram/${name}`],
        internal,
        external,
      },
    ] as const;
  const house: House = {
    root: "",
    packages: new Map([
      member("onnx", "ground"),
      member("training", "ground", ["@optogram/onnx"], ["zod"]),
      member("train-sae", "stage", ["@optogram/training"]),
      member("render-atlas", "stage"),
      member("atlas", "top"),
    ]),
  };
  const wellBehaved = [
    { path: "packages/training/src/a.ts", text: 'import "@optogram/onnx";\nimport { z } from "zod";' },
    { path: "packages/train-sae/src/a.ts", text: 'export * from "@optogram/training";' },
  ];

  it("is content with imports that run downward and are declared", () => {
    expect(brokenRules(house, wellBehaved)).toEqual([]);
  });

  it.each([
    [
      "a stage that imports a stage",
      "train-sae/src/b.ts",
      'import "@optogram/render-atlas"',
      "a stage imports no stage",
    ],
    [
      "a test that does",
      "train-sae/src/b.test.ts",
      'import "@optogram/render-atlas"',
      "a stage imports no stage",
    ],
    ["an import upward", "onnx/src/b.ts", 'await import("@optogram/atlas")', "ground lies below top"],
    [
      "a type imported upward",
      "onnx/src/b.ts",
      'import type { A } from "@optogram/train-sae"',
      "below stage",
    ],
    ["an inner file", "train-sae/src/b.ts", 'import "@optogram/training/src/a.ts"', "not its inner files"],
    ["a way around the name", "train-sae/src/b.ts", 'import "../../onnx/src/a.ts"', "by its name"],
    [
      "an undeclared package",
      "onnx/src/b.ts",
      'import sharp from "sharp"',
      "sharp is imported but not declared",
    ],
  ])("reports %s", (_, path, text, rule) => {
    const broken = brokenRules(house, [...wellBehaved, { path: `packages/${path}`, text }]);
    expect(broken.join("\n")).toContain(rule);
  });

  it("reports a dependency that nothing imports, and one that only a test does", () => {
    const test = { path: "packages/training/src/a.test.ts", text: 'import "zod"' };
    const files = [
      { path: "packages/training/src/a.ts", text: 'import "@optogram/onnx"' },
      test,
      wellBehaved[1]!,
    ];
    expect(brokenRules(house, files)).toEqual([
      "packages/training/package.json: zod is declared but not imported",
    ]);
  });

  it("reports packages that stand on each other", () => {
    const circle: House = {
      root: "",
      packages: new Map([member("a", "ground", ["@optogram/b"]), member("b", "ground", ["@optogram/a"])]),
    };
    const files = [
      { path: "packages/a/src/x.ts", text: 'import "@optogram/b"' },
      { path: "packages/b/src/x.ts", text: 'import "@optogram/a"' },
    ];
    expect(brokenRules(circle, files)).toHaveLength(2);
  });
});

describe("importsOf", () => {
  it("finds imports of every form", () => {
    const source = [
      'import a, { b } from "a";',
      'import type { B } from "b";',
      'import "c";',
      'export { d } from "d";',
      'export * from "e";',
      'const f = await import("f");',
      'import {\n  g,\n} from "g/inner";',
      'type H = import("h").H;',
    ].join("\n");
    expect(importsOf(source).map(packageOf)).toEqual(["a", "b", "c", "d", "e", "f", "g", "h"]);
  });

  it("takes nothing from comments, templates and strings", () => {
    expect(
      importsOf(
        '/* import "a" */ // import "b"\nconst c = `import "d"`; const e = "http://x"; f("from", "g");',
      ),
    ).toEqual([]);
  });
});
