/** Published encoders built here, with random weights, each in a process of its own so that its peak memory is its own. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** By timm's names: images a run, pixels along a side. */
export const trials: Readonly<Record<string, { readonly batch: number; readonly size: number }>> = {
  vit_small_patch16_dinov3: { batch: 8, size: 224 },
  convnext_tiny: { batch: 8, size: 224 },
  vit_base_patch16_siglip_256: { batch: 8, size: 256 },
  vit_intern300m_patch14_448: { batch: 1, size: 448 },
  samvit_base_patch16: { batch: 1, size: 1024 },
};

export async function run(): Promise<void> {
  for (const name of Object.keys(trials)) {
    const script = fileURLToPath(new URL("one.ts", import.meta.url));
    const child = spawn(process.execPath, [script, "architecture", name], { stdio: "inherit" });
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`the trial of ${name} has failed`);
  }
}
