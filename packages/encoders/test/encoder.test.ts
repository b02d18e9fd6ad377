import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EncoderError, openEncoder, readCard, readEncoder } from "@optogram/encoders";
import { float32, identity, mul, reshape, transpose } from "@optogram/onnx";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anyBatch, encoderFolder, network, plainCard } from "./fixture.ts";

let folder: Awaited<ReturnType<typeof encoderFolder>>;

beforeAll(async () => {
  folder = await encoderFolder();
});

afterAll(() => folder.remove());

/** `map` [n, 3, 4, 4]: the input doubled. `tokens` [n, 16, 3]: its places in rows. */
const doubled = anyBatch(
  network((g, x) => {
    const map = mul(x, 2);
    g.output("map", map);
    // A size of 0 is that of the input: this graph takes any number of images.
    const [rows] = g.node(
      "Reshape",
      [map, g.integers([0, 3, 16])],
      [{ dtype: "float32", shape: [2, 3, 16] }],
    );
    g.output("tokens", transpose(rows, [0, 2, 1]));
  }),
);

/** Image i is [3, 4, 4] of the numbers from 100 i on. */
function inputs(n: number): Float32Array {
  return Float32Array.from({ length: n * 48 }, (_, i) => 100 * Math.floor(i / 48) + (i % 48));
}

const withOutputs = (outputs: unknown, more: object = {}) => ({ ...plainCard, outputs, ...more });

describe("an encoder", () => {
  it("embeds any number of images in batches, the last one filled up", async () => {
    const card = withOutputs({ embedding: { tensor: "map", pool: "spatial-mean" } });
    const encoder = await openEncoder(await folder.add("batches", card, doubled), { batch: 2 });
    expect([encoder.batch, encoder.dimension]).toEqual([2, 3]);
    const expected = [0, 1, 2].flatMap((i) => [15, 47, 79].map((mean) => 200 * i + mean));
    expect([...(await encoder.embed(inputs(3), 3))]).toEqual(expected);
    await expect(encoder.embed(inputs(3), 2)).rejects.toThrow(/2 inputs take 96 numbers, not 144/);
    await encoder.close();
  });

  it.each([
    [{ tensor: "map", pool: "none" }, Array.from({ length: 48 }, (_, i) => 2 * i)],
    [{ tensor: "tokens", pool: "cls" }, [0, 32, 64]],
    [{ tensor: "tokens", pool: "mean" }, [15, 47, 79]],
    [{ tensor: "tokens", pool: "mean", prefix: 14 }, [29, 61, 93]],
  ])("pools %j", async (embedding, expected) => {
    const encoder = await openEncoder(await folder.add("pools", withOutputs({ embedding }), doubled));
    expect([...(await encoder.embed(inputs(1), 1))]).toEqual(expected);
  });

  it("brings embeddings to unit length where the card says so", async () => {
    const card = withOutputs({ embedding: { tensor: "tokens", pool: "cls" } }, { normalised: true });
    const encoder = await openEncoder(await folder.add("unit", card, doubled));
    const [x, y, z] = await encoder.embed(inputs(1), 1);
    expect(Math.hypot(x, y, z)).toBeCloseTo(1, 6);
    expect(y / z).toBeCloseTo(0.5, 6);
  });

  it("gives tokens of maps and of sequences, without those before the patches", async () => {
    const card = withOutputs({
      embedding: { tensor: "map", pool: "spatial-mean" },
      tokens: { tensor: "tokens", prefix: 4, grid: [3, 4] },
      layers: { early: { tensor: "map", layout: "map" } },
    });
    const encoder = await openEncoder(await folder.add("tokens", card, doubled), {
      batch: 2,
      outputs: ["tokens", "layers.early"],
    });
    const { tokens, "layers.early": early, ...others } = await encoder.encode(inputs(3), 3);
    expect(others).toEqual({});
    expect([tokens.shape, early.shape]).toEqual([
      [3, 12, 3],
      [3, 16, 3],
    ]);
    expect([...tokens.data.subarray(0, 3)]).toEqual([8, 40, 72]);
    expect([...early.data.subarray(-3)]).toEqual([430, 462, 494]);
    await expect(encoder.embed(inputs(1), 1)).rejects.toThrow(EncoderError);
  });

  it("keeps the batch size that a model was exported for, and reads float16 inputs", async () => {
    const half = network((g, x) => g.output("out", identity(x)), 1, "float16");
    const encoder = await openEncoder(await folder.add("half", plainCard, half), { batch: 8 });
    expect(encoder.batch).toBe(1);
    expect(await encoder.embed(inputs(2), 2)).toEqual(inputs(2));
  });

  it("says so where a model takes any number of images by its input alone", async () => {
    const fixed = anyBatch(network((g, x) => g.output("out", reshape(mul(x, 2), [2, 48])), 2));
    const path = await folder.add("fixed", plainCard, fixed);
    expect([...(await (await openEncoder(path, { batch: 2 })).embed(inputs(1), 1)).subarray(0, 2)]).toEqual([
      0, 2,
    ]);
    const wrong = openEncoder(path, { batch: 3 }).then((encoder) => encoder.embed(inputs(1), 1));
    await expect(wrong).rejects.toThrow(/^toy: .*batches of 3.*another batch size/);
  });

  it("preprocesses as the card says", async () => {
    const encoder = await openEncoder(
      await folder.add("pixels", withOutputs({ embedding: { tensor: "map" } }), doubled),
    );
    const picture = { width: 4, height: 4, data: Uint8Array.from({ length: 48 }, (_, i) => i) };
    expect([...encoder.preprocess(picture).subarray(14, 18)]).toEqual([42, 45, 1, 4]);
  });
});

