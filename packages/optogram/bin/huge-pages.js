/**
 * The environment in which glibc asks for transparent huge pages: it reads it once, when a process starts. ONNX
 * Runtime fills gigabytes at each step, and with pages of 4 KiB their faults took half of a training step's time.
 */
export function hugePages(env) {
  if (process.platform !== "linux" || env.GLIBC_TUNABLES) return env;
  return { ...env, GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" };
}
