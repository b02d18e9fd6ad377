/** The decoder that belongs to a dictionary. */

import { ArtifactError, readArtifact } from "@optogram/artifacts";
import { type Decoder, openDecoder } from "@optogram/painting";

/**
 * Opens the decoder of a "decoder" artifact.
 * @throws ArtifactError where it was made for another dictionary than the "sae" artifact given.
 */
export async function readDecoder(decoderFolder: string, saeFolder: string): Promise<Decoder> {
  const artifact = await readArtifact(decoderFolder, "decoder");
  const sae = await readArtifact(saeFolder, "sae");
  if (artifact.manifest.inputs.sae?.digest !== sae.digest)
    throw new ArtifactError(
      `${decoderFolder}: the decoder was made for another dictionary than the one given; run ${artifact.manifest.stage} again`,
    );
  return await openDecoder(await artifact.bytes("decoder.onnx"));
}