describe("a control with random weights", () => {
  const weights = (seed: number) => Float32Array.from({ length: 48 }, (_, i) => Math.sin(i + seed));
  const weighted = network(
    (g, x) => g.output("out", mul(x, g.initializer("w", float32(weights(0), [3, 4, 4])))),
    1,
  );

  it("has the other encoder's network and other numbers, the same each time", async () => {
    await folder.add("trained", { ...plainCard, name: "trained", parameters: 48 }, weighted);
    const control = { name: "control", title: "Untrained", weights: "random", of: "trained", seed: 1 };
    const path = await folder.add("control", control);
    const reseeded = await folder.add("reseeded", { ...control, seed: 2 });
    const embed = async (where: string) => (await openEncoder(where)).embed(inputs(1), 1);
    const [trained, first, again, other] = [
      await embed(join(folder.root, "trained")),
      await embed(path),
      await embed(path),
      await embed(reseeded),
    ];
    expect(first).toEqual(again);
    expect(first).not.toEqual(trained);
    expect(first).not.toEqual(other);
    const { card } = await readCard(path);
    const { digest } = await readEncoder(path);
    expect(card).toMatchObject({ name: "control", title: "Untrained", parameters: 48, file: "toy.onnx" });
    expect(digest).not.toBe((await readEncoder(reseeded)).digest);
  });

  it("is not made of another control", async () => {
    await folder.add("first", { name: "first", title: "x", weights: "random", of: "trained", seed: 1 });
    const second = await folder.add("second", {
      name: "second",
      title: "x",
      weights: "random",
      of: "first",
      seed: 1,
    });
    await expect(openEncoder(second)).rejects.toThrow(/itself a control/);
  });
});

describe("a card", () => {
  it("has a digest that follows the card and the weights", async () => {
    const digest = async (card: object, model = doubled) =>
      (await readEncoder(await folder.add("digest", card, model))).digest;
    const before = await digest(plainCard);
    expect(await digest(plainCard)).toBe(before);
    await writeFile(join(folder.root, "digest", "toy.onnx.data"), "weights of a large model");
    expect(await digest(plainCard)).not.toBe(before);
    await rm(join(folder.root, "digest", "toy.onnx.data"));
    expect(await digest({ ...plainCard, normalised: true })).not.toBe(before);
    expect(await digest(plainCard, anyBatch(network((g, x) => g.output("out", mul(x, 3)))))).not.toBe(before);
  });

  it.each([
    ["is no JSON", "{", /not JSON/],
    ["leaves its folder", { ...plainCard, file: "../toy.onnx" }, /card\.json: file: /],
    ["is absolute", { ...plainCard, file: "/toy.onnx" }, /card\.json: file: /],
    ["names no file that is there", { ...plainCard, file: "other.onnx" }, /other\.onnx cannot be read/],
    ["has an unknown field", { ...plainCard, sise: 3 }, /sise/],
    ["has no name", { ...plainCard, name: "a/b" }, /card\.json: name: /],
    [
      "divides by zero",
      { ...plainCard, input: { preprocessing: { size: 4, mean: [0, 0, 0], std: [1, 0, 1] } } },
      /std/,
    ],
    ["names no tensor of the model", withOutputs({ embedding: { tensor: "nothing" } }), /"nothing"/],
    [
      "names no input",
      {
        ...plainCard,
        ...withOutputs({ embedding: { tensor: "map" } }),
        input: { ...plainCard.input, tensor: "y" },
      },
      /one of the model's inputs: x/,
    ],
    [
      "pools what is no map",
      withOutputs({ embedding: { tensor: "tokens", pool: "spatial-mean" } }),
      /does not fit/,
    ],
    [
      "has too long a prefix",
      withOutputs({ embedding: { tensor: "tokens", pool: "mean", prefix: 16 } }),
      /16 tokens/,
    ],
    [
      "has another size",
      {
        ...withOutputs({ embedding: { tensor: "map" } }),
        input: { preprocessing: { ...plainCard.input.preprocessing, size: 5 } },
      },
      /cannot become \[16,3,5,5\]/,
    ],
  ])("that %s is refused in one line", async (_, card, message) => {
    const error = await openEncoder(await folder.add("bad", card, doubled)).then(
      () => undefined,
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(EncoderError);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("\n");
  });

  it("is missing by name", async () => {
    await expect(openEncoder("no-such-encoder")).rejects.toThrow(/there is none for "no-such-encoder"/);
    await expect(openEncoder(join(folder.root, "nowhere"))).rejects.toThrow(EncoderError);
  });

  it("is refused with a model that is none", async () => {
    const path = await folder.add("garbage", plainCard);
    await writeFile(join(path, "toy.onnx"), "this is no model");
    await expect(openEncoder(path)).rejects.toThrow(/toy\.onnx/);
    await expect(openEncoder(path, { device: "abacus" })).rejects.toThrow(/no device "abacus"/);
  });
});
