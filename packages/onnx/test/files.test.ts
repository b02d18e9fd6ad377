import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  bytesOf,
  type DataType,
  dataTypes,
  decodeModel,
  encodeModel,
  float32,
  type Model,
  ModelError,
  readModel,
  type Tensor,
  writeModel,
} from "@optogram/onnx";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  encoders,
  fixture,
  haveEncoders,
  modelOf,
  node,
  noise,
  outputsOf,
  twoLayers,
  value,
} from "./support.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "onnx-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const x = float32([1, 2, -3, 4], [2, 2]);

describe("reading and writing", () => {
  it("gives back the same model", () => {
    const model: Model = {
      ...twoLayers,
      metadata: { author: "ä", __proto__x: "1" },
      graph: {
        ...twoLayers.graph,
        values: new Map([
          ["hidden", value("hidden", ["n", 3])],
          ["sum", value("sum", [undefined, 3])],
        ]),
      },
    };
    expect(decodeModel(encodeModel(model))).toEqual(model);
  });

  it("keeps every kind of attribute", () => {
    const attributes: Model["graph"]["nodes"][number]["attributes"] = {
      float: { type: "float", value: 0.5 },
      int: { type: "int", value: -(2 ** 40) },
      string: { type: "string", value: "grün" },
      tensor: { type: "tensor", value: float32([1, 2], [2, 1]) },
      floats: { type: "floats", value: [1.5, -2] },
      ints: { type: "ints", value: [3, -4, 2 ** 53 - 1] },
      strings: { type: "strings", value: ["", "b"] },
      tensors: { type: "tensors", value: [float32([])] },
      graphs: { type: "graphs", value: [] },
    };
    const model = modelOf({
      nodes: [node("Any", ["x"], ["y"], attributes)],
      inputs: [value("x", [1])],
      outputs: [value("y", [1])],
    });
    expect(decodeModel(encodeModel(model)).graph.nodes[0]?.attributes).toEqual(attributes);
  });

  it("saturates whole numbers at the limits of int64", () => {
    const ints = { type: "ints" as const, value: [2 ** 63, -(2 ** 63), 2 ** 70, -(2 ** 70)] };
    const model = modelOf({
      nodes: [node("Any", ["x"], ["y"], { ints })],
      inputs: [value("x", [1])],
      outputs: [value("y", [1])],
    });
    expect(decodeModel(encodeModel(model)).graph.nodes[0]?.attributes.ints).toEqual({
      type: "ints",
      value: [2 ** 63, -(2 ** 63), 2 ** 63, -(2 ** 63)],
    });
  });

  it("keeps tensors of every element type, whatever their bytes are", () => {
    const types = Object.keys(dataTypes).filter((name): name is DataType => name !== "string");
    const tensor = fc
      .tuple(fc.constantFrom(...types), fc.array(fc.nat(4), { maxLength: 3 }), fc.infiniteStream(fc.nat(255)))
      .map(([dtype, shape, stream]): Tensor => {
        const elements = shape.reduce((product, size) => product * size, 1);
        const { array, bits } = dataTypes[dtype];
        const bytes = Uint8Array.from(
          { length: Math.ceil((elements * bits) / 8) },
          () => stream.next().value ?? 0,
        );
        return { dtype, shape, data: array === undefined ? [] : new array(bytes.buffer) };
      });
    fc.assert(
      fc.property(fc.array(tensor), (tensors) => {
        const initializers = new Map(tensors.map((value, i) => [`weight ${i}`, value]));
        const model = modelOf({
          ...twoLayers.graph,
          initializers: new Map([...twoLayers.graph.initializers, ...initializers]),
        });
        const read = decodeModel(encodeModel(model)).graph.initializers;
        for (const [name, tensor] of initializers) {
          expect(read.get(name)?.dtype).toBe(tensor.dtype);
          expect(read.get(name)?.shape).toEqual(tensor.shape);
          expect(bytesOf(read.get(name) ?? tensor)).toEqual(bytesOf(tensor));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("reads raw and typed storage of a tensor alike", async () => {
    const { graph } = await readModel(fixture("types.onnx"));
    const fields = [...graph.initializers].filter(
      ([name]) => name.endsWith(".field") && !name.startsWith("string"),
    );
    expect(fields).toHaveLength(16);
    for (const [name, tensor] of fields) {
      expect(graph.initializers.get(name.replace(".field", ".raw"))).toEqual(tensor);
    }
    expect(graph.initializers.get("int64.raw")?.data).toEqual(
      BigInt64Array.of(0n, 1n, 2n, 3n, 100n, -(2n ** 63n)),
    );
    expect(graph.initializers.get("uint64.raw")?.data).toEqual(
      BigUint64Array.of(0n, 1n, 2n, 3n, 100n, 2n ** 64n - 1n),
    );
    expect(graph.initializers.get("int4.raw")?.data).toEqual(Uint8Array.of(0x10, 0x32, 0xb4, 0x06));
    expect(graph.initializers.get("string.field")?.data).toEqual(["ä", ""]);
  });

  it("lets ONNX Runtime see every numeric type as it was written", async () => {
    const { graph } = await readModel(fixture("types.onnx"));
    // ONNX Runtime's binding takes no others.
    const seen = [...graph.initializers].filter(([name]) =>
      /^(u?int(8|16|32|64)|bool|float(32|64))\.raw/.test(name),
    );
    expect(seen).toHaveLength(11);
    const model = modelOf({
      nodes: seen.map(([name]) => node("Identity", [name], [`${name}.out`])),
      outputs: seen.map(([name, { dtype, shape }]) => value(`${name}.out`, shape, dtype)),
      initializers: new Map(seen),
    });
    const results = await outputsOf(model, {});
    for (const [name, tensor] of seen) expect(results[`${name}.out`]).toEqual(tensor);
  });

  it.each(["external.onnx", "half.onnx", "nested.onnx", "old-style.onnx"])(
    "computes the same after a round trip: %s",
    async (name) => {
      const feeds: Record<string, Record<string, Tensor>> = {
        "external.onnx": { x: noise([3, 8]) },
        "half.onnx": { x },
        "nested.onnx": { x, condition: { dtype: "bool", shape: [], data: Uint8Array.of(1) } },
        "old-style.onnx": { x: noise([2, 5]) },
      };
      const feed = feeds[name] ?? {};
      const expected = await outputsOf(fixture(name), feed);
      const model = await readModel(fixture(name));
      expect(await outputsOf(model, feed)).toEqual(expected);
      const path = join(folder, name);
      await writeModel(path, model);
      expect(await outputsOf(path, feed)).toEqual(expected);
      await writeModel(path, model, { externalData: 1 });
      expect(await outputsOf(path, feed)).toEqual(expected);
      expect((await readModel(path)).graph).toEqual(model.graph);
    },
  );

  it("drops inputs that have an initialiser", async () => {
    const { graph, irVersion } = await readModel(fixture("old-style.onnx"));
    expect(graph.inputs).toEqual([value("x", ["batch", 5])]);
    expect(irVersion).toBeGreaterThanOrEqual(4);
  });

  it("writes out a sparse initialiser's zeros", async () => {
    const { graph } = await readModel(fixture("nested.onnx"));
    expect(graph.initializers.get("S")).toEqual(float32([0, 3, 4, 0], [2, 2]));
  });

  it("writes weights at aligned places of a second file and leaves no other files", async () => {
    const large = noise([64, 64]);
    const model = modelOf({
      ...twoLayers.graph,
      initializers: new Map([...twoLayers.graph.initializers, ["L1", large], ["L2", large]]),
    });
    const home = join(folder, "home");
    mkdirSync(home);
    await writeModel(join(home, "m.onnx"), model, { externalData: true });
    expect(readdirSync(home).sort()).toEqual(["m.onnx", "m.onnx.data"]);
    expect(readFileSync(join(home, "m.onnx.data")).byteLength).toBe(4 * 4096 * 2);
    expect(readFileSync(join(home, "m.onnx")).byteLength).toBeLessThan(1000);
    expect((await readModel(join(home, "m.onnx"))).graph).toEqual(model.graph);
  });

  it.skipIf(!haveEncoders)("computes the same after a round trip: real models", async () => {
    for (const name of readdirSync(encoders).filter((file) => file.endsWith(".onnx"))) {
      const model = await readModel(join(encoders, name));
      const [input] = model.graph.inputs;
      const feed = {
        [input?.name ?? ""]: noise((input?.shape ?? []).map((size) => (typeof size === "number" ? size : 2))),
      };
      expect(await outputsOf(encodeModel(model), feed)).toEqual(await outputsOf(join(encoders, name), feed));
    }
  });
});

describe("external data", () => {
  /** The fixture with its weights said to lie at `location`, or to be elsewhere in the file. */
  function tampered(name: string, replace: (bytes: string) => string): string {
    const home = join(folder, name);
    mkdirSync(home, { recursive: true });
    copyFileSync(fixture("external.weights"), join(home, "external.weights"));
    const path = join(home, "external.onnx");
    writeFileSync(path, Buffer.from(replace(readFileSync(fixture("external.onnx"), "latin1")), "latin1"));
    return path;
  }
  const named = (location: string) => (bytes: string) =>
    bytes.replace("external.weights", location.padEnd(16, "/"));

  it("is refused outside the model's folder", async () => {
    const outside = /not a path inside the model's folder/;
    await expect(readModel(tampered("up", named("../up/external.")))).rejects.toThrow(outside);
    await expect(readModel(tampered("inner", named("a/../../external")))).rejects.toThrow(outside);
    await expect(readModel(tampered("absolute", named("/etc/passwd")))).rejects.toThrow(outside);
    await expect(readModel(tampered("windows", named("C:\\weights")))).rejects.toThrow(outside);
    await expect(readModel(tampered("network", named("..\\weights")))).rejects.toThrow(outside);
  });

  it("is refused through a symbolic link out of the folder", async () => {
    const path = tampered("link", named("linked_weights.a"));
    symlinkSync(fixture("external.weights"), join(folder, "link", "linked_weights.a"));
    await expect(readModel(path)).rejects.toThrow(/leads out of the model's folder/);
  });

  it("is refused where it is missing, a folder, or shorter than it is said to be", async () => {
    await expect(readModel(tampered("missing", named("external.absent_")))).rejects.toThrow(
      /cannot be read: ENOENT/,
    );
    const path = tampered("folder", named("external.folder_"));
    mkdirSync(join(folder, "folder", "external.folder_"));
    await expect(readModel(path)).rejects.toThrow(/is not a file/);
    const short = tampered("short", (bytes) => bytes);
    writeFileSync(join(folder, "short", "external.weights"), "too short");
    await expect(readModel(short)).rejects.toThrow(
      /initialiser "W" needs bytes 0 to 256 of "external.weights", which has 9/,
    );
    await expect(readModel(tampered("length", (bytes) => bytes.replace("256", "255")))).rejects.toThrow(
      /takes 256 bytes, but its entry for "external.weights" says 255/,
    );
  });

  it("needs the model's path", () => {
    expect(() => decodeModel(readFileSync(fixture("external.onnx")))).toThrow(/read the model by its path/);
  });
});

describe("bad files", () => {
  it.each(["old-style.onnx", "types.onnx", "nested.onnx"])(
    "cut short anywhere are refused in one line: %s",
    (name) => {
      const bytes = readFileSync(fixture(name));
      for (let length = 0; length < bytes.length; length++) {
        // The operator sets come last: nothing shorter is a model.
        expect(failure(bytes.subarray(0, length)), `${length} bytes`).toBeInstanceOf(ModelError);
        expect(failure(bytes.subarray(0, length))?.message).not.toContain("\n");
      }
    },
  );

  it("with flipped bits are read or refused, and nothing else happens", () => {
    const names = ["old-style.onnx", "types.onnx", "nested.onnx", "half.onnx"];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
        (name, places) => {
          const bytes = Uint8Array.from(readFileSync(fixture(name)));
          for (const place of places) {
            const at = Math.floor(place / 8) % bytes.length;
            bytes[at] = (bytes[at] ?? 0) ^ (1 << (place % 8));
          }
          const error = failure(bytes);
          if (error !== undefined) expect(error).toBeInstanceOf(ModelError);
        },
      ),
      { numRuns: 3000, seed: 7 },
    );
  });

  it("of random bytes are refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(failure(bytes)).toBeInstanceOf(ModelError);
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it("name the file", async () => {
    const path = join(folder, "noise.onnx");
    writeFileSync(path, "not a model at all");
    await expect(readModel(path)).rejects.toThrow(new RegExp(`^${path}: not an ONNX model`));
    await expect(readModel(join(folder, "none.onnx"))).rejects.toThrow(/none\.onnx: ENOENT/);
  });

  it("with shapes beyond their data take no memory", () => {
    const huge = { dtype: "float32" as const, shape: [2 ** 31, 2 ** 31], data: new Float32Array(0) };
    const wide = { dtype: "float32" as const, shape: [2 ** 20], data: new Float32Array(1) };
    for (const tensor of [huge, wide]) {
      // The writer refuses such a tensor, so the data is put in as a shape of the same length in bytes.
      const sound = modelOf({
        ...twoLayers.graph,
        initializers: new Map([...twoLayers.graph.initializers, ["big", float32([0])]]),
      });
      const text = Buffer.from(encodeModel(sound));
      expect(() =>
        encodeModel(modelOf({ ...sound.graph, initializers: new Map([["big", tensor]]) })),
      ).toThrow(/takes/);
      const at = text.indexOf("\x08\x01\x10\x01\x42\x03big", 0, "latin1");
      expect(at).toBeGreaterThan(0);
      text[at + 1] = 0x7f;
      expect(failure(text)?.message).toMatch(
        /initialiser "big" \(float32 \[127\]\) takes 508 bytes, the file has 4/,
      );
    }
  });
});

function failure(bytes: Uint8Array): Error | undefined {
  try {
    decodeModel(bytes);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
