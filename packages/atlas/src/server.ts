import { createReadStream, type Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".dzi": "application/xml; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".onnx": "application/octet-stream",
  ".parquet": "application/vnd.apache.parquet",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webp": "image/webp",
};

const triedPorts = 100;

export interface AtlasServer {
  /** Such as `http://127.0.0.1:4180/`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a folder on 127.0.0.1 alone, with ranges, ETags and HEAD.
 *
 * Requests that name another host are refused, so that no web site can read the atlas through a name it controls.
 * @param options.port first port to try; the next free one is taken. 0 lets the system choose.
 * @throws when the folder has no `atlas.json`, or no port is free.
 */
export async function serveAtlas(folder: string, options: { port?: number } = {}): Promise<AtlasServer> {
  const root = await realpath(folder).catch(() => undefined);
  const found = root ? await stat(join(root, "atlas.json")).catch(() => undefined) : undefined;
  if (!root || !found?.isFile())
    throw new Error(`${folder}: no atlas here (atlas.json is missing); run render-atlas first`);
  const server = createServer((request, response) => {
    answer(root, request, response).catch((error: unknown) => {
      if (!response.headersSent) refuse(response, 500, error instanceof Error ? error.message : "failed");
      else response.destroy();
    });
  });
  const port = await listen(server, options.port ?? 4180);
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, first: number): Promise<number> {
  for (let port = first; port < first + triedPorts; port++) {
    const bound = await tryPort(server, port);
    if (bound !== undefined) return bound;
  }
  throw new Error(
    `no free port from ${first} to ${first + triedPorts - 1}; close a program that uses one, or name another with --port`,
  );
}

function tryPort(server: Server, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off("listening", listening);
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    };
    const listening = () => {
      server.off("error", failed);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    };
    server.once("error", failed);
    server.once("listening", listening);
    server.listen(port, "127.0.0.1");
  });
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader("X-Content-Type-Options", "nosniff");
  if (!isLocalHost(request.headers.host, request.socket.localPort)) {
    return refuse(response, 421, "this server answers on 127.0.0.1 and localhost only");
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return refuse(response, 405, "only GET and HEAD are answered");
  }
  const file = await locate(root, request.url ?? "/");
  if (!file) return refuse(response, 404, "no such file in this atlas");

  const etag = `"${file.stats.size.toString(36)}-${Math.round(file.stats.mtimeMs).toString(36)}"`;
  response.setHeader("ETag", etag);
  response.setHeader("Accept-Ranges", "bytes");
  response.setHeader("Cache-Control", "no-cache");
  response.setHeader("Content-Type", contentTypes[extname(file.path)] ?? "application/octet-stream");
  if (request.headers["if-none-match"]?.split(",").some((tag) => tag.trim() === etag)) {
    response.writeHead(304).end();
    return;
  }

  const ifRange = request.headers["if-range"];
  const range = ifRange && ifRange !== etag ? undefined : parseRange(request.headers.range, file.stats.size);
  if (range === "unsatisfiable") {
    response.setHeader("Content-Range", `bytes */${file.stats.size}`);
    return refuse(response, 416, "the range lies outside the file");
  }
  const { start, end } = range ?? { start: 0, end: file.stats.size - 1 };
  response.setHeader("Content-Length", end - start + 1);
  if (range) response.setHeader("Content-Range", `bytes ${start}-${end}/${file.stats.size}`);
  response.writeHead(range ? 206 : 200);
  if (request.method === "HEAD" || file.stats.size === 0) {
    response.end();
    return;
  }
  // A reader that leaves in the middle of a file is no fault of ours.
  await pipeline(createReadStream(file.path, { start, end }), response).catch(() => response.destroy());
}

function isLocalHost(host: string | undefined, port: number | undefined): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

/** The file an address names, or undefined where there is none or it lies outside the root (by `..` or by a link). */
async function locate(root: string, url: string): Promise<{ path: string; stats: Stats } | undefined> {
  const path = decodePath(url);
  if (path === undefined) return undefined;
  const asked = join(root, path.endsWith("/") ? `${path}index.html` : path);
  const real = await realpath(asked).catch(() => undefined);
  if (!real?.startsWith(root + sep)) return undefined;
  const stats = await stat(real);
  return stats.isFile() ? { path: real, stats } : undefined;
}

function decodePath(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? "");
    const unsafe =
      !path.startsWith("/") || /[\\\0]/.test(path) || path.split("/").some((part) => part === "..");
    return unsafe ? undefined : path;
  } catch {
    return undefined;
  }
}

/** One byte range of RFC 9110 §14; several at once, or another unit, are answered with the whole file, as the RFC allows. */
export function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | "unsatisfiable" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match) return undefined;
  const [, first, last] = match;
  if (!first && !last) return undefined;
  const start = first ? Number(first) : Math.max(0, size - Number(last));
  const end = first && last ? Math.min(Number(last), size - 1) : size - 1;
  if (first && last && Number(first) > Number(last)) return undefined;
  return start >= size || start > end ? "unsatisfiable" : { start, end };
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.writeHead(status).end(`${status}: ${why}\n`);
}
