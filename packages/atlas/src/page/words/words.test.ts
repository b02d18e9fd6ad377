import { describe, expect, test } from "vitest";
import { ranked } from "./rank.ts";
import { completions, readText } from "./texts.ts";

const vocabulary = ["a", "cat", "cats", "car", "red"];

describe("a typed text", () => {
  test("becomes tokens, whatever its letters and commas", () => {
    expect(readText("  A red,  CAT. ", vocabulary, 8)).toEqual({ ids: [1, 5, 2], unknown: [], beyond: 0 });
    expect(readText("", vocabulary, 8)).toEqual({ ids: [], unknown: [], beyond: 0 });
  });

  test("names what is not read, once each, and counts what is too long", () => {
    const read = readText("a zebra, قطة 🦓 zebra cat car", vocabulary, 2);
    expect(read).toEqual({ ids: [1, 2], unknown: ["zebra", "قطة", "🦓"], beyond: 1 });
  });

  test("is completed where its last word is begun and none yet", () => {
    const words = (text: string) => completions(text, vocabulary, 2).map((completion) => completion.text);
    expect(words("a Ca")).toEqual(["a cat", "a cats"]);
    expect(words("a cat")).toEqual([]);
    expect(words("ca ")).toEqual([]);
    expect(words("")).toEqual([]);
  });
});

describe("ranked rows", () => {
  const sure = { confidence: { threshold: 0.5, temperature: 10 }, temperature: 2 };
  const rows = Float32Array.of(0, 1, 1, 0, 0.6, 0.8, 1, 0);
  const order = ranked(rows, Float32Array.of(1, 0), sure);

  test("come by cosine, equal ones in their order", () => {
    expect(order.map(({ index }) => index)).toEqual([1, 3, 2, 0]);
    expect(order[2]!.cosine).toBeCloseTo(0.6, 6);
  });

  test("have the confidence of the two numbers and a softmax that adds up", () => {
    expect(order[2]!.confidence).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
    expect(order.reduce((sum, { softmax }) => sum + softmax, 0)).toBeCloseTo(1, 6);
    expect(order[0]!.softmax / order[3]!.softmax).toBeCloseTo(Math.exp(2), 4);
  });
});
