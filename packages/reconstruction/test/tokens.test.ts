import { cardSchema, openEncoder } from "@optogram/encoders";
import { fitPicture } from "@optogram/images";
import { float32, GraphBuilder, mul } from "@optogram/onnx";
import { bytesOf, openTokens, planesOf, sized } from "@optogram/reconstruction";
import { expect, it } from "vitest";

const picture = {
  width: 30,
  height: 18,
  data: Uint8Array.from({ length: 30 * 18 * 3 }, (_, i) => (i * 37 + (i >> 4) * 11) % 256),
};

/** Channels weigh differently, so that their order shows. */
function toy(preprocessing: object) {
  const graph = new GraphBuilder();
  const weights = graph.constant(float32([1, 2, 3], [1, 3, 1, 1]));
  graph.output("map", mul(graph.input("x", [2, 3, 4, 8]), weights));
  const card = cardSchema.parse({
    ...{ name: "toy", title: "A toy", file: "toy.onnx" },
    input: { preprocessing: { size: [4, 8], ...preprocessing } },
    outputs: {
      embedding: { tensor: "map", pool: "spatial-mean" },
      tokens: { tensor: "map", layout: "map" },
    },
  });
  return { card, digest: "", model: graph.model() };
}

it.each([
  ["RGB from 0 to 1", { mean: [0.5, 0.4, 0.3], std: [0.1, 0.2, 0.3], cropFraction: 0.8 }],
  ["BGR from 0 to 255", { mean: [120, 110, 100], std: [1, 2, 3], scale: 1, channels: "bgr" }],
])("gives the tokens of pictures as the encoder does of its inputs: %s", async (_, preprocessing) => {
  const parts = toy(preprocessing);
  const reader = await openTokens(parts, "last");
  expect(reader).toMatchObject({ input: [4, 8], grid: [4, 8], width: 3 });
  const seen = fitPicture(picture, parts.card.input.preprocessing);
  const found = await reader.tokens(Float32Array.of(...planesOf(seen), ...planesOf(seen), ...planesOf(seen)));
  await reader.close();
  const encoder = await openEncoder(parts, { outputs: ["tokens"] });
  const { tokens } = await encoder.encode(encoder.preprocess(picture), 1);
  await encoder.close();
  expect(found).toHaveLength(3 * tokens.data.length);
  for (const [i, value] of Array.from(tokens.data, Number).entries())
    expect(found[2 * tokens.data.length + i] / value).toBeCloseTo(1, 3);
});

it("brings pictures to the size that is painted, as planes and back", () => {
  const whole = sized(picture, [18, 30]);
  expect(whole).toBe(picture);
  expect(bytesOf(planesOf(whole))).toEqual(picture.data);
  expect(sized(picture, [36, 64])).toMatchObject({ height: 36, width: 64 });
});
