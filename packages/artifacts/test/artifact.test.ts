import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type ArtifactDescription,
  type ArtifactWriter,
  digestOf,
  readArtifact,
  table,
  writeArtifact,
} from "@optogram/artifacts";
import { expect, test } from "vitest";
import { z } from "zod";
import { rejection, temporaryFolder } from "./temporary.ts";

const description: ArtifactDescription = {
  kind: "features",
  stage: "extract-features",
  parameters: { encoder: "tiny", limit: undefined },
  inputs: { weights: { kind: "encoder", digest: "0".repeat(64) } },
  versions: { optogram: "0.1.0" },
  device: "cpu",
};

async function fill(writer: ArtifactWriter): Promise<void> {
  await writer.table("images.parquet", table({ image: Uint32Array.of(1, 2), id: ["a", "b"] }));
  await writer.tensors("sae.safetensors", { b: { dtype: "float32", shape: [1], data: Float32Array.of(1) } });
  await writer.json("tables/atlas.json", { title: "x" });
  await writeFile(await writer.path("tiles/0_0.webp"), "by another library");
  Object.assign(writer.metrics, { fvu: 0.2, none: Number.NaN });
}

test("what is written is read back, with everything about it in the manifest", async () => {
  const folder = join(await temporaryFolder(), "a");
  const manifest = await writeArtifact(folder, description, fill);
  const artifact = await readArtifact(folder, "features");
  expect(artifact.manifest).toEqual(manifest);
  expect(artifact.digest).toBe(digestOf(manifest));
  expect(manifest).toMatchObject({ ...description, schemaVersion: 1, parameters: { encoder: "tiny" } });
  expect(manifest.metrics).toEqual({ fvu: 0.2, none: null });
  expect(Object.keys(manifest.files)).toEqual([
    "images.parquet",
    "sae.safetensors",
    "tables/atlas.json",
    "tiles/0_0.webp",
  ]);
  expect((await artifact.table("images.parquet", ["id"])).numRows).toBe(2);
  expect((await artifact.tensors("sae.safetensors")).tensors.b?.data).toEqual(Float32Array.of(1));
  expect(await artifact.json("tables/atlas.json", z.object({ title: z.string() }))).toEqual({ title: "x" });
  expect(Buffer.from(await artifact.bytes("tiles/0_0.webp")).toString()).toBe("by another library");
});

test("the same content in another place and order has the same digest, another content another", async () => {
  const folder = await temporaryFolder();
  const first = await writeArtifact(join(folder, "a"), description, fill);
  const turned = await writeArtifact(
    join(folder, "b"),
    { ...description, parameters: Object.fromEntries(Object.entries(description.parameters).reverse()) },
    async (writer) => {
      await writer.bytes("tiles/0_0.webp", "by another library");
      await fill(writer);
    },
  );
  expect(digestOf(turned)).toBe(digestOf(first));
  const other = await writeArtifact(join(folder, "c"), description, async (writer) => {
    await fill(writer);
    await writer.bytes("tiles/0_0.webp", "by another Library");
  });
  expect(digestOf(other)).not.toBe(digestOf(first));
});

test("a failure leaves what was there, and nothing beside it", async () => {
  const parent = await temporaryFolder();
  const folder = join(parent, "a");
  const before = await writeArtifact(folder, description, fill);
  const failing = writeArtifact(folder, description, async (writer) => {
    await fill(writer);
    throw new Error("the disk is full");
  });
  expect((await rejection(failing)).message).toBe("the disk is full");
  expect(await readdir(parent)).toEqual(["a"]);
  expect((await readArtifact(folder, "features")).digest).toBe(digestOf(before));
});

test("writing again replaces everything", async () => {
  const parent = await temporaryFolder();
  const folder = join(parent, "a");
  await writeArtifact(folder, description, fill);
  await writeArtifact(folder, description, (writer) => writer.bytes("b.txt", "b"));
  expect((await readdir(folder)).sort()).toEqual(["b.txt", "manifest.json"]);
  expect(await readdir(parent)).toEqual(["a"]);
});

