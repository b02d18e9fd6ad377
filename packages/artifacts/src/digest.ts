import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

/** Lower-case hexadecimal SHA-256. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

export interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
}

/** Size and SHA-256 of a file, streamed; with `sync`, once the system says that it is on the disk. */
export async function digestFile(path: string, { sync = false } = {}): Promise<FileDigest> {
  // Windows syncs only what is open for writing; elsewhere a file may be read-only.
  const handle = await open(path, sync && process.platform === "win32" ? "r+" : "r");
  try {
    const hash = createHash("sha256");
    const { size } = await handle.stat();
    const buffer = new Uint8Array(Math.min(size + 1, 1 << 20));
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength, bytes);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      bytes += bytesRead;
    }
    if (sync) await handle.sync();
    return { bytes, sha256: hash.digest("hex") };
  } finally {
    await handle.close();
  }
}
