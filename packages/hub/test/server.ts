/** For tests: a hub on 127.0.0.1 that answers as huggingface.co does, and misbehaves on request. */

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const commit = "0123456789abcdef0123456789abcdef01234567";

/** What one request for a file's bytes meets instead of them. */
export type Mishap =
  | { readonly status: number; readonly retryAfter?: number }
  /** So many bytes of the answer, then the connection breaks, or falls silent. */
  | { readonly cut: number; readonly silent?: boolean }
  /** The byte at this place of the file is another. */
  | { readonly flip: number }
  /** All of the file, whatever part was asked for. */
  | { readonly whole: true };

export interface HubServer {
  readonly endpoint: string;
  /** `METHOD path`, with the range where one was asked for. */
  readonly log: string[];
  /** Files of `owner/model`: large ones are LFS, others are git's. */
  readonly files: Map<string, { readonly bytes: Buffer; readonly lfs: boolean }>;
  /** Met by requests for bytes, one each. */
  readonly mishaps: Mishap[];
  /** Where requests for bytes are sent on to, as the hub does: another server. */
  elsewhere?: string;
  /** Status for every request, such as 401, unless it brings `token`. */
  gate?: { readonly status: number; readonly token?: string; readonly filesOnly?: boolean };
  close(): Promise<void>;
}

export async function startHub(): Promise<HubServer> {
  const hub = {
    endpoint: "",
    log: [] as string[],
    files: new Map<string, { bytes: Buffer; lfs: boolean }>(),
    mishaps: [] as Mishap[],
  } as HubServer & { endpoint: string };
  const server = createServer((request, response) => {
    answer(hub, request, response).catch((error) => response.destroy(error as Error));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  hub.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  hub.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return hub;
}

async function answer(hub: HubServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", hub.endpoint);
  const range = request.headers.range;
  hub.log.push([request.method, url.pathname, range].filter(Boolean).join(" "));
  // A data set of the same name holds the same files.
  const path = url.pathname.replace(/^\/datasets\//, "/").replace(/^\/api\/datasets\//, "/api/models/");
  const [, file] = /^\/owner\/model\/resolve\/[^/]+\/(.+)$/.exec(path) ?? [];
  const { gate } = hub;
  const open = gate?.token !== undefined && request.headers.authorization === `Bearer ${gate.token}`;
  if (gate && !open && (file !== undefined || !gate.filesOnly)) return json(response, gate.status, {});
  if (/^\/api\/models\/owner\/model\/revision\/(main|[0-9a-f]{40})$/.test(path)) {
    return json(response, 200, {
      _id: "1",
      id: "owner/model",
      sha: commit,
      gated: false,
      private: false,
      cardData: { license: "other", license_name: "toy-licence" },
    });
  }
  if (path === `/api/models/owner/model/paths-info/${commit}`) {
    const { paths } = JSON.parse(await bodyOf(request)) as { paths: string[] };
    return json(
      response,
      200,
      paths.flatMap((path) => entryOf(hub, path)),
    );
  }
  if (path === `/api/models/owner/model/tree/${commit}`) {
    const folder = { type: "directory", path: "sub", oid: commit, size: 0 };
    return json(response, 200, [folder, ...[...hub.files.keys()].flatMap((path) => entryOf(hub, path))]);
  }
  const found = file === undefined ? undefined : hub.files.get(file);
  if (!found) return json(response, 404, { error: "not found" });
  // What the library asks for first, to learn the size.
  if (range === "bytes=0-0") return describeBytes(hub, found.bytes, response);
  if (hub.elsewhere !== undefined) {
    response.writeHead(302, { location: `${hub.elsewhere}/${file}` });
    response.end();
    return;
  }
  return serveBytes(hub, found.bytes, range, response);
}

function entryOf({ files }: HubServer, path: string): object[] {
  const file = files.get(path);
  if (!file) return [];
  const { bytes, lfs } = file;
  const oid = createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
  const large = { oid: createHash("sha256").update(bytes).digest("hex"), size: bytes.length, pointerSize: 1 };
  return [{ type: "file", path, size: bytes.length, oid, ...(lfs && { lfs: large }) }];
}

function serveBytes(hub: HubServer, bytes: Buffer, range: string | undefined, response: ServerResponse) {
  const mishap = hub.mishaps.shift();
  const [, from = "0"] = /^bytes=(\d+)-/.exec(range ?? "") ?? [];
  const whole = range === undefined || (mishap !== undefined && "whole" in mishap);
  const start = whole ? 0 : Number(from);
  if (mishap && "status" in mishap) {
    const { status, retryAfter } = mishap;
    return json(response, status, {}, retryAfter === undefined ? {} : { "retry-after": String(retryAfter) });
  }
  const copy = Buffer.from(bytes);
  if (mishap && "flip" in mishap) copy[mishap.flip] ^= 1;
  if (mishap && "cut" in mishap) {
    response.writeHead(whole ? 200 : 206, { "content-length": bytes.length - start });
    response.write(copy.subarray(start, start + mishap.cut), () => {
      // Later, so that what was written has left.
      if (!mishap.silent) setTimeout(() => response.destroy(), 20);
    });
    return;
  }
  return whole ? send(response, copy) : send(response, copy, [start, bytes.length]);
}

/** What lies elsewhere is in Xet's storage, and the hub says so instead of giving the byte. */
function describeBytes({ endpoint, elsewhere }: HubServer, bytes: Buffer, response: ServerResponse): void {
  if (elsewhere === undefined) {
    send(response, bytes, [0, 1]);
    return;
  }
  const links = ["auth", "reconstruction-info"].map((rel) => `<${endpoint}/xet>; rel="xet-${rel}"`);
  response.writeHead(200, {
    "content-type": "application/vnd.xet-fileinfo+json",
    "x-linked-size": bytes.length,
    "x-xet-hash": "0",
    etag: '"0"',
    link: links.join(", "),
  });
  response.end("{}");
}

function send(response: ServerResponse, bytes: Buffer, part?: readonly [number, number]): void {
  const etag = `"${createHash("sha256").update(bytes).digest("hex")}"`;
  if (part === undefined) {
    response.writeHead(200, { "content-length": bytes.length, etag });
    response.end(bytes);
    return;
  }
  const [from, to] = part;
  response.writeHead(206, { "content-range": `bytes ${from}-${to - 1}/${bytes.length}`, etag });
  response.end(bytes.subarray(from, to));
}

function json(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
