import { type ArtifactWriter, table, texts, vectors } from "@optogram/artifacts";
import { encodeModel, float32, GraphBuilder, gather, reduceSum } from "@optogram/onnx";
import { networkSize, smallEncoder } from "./networks.ts";

const vocabulary = ["a", "red", "blue", "bluebell"];
const context = 4;
const images = 30;

const axis = (dimension: number, at: number, length = 1) =>
  Array.from({ length: dimension }, (_, i) => (i === at ? length : 0));

/** A text is the sum of its words: "red" points along the first axis, "blue" along the second, the others along none. */
function textTower(dimension: number): Uint8Array {
  const graph = new GraphBuilder();
  const ids = graph.input("ids", [1, context], "int64");
  const nothing = axis(dimension, -1);
  const rows = [nothing, nothing, axis(dimension, 0), axis(dimension, 1), axis(dimension, 2)];
  const words = graph.constant(float32(rows.flat(), [rows.length, dimension]));
  graph.output("embedding", reduceSum(gather(words, ids), { axes: [1] }));
  return encodeModel(graph.model("small-text"));
}

/** Image i lies between red and blue, the first at red, the last at blue. */
function embeddings(dimension: number): Float32Array {
  return Float32Array.from(
    Array.from({ length: images }, (_, i) => {
      const angle = (Math.PI / 2) * (i / (images - 1));
      return axis(dimension, 0, Math.cos(angle)).map((x, k) => (k === 1 ? Math.sin(angle) : x));
    }).flat(),
  );
}

/** What align-text would write of an encoder that reads four words. */
export async function writeAlignment(writer: ArtifactWriter, dimension: number): Promise<void> {
  const read = ["red", "blue"];
  await writer.table(
    "texts.parquet",
    table({
      text: texts(read),
      role: texts(["class", "query"]),
      embedding: vectors(Float32Array.from([...axis(dimension, 0), ...axis(dimension, 1)]), dimension),
    }),
  );
  await writer.table(
    "cosines.parquet",
    table({
      pairs: texts(["matching", "not matching", "not matching", "images", "texts", "across"]),
      from: Float32Array.of(0.8, 0, 0.8, 0.4, 0.3, -0.1),
      to: Float32Array.of(0.9, 0.1, 0.9, 0.5, 0.4, 0),
      count: Uint32Array.of(40, 30, 10, 50, 50, 50),
    }),
  );
  const bins = ["heuristic", "fitted", "fitted"];
  await writer.table(
    "reliability.parquet",
    table({
      values: texts(bins),
      from: Float32Array.of(0.9, 0.1, 0.8),
      to: Float32Array.of(1, 0.2, 0.9),
      confidence: Float32Array.of(0.95, 0.15, 0.85),
      share: Float32Array.of(0.5, 0.1, 0.9),
      low: Float32Array.of(0.4, 0.05, 0.8),
      high: Float32Array.of(0.6, 0.2, 0.95),
      pairs: Uint32Array.of(80, 30, 50),
    }),
  );
  await writer.table(
    "names.parquet",
    table({
      feature: Uint32Array.of(0, 1),
      rank: Uint32Array.of(1, 1),
      text: Uint32Array.of(0, 1),
      cosine: Float32Array.of(0.9, 0.8),
      score: Float32Array.of(3.2, 2.1),
    }),
  );
  await writer.tensors("images.safetensors", { images: float32(embeddings(dimension), [images, dimension]) });
  await writer.bytes("text.onnx", textTower(dimension));
  await writer.bytes("encoder.onnx", smallEncoder(dimension));
  await writer.json("page.json", {
    ...{ images, dimension },
    encoder: { height: networkSize, width: networkSize, resize: "cover" },
    text: { texts: 1, context, vocabulary },
  });
  const [before, after] = [0.6, 0.01].map((ece) => ({ ece, brier: ece / 2 }));
  await writer.json("alignment.json", {
    encoder: { name: "small", title: "A small encoder" },
    text: { temperature: 20 },
    confidence: { threshold: 0.5, temperature: 10, slope: 2.5, fitted: true },
    fit: { pairs: { fitted: 80, heldOut: 80, matching: 0.5 }, before, after },
    gap: { distance: 1.1, images: 0.45, texts: 0.35, across: -0.05 },
  });
}
