import { cardSchema } from "@optogram/encoders";
import {
  coloursOf,
  doublingsOf,
  gridOf,
  normalised,
  outputOf,
  reconstructionSchedule,
} from "@optogram/reconstruction";
import { describe, expect, it } from "vitest";

function card(size: number | [number, number], outputs: object, preprocessing: object = {}) {
  return cardSchema.parse({
    ...{ name: "toy", title: "A toy", file: "toy.onnx" },
    input: { preprocessing: { size, mean: [0.5, 0.4, 0.3], std: [0.1, 0.2, 0.3], ...preprocessing } },
    outputs: { embedding: { tensor: "e" }, ...outputs },
  });
}

const tokens = (grid?: [number, number]) => ({ tensor: "t", ...(grid && { grid }) });
const blocks = (...numbers: number[]) =>
  Object.fromEntries(numbers.map((number) => [`block.${number}`, tokens()]));

describe("a layer", () => {
  const vision = card(64, { tokens: tokens(), layers: { ...blocks(2, 10, 9, 11), other: tokens() } });

  it("is the card's tokens, the last block but one, or a block by its number", () => {
    expect(outputOf(vision, "last")).toBe("tokens");
    expect(outputOf(vision, "next-to-last")).toBe("layers.block.10");
    expect(outputOf(vision, 2)).toBe("layers.block.2");
  });

  it("of a ConvNet is a stage", () => {
    const stages = Object.fromEntries([0, 1, 2, 3].map((number) => [`stage.${number}`, tokens()]));
    const convnet = card(64, { tokens: tokens(), layers: stages });
    expect(outputOf(convnet, "last")).toBe("tokens");
    expect(outputOf(convnet, "next-to-last")).toBe("layers.stage.2");
    expect(outputOf(convnet, 0)).toBe("layers.stage.0");
    expect(() => outputOf(convnet, 4)).toThrow("the card's outputs have stages 0, 1, 2, 3");
    const both = card(64, { tokens: tokens(), layers: { ...blocks(0, 1), ...stages } });
    expect(outputOf(both, 1)).toBe("layers.block.1");
  });

  it("that the card does not name is refused, with those it names", () => {
    expect(() => outputOf(vision, 3)).toThrow(
      "there is no layer 3: the card's outputs have blocks 2, 9, 10, 11",
    );
    expect(() => outputOf(card(64, {}), "last")).toThrow("names no tokens");
    expect(() => outputOf(card(64, {}), "next-to-last")).toThrow("outputs have no blocks or stages");
  });
});

describe("the grid of tokens", () => {
  it("is the card's, or has the input's proportions", () => {
    expect(gridOf(card(64, { tokens: tokens([4, 16]) }), "tokens", 64)).toEqual([4, 16]);
    expect(gridOf(card(224, { tokens: tokens() }), "tokens", 169)).toEqual([13, 13]);
    expect(gridOf(card([32, 96], { tokens: tokens() }), "tokens", 48)).toEqual([4, 12]);
    expect(() => gridOf(card(64, { tokens: tokens() }), "tokens", 60)).toThrow('name "grid" on the card');
  });

  it("is doubled to the input's size where patches are a power of two, else to what comes closest", () => {
    const doublings = (size: number, side: number) => doublingsOf(card(size, {}), [side, side]);
    expect(doublings(64, 8)).toBe(3);
    expect(doublings(224, 14)).toBe(4);
    // DINOv2: patches of 14 become 16 pixels.
    expect(doublings(518, 37)).toBe(4);
    expect(doublings(224, 13)).toBe(4);
  });
});

describe("colours", () => {
  it("are the card's mean and deviation, of pixels from 0 to 1", () => {
    const plain = coloursOf(card(8, {}).input.preprocessing);
    expect(plain).toEqual({ mean: [0.5, 0.4, 0.3], std: [0.1, 0.2, 0.3] });
    const [red, , green, , blue] = normalised(Float32Array.of(0.5, 0.6, 0.4, 0.8, 0, 0.3), 2, plain);
    expect([red, green, blue]).toEqual([0, 0, -1].map((value) => expect.closeTo(value, 6)));
  });

  it("have a usual deviation where the card leaves pixels from 0 to 255 as they are", () => {
    const caffe = card(8, {}, { mean: [127.5, 51, 102], std: [1, 1, 1], scale: 1, channels: "bgr" });
    expect(coloursOf(caffe.input.preprocessing)).toEqual({ mean: [0.5, 0.2, 0.4], std: [0.25, 0.25, 0.25] });
  });
});

describe("the learning rate", () => {
  it("rises once from 1.2e-5 to 3e-4 and falls to 1.2e-9, as in the released code", () => {
    const rate = reconstructionSchedule("one-cycle", { steps: 1000, rate: 3e-4 });
    expect(rate(0) / 1.2e-5).toBeCloseTo(1, 6);
    expect(rate(50) / 3e-4).toBeCloseTo(1, 6);
    expect(rate(999) / 1.2e-9).toBeCloseTo(1, 6);
  });

  it("goes up and down between 1.2e-5 and 3e-4, as in the text", () => {
    const rate = reconstructionSchedule("cyclic", { steps: 1000, rate: 3e-4 });
    expect([0, 100, 200, 300, 900].map((step) => rate(step) / 1.2e-5)).toEqual(
      [1, 25, 1, 25, 25].map((share) => expect.closeTo(share, 6)),
    );
  });
});
