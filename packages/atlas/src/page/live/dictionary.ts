/** The dictionary as its file gives it to the page. */

import type { Dictionary } from "@optogram/dictionary";
import { PageError } from "../data/load.ts";
import { type FloatTensor, parseTensors } from "./safetensors.ts";

/** @throws PageError where the file does not hold the four tensors in shapes that fit */
export function readDictionary(file: ArrayBuffer, name: string, active: number): Dictionary {
  const tensors = parseTensors(file, name);
  const dimensions = tensors.get("b_dec")?.data.length ?? 0;
  const latents = tensors.get("b_enc")?.data.length ?? 0;
  const take = (tensor: string, ...shape: number[]): Float32Array => {
    const found: FloatTensor | undefined = tensors.get(tensor);
    if (!found || found.shape.join() !== shape.join()) {
      throw new PageError(
        `${name} holds ${found ? `${tensor} [${found.shape}]` : `no ${tensor}`}; [${shape}] is wanted. Render the atlas again.`,
      );
    }
    return found.data;
  };
  return {
    dimensions,
    latents,
    active,
    encoderWeight: take("W_enc", dimensions, latents),
    encoderBias: take("b_enc", latents),
    decoderWeight: take("W_dec", latents, dimensions),
    decoderBias: take("b_dec", dimensions),
  };
}