test("what killed processes left is cleared away, what a living one writes is not", async () => {
  const parent = await temporaryFolder();
  const dead = 2 ** 22 + 1;
  for (const name of [
    `.a.partial-${dead}`,
    `.a.partial-${process.ppid}`,
    `.ab.partial-${dead}`,
    ".a.partial-x",
  ]) {
    await mkdir(join(parent, name));
    await writeFile(join(parent, name, "half"), "");
  }
  await writeArtifact(join(parent, "a"), description, fill);
  expect((await readdir(parent)).sort()).toEqual(
    [".a.partial-x", `.a.partial-${process.ppid}`, `.ab.partial-${dead}`, "a"].sort(),
  );
});

test("an artifact that was being replaced when its process was killed comes back", async () => {
  const parent = await temporaryFolder();
  await writeArtifact(join(parent, `.a.former-${2 ** 22 + 1}`), description, fill);
  const failing = writeArtifact(join(parent, "a"), description, async () => {
    throw new Error("no");
  });
  await rejection(failing);
  expect((await readArtifact(join(parent, "a"), "features")).has("images.parquet")).toBe(true);
});

test.each(["../a", "/a", "a/../../b", "a//b", ".hidden", "a/.b", "", "manifest.json", "a\\b", "a/"])(
  "no file can be called %j",
  async (name) => {
    const folder = join(await temporaryFolder(), "a");
    const writing = writeArtifact(folder, description, (writer) => writer.bytes(name, "x"));
    expect((await rejection(writing)).message).toContain("is no name for a file of an artifact");
  },
);

test("links do not become part of an artifact", async () => {
  const folder = join(await temporaryFolder(), "a");
  const writing = writeArtifact(folder, description, (writer) =>
    symlink("/etc/hosts", join(writer.folder, "a")),
  );
  expect((await rejection(writing)).message).toBe('"a" cannot be part of an artifact');
});

test("a changed, cut or missing file is found when it is used, and the stage to run again is named", async () => {
  const folder = join(await temporaryFolder(), "a");
  await writeArtifact(folder, description, fill);
  const complaint = async (name: string) => {
    const artifact = await readArtifact(folder, "features");
    return (await rejection(artifact.bytes(name))).message;
  };
  await writeFile(join(folder, "tiles/0_0.webp"), "by another Library");
  expect(await complaint("tiles/0_0.webp")).toBe(
    `${folder}: tiles/0_0.webp has changed since it was written; run extract-features again`,
  );
  await writeFile(join(folder, "images.parquet"), "PAR1");
  expect(await complaint("images.parquet")).toMatch(
    /images\.parquet has 4 bytes, not \d+; run extract-features again/,
  );
  await rm(join(folder, "sae.safetensors"));
  expect(await complaint("sae.safetensors")).toContain(
    "sae.safetensors is missing; run extract-features again",
  );
  expect(await complaint("toString")).toContain("toString is not part of it");
  await expect((await readArtifact(folder, "features")).verify()).rejects.toThrow(
    "run extract-features again",
  );
});

test("a folder that holds no such artifact is refused with what to do", async () => {
  const parent = await temporaryFolder();
  const folder = join(parent, "a");
  const complaint = async (kind = "features", version = 1) =>
    (await rejection(readArtifact(folder, kind, version))).message;
  expect(await complaint()).toBe(
    `${folder}: holds no artifact: it has no manifest.json; run the stage that writes it`,
  );
  await writeArtifact(folder, description, fill);
  expect(await complaint("sae")).toBe(`${folder}: holds features, not sae; name a folder of that kind`);
  expect(await complaint("features", 2)).toBe(
    `${folder}: is features of version 1, not 2; run extract-features again`,
  );
  const path = join(folder, "manifest.json");
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace('"tiny"', '"huge"'));
  expect(await complaint()).toBe(`${folder}: its manifest was changed by hand; run extract-features again`);
  await writeFile(path, text.replace('"images.parquet"', '"../images.parquet"'));
  expect(await complaint()).toContain("has a bad manifest: files.../images.parquet");
  await writeFile(path, text.slice(0, 50));
  expect(await complaint()).toMatch(/has a bad manifest: .*; run the stage that writes it$/);
});
