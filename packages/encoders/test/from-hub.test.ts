/** An encoder whose weights lie on a hub. What hubs do wrong is tested in @optogram/hub. */

import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { encodeTensors } from "@optogram/artifacts";
import { EncoderError, openEncoder, randomWeights, readEncoder } from "@optogram/encoders";
import { type HubServer, startHub } from "@optogram/hub/testing";
import { encodeModel, GraphBuilder, mul, writeModel } from "@optogram/onnx";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { encoderFolder } from "./fixture.ts";
import { toyArchitecture, toyCard } from "./toy.ts";

let folder: Awaited<ReturnType<typeof encoderFolder>>;
let hub: HubServer;

beforeAll(async () => {
  folder = await encoderFolder();
  hub = await startHub();
  const bytes = Buffer.from(encodeTensors(randomWeights(toyArchitecture, 3)));
  hub.files.set("model.safetensors", { bytes, lfs: true });
  vi.stubEnv("HF_ENDPOINT", hub.endpoint);
  vi.stubEnv("HF_HOME", join(folder.root, "hf"));
  for (const name of ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HUB_OFFLINE"]) vi.stubEnv(name, "");
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  await folder.remove();
});

const pixels = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => Math.sin(i));

describe("an encoder on the hub", () => {
  it("is fetched when it is first opened, and is the one whose weights these are", async () => {
    const weights = { repo: "owner/model", file: "model.safetensors" };
    const path = await folder.add("hub-toy", { ...toyCard, weights });
    const drawn = await folder.add("drawn", { ...toyCard, weights: "random", seed: 3 });
    const encoder = await openEncoder(path);
    expect(await encoder.embed(pixels, 1)).toEqual(await (await openEncoder(drawn)).embed(pixels, 1));
    const before = hub.log.length;
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    expect((await readEncoder(path)).digest).toBe(encoder.digest);
    expect(hub.log.length).toBe(before);
  });

  it("says where to put the file by hand where there is no network", async () => {
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    const weights = { repo: "owner/model", file: "sub/other.safetensors" };
    const path = await folder.add("offline", { ...toyCard, weights });
    const error: unknown = await openEncoder(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EncoderError);
    expect((error as Error).message).toMatch(
      /^toy-vit: owner\/model: sub\/other\.safetensors is not here, and HF_HUB_OFFLINE is set; fetch http.* and put it at .*offline[/\\]other\.safetensors$/,
    );
  });

  it("may be an ONNX file whose weights lie beside it", async () => {
    vi.stubEnv("HF_HUB_OFFLINE", "");
    const g = new GraphBuilder();
    const factors = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => i % 7);
    const w = g.initializer("w", { dtype: "float32", shape: [3, 32, 32], data: factors });
    g.output("out", mul(g.input("x", [1, 3, 32, 32]), w));
    const local = join(folder.root, "large.onnx");
    await writeModel(local, g.model(), { externalData: true });
    const data = `${basename(local)}.data`;
    for (const name of [basename(local), data]) {
      hub.files.set(`onnx/${name}`, { bytes: await readFile(join(folder.root, name)), lfs: true });
    }
    expect((await readFile(local)).length).toBeLessThan(encodeModel(g.model()).length / 4);
    const { architecture: _, ...plain } = toyCard;
    const card = {
      ...plain,
      weights: { repo: "owner/model", file: "onnx/large.onnx", with: [`onnx/${data}`] },
      outputs: { embedding: { tensor: "out" } },
      normalised: false,
    };
    const embedding = await (await openEncoder(await folder.add("external", card))).embed(pixels, 1);
    expect(embedding).toEqual(pixels.map((value, i) => value * (factors[i] as number)));
  });
});
