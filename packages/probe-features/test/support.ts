/** A small study: an encoder that sees how much of what colour there is, and a dictionary of hand-made features. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf, table, vectors, writeArtifact } from "@optogram/artifacts";
import { readEncoder } from "@optogram/encoders";
import { GraphBuilder, mul, writeModel } from "@optogram/onnx";

const side = 16;
const latents = 4;

/** Writes encoder, features and sae below `root`; the embedding is the mean colour [3], each from 0 to 1. */
export async function writeStudy(root: string): Promise<{ features: string; sae: string }> {
  const encoder = join(root, "toy");
  await mkdir(encoder, { recursive: true });
  const g = new GraphBuilder();
  g.output("out", mul(g.input("x", [4, 3, side, side]), 1));
  await writeModel(join(encoder, "toy.onnx"), g.model());
  await writeFile(
    join(encoder, "card.json"),
    JSON.stringify({
      name: "toy",
      title: "A toy",
      file: "toy.onnx",
      input: { preprocessing: { size: side, mean: [0, 0, 0], std: [1, 1, 1] } },
      outputs: { embedding: { tensor: "out", pool: "spatial-mean" } },
    }),
  );
  const { digest: card } = await readEncoder(encoder);
  const common = { versions: {}, device: "cpu" };
  const images = { source: "scenes", seed: 1, count: 2 };
  const features = await writeArtifact(
    join(root, "features"),
    {
      ...common,
      kind: "features",
      stage: "extract-features",
      parameters: { encoder, images, card },
      inputs: {},
    },
    (writer) =>
      writer.table(
        "embeddings.parquet",
        table({ image: Uint32Array.of(0, 1), embedding: vectors(new Float32Array(6), 3) }),
      ),
  );
  const zeros = new Float32Array(latents);
  const tensor = (data: number[], ...shape: number[]) => ({
    dtype: "float32" as const,
    shape,
    data: Float32Array.from(data),
  });
  // Red beyond grey, blue beyond grey, all that is bright, and nothing.
  const encoderWeight = [2, -1, 1, 0, -1, -1, 1, 0, -1, 2, 1, 0];
  await writeArtifact(
    join(root, "sae"),
    {
      ...common,
      kind: "sae",
      stage: "train-sae",
      parameters: { variant: "topk", k: 3 },
      inputs: { features: { kind: "features", digest: digestOf(features) } },
    },
    async (writer) => {
      await writer.tensors("sae.safetensors", {
        W_enc: tensor(encoderWeight, 3, latents),
        b_enc: tensor([...zeros], latents),
        W_dec: tensor(new Array(3 * latents).fill(0.5), latents, 3),
        b_dec: tensor([0, 0, 0], 3),
      });
      await writer.table(
        "features.parquet",
        table({
          feature: Uint32Array.of(0, 1, 2, 3),
          dead: [false, false, false, true],
          density: Float32Array.of(0.5, 0.5, 1, 0),
          mean: Float32Array.of(0.5, 0.5, 1, 0),
        }),
      );
    },
  );
  return { features: join(root, "features"), sae: join(root, "sae") };
}
