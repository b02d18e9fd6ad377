import { preprocess } from "@optogram/images";
import { float32, GraphBuilder, openSession } from "@optogram/onnx";
import { describe, expect, it } from "vitest";
import { embeddingGraph, openJudge } from "../src/judge.ts";
import { freshCosines, rowCosines } from "../src/measure.ts";
import { totalVariation } from "../src/objective.ts";
import { mildViews, plainViews } from "../src/views.ts";
import { dimension, pictures, size, tinyEncoder } from "./encoder.ts";

describe("a judge", () => {
  it("sees what the encoder's own preprocessing gives", async () => {
    const encoder = tinyEncoder();
    const { preprocessing } = encoder.card.input;
    const plane = size * size;
    const data = Uint8Array.from({ length: 3 * plane }, (_, i) => (i * i) % 251);
    const input = preprocess({ width: size, height: size, data }, preprocessing);
    const session = await openSession(await embeddingGraph(encoder, 1), { threads: 1 });
    const { embedding } = await session.run({ pixels: float32(input, [1, 3, size, size]) });
    await session.close();
    const judge = await openJudge(encoder, { size, batch: 2, threads: 1 });
    expect(judge.dimension).toBe(dimension);
    const values = Float32Array.from(
      { length: 3 * plane },
      (_, i) => data[(i % plane) * 3 + Math.floor(i / plane)] / 255,
    );
    expect([...(await judge.embed(values))]).toEqual(
      Array.from(embedding.data as Float32Array, (value) => expect.closeTo(value, 4)),
    );
    await judge.close();
  });

  it("tells what it looked at, and ends between two runs when it is told to", async () => {
    const stop = new AbortController();
    const looked: number[] = [];
    const judge = await openJudge(tinyEncoder(), {
      ...{ size, batch: 2, threads: 1, signal: stop.signal },
      looked: (views) => {
        looked.push(views);
        if (looked.length === 3) stop.abort();
      },
    });
    await judge.embed(pictures(3));
    expect(looked).toEqual([2, 1]);
    await expect(judge.embed(pictures(5))).rejects.toThrow(/abort/);
    expect(looked).toEqual([2, 1, 2]);
    await judge.close();
  });
});

describe("total variation", () => {
  it("is the mean difference along rows plus that along columns, of each picture", async () => {
    const graph = new GraphBuilder();
    graph.output("variation", totalVariation(graph.input("pictures", [2, 3, 2, 2])));
    const session = await openSession(graph.model(), { threads: 1 });
    const stripes = [0, 1, 0, 1].map((v) => v * 0.5);
    const steep = [0, 1, 0.25, 0.25];
    const given = [...stripes, ...stripes, ...stripes, ...steep, ...steep, ...steep];
    const { variation } = await session.run({ pictures: float32(given, [2, 3, 2, 2]) });
    expect([...(variation.data as Float32Array)]).toEqual([0.5, 0.5 + (0.25 + 0.75) / 2]);
    await session.close();
  });
});

describe("cosines of pictures", () => {
  it("of plain views are those of the pictures, of fresh ones near them", async () => {
    const judge = await openJudge(tinyEncoder(), { size, batch: 4, threads: 1 });
    const given = pictures(3);
    const embeddings = await judge.embed(given);
    expect([...rowCosines(embeddings, embeddings, dimension)]).toEqual(
      [1, 1, 1].map((v) => expect.closeTo(v, 5)),
    );
    const options = { views: 2, seeds: [1, 2, 3], stream: 5 };
    const plain = await freshCosines(judge, given, embeddings, { ...options, ranges: plainViews });
    expect([...plain]).toEqual([1, 1, 1].map((v) => expect.closeTo(v, 5)));
    const fresh = await freshCosines(judge, given, embeddings, { ...options, ranges: mildViews });
    const other = await freshCosines(judge, given, embeddings, { ...options, ranges: mildViews, stream: 6 });
    for (const [i, cosine] of fresh.entries()) {
      expect(cosine).toBeGreaterThan(0.5);
      expect(cosine).toBeLessThan(0.99999);
      expect(cosine).not.toBe(other[i]);
    }
    await judge.close();
  });
});
