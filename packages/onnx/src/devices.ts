/** Where a session computes. */

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { listSupportedBackends } from "onnxruntime-node";
import { reasonOf } from "./error.ts";

/** `auto` is the first of cuda, coreml, dml and webgpu that works, else cpu. */
export const devices = ["cpu", "webgpu", "cuda", "coreml", "dml", "auto"] as const;
export type Device = (typeof devices)[number];

/** A device by its own name. */
export type Provider = Exclude<Device, "auto">;

const howToGet: Readonly<Record<Provider, string>> = {
  cpu: "reinstall onnxruntime-node",
  webgpu: "it needs Windows, macOS, or Linux x64 with a graphics driver and the Vulkan loader (libvulkan1)",
  cuda:
    "it needs Linux x64, an NVIDIA driver, CUDA 12 with cuDNN 9, and ONNX Runtime's CUDA libraries: " +
    "`ONNXRUNTIME_NODE_INSTALL=true npm rebuild onnxruntime-node` fetches them",
  coreml: "it needs macOS",
  dml: "it needs Windows with a DirectX 12 graphics driver",
};

const preferred: readonly Provider[] = ["cuda", "coreml", "dml", "webgpu"];

/** The devices that the installed ONNX Runtime has code for; a driver may still be missing. */
export function availableDevices(): readonly Provider[] {
  return listSupportedBackends()
    .filter(({ name, bundled }) => bundled || existsSync(librariesOf(name)))
    .map(({ name }) => name)
    .filter((name): name is Provider => name !== "auto" && devices.some((device) => device === name));
}

/**
 * Opens something on a device: `open` gets the name of the provider to use. Where the device does not work, the
 * error says how to get it; `auto` goes on to the next.
 */
export async function onDevice<T>(device: Device, open: (provider: Provider) => Promise<T>): Promise<T> {
  if (device === "cpu") return open("cpu");
  const available = availableDevices();
  if (device === "auto") {
    for (const provider of preferred.filter((candidate) => available.includes(candidate))) {
      try {
        return await open(provider);
      } catch {
        // What is wrong with one device says nothing about the next; a broken model fails on cpu, too.
      }
    }
    return open("cpu");
  }
  if (!devices.includes(device)) throw new Error(`no device "${device}"; there are ${devices.join(", ")}`);
  if (!available.includes(device)) {
    throw new Error(`device "${device}" is not installed; ${howToGet[device]}`);
  }
  try {
    return await open(device);
  } catch (error) {
    throw new Error(`device "${device}": ${reasonOf(error)}; ${howToGet[device]}`, { cause: error });
  }
}

function librariesOf(backend: string): string {
  const entry = createRequire(import.meta.url).resolve("onnxruntime-node");
  const folder = join(dirname(entry), "..", "bin", "napi-v6", process.platform, process.arch);
  return join(folder, `libonnxruntime_providers_${backend}.so`);
}
