/**
 * The sockets: brings requests to the pipeline and carries outcomes away. Paths under /api are the API, uploaded files
 * are under /attachments, and everything else belongs to the page. A WebSocket is always the gateway's.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { REQUEST_BYTES_MAX } from "./form/limits.ts";
import { readBody } from "./http/body.ts";
import { deliver } from "./http/deliver.ts";
import { isMultipart, readMultipart } from "./message/multipart.ts";
import { type Books, book } from "./observe/account.ts";
import { type Machinery, passGates } from "./pipeline.ts";
import type { Clock } from "./time/clock.ts";

export interface ServerOptions {
  readonly port: number;
  readonly host: string;
  readonly tls: { readonly key: string | Buffer; readonly cert: string | Buffer } | undefined;
  readonly clock: Clock;
  readonly machinery: Machinery;
  readonly books: Books;
  /** Takes what is not of the API. */
  readonly other: (request: IncomingMessage, response: ServerResponse) => void;
  /** Takes connections that want to be WebSockets. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

export interface RunningServer {
  readonly url: string;
  /** Ends everything at once: open connections are cut. */
  readonly close: () => Promise<void>;
}

/** @throws the system's error when the port cannot be had. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { port, host, tls } = options;
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    if (isApi(request.url!)) serve(request, response, options).catch((error) => confess(error, response));
    else options.other(request, response);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.on("upgrade", options.upgrade);
  // Connections that idle between a client's bursts are the client's affair, not ours to cut.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await listen(server, { port, host });
  const { port: taken } = server.address() as AddressInfo;
  return { url: `${tls === undefined ? "http" : "https"}://${inUrl(host)}:${taken}`, close: () => close(server) };
}

async function serve(request: IncomingMessage, response: ServerResponse, options: ServerOptions): Promise<void> {
  const { clock, machinery, books } = options;
  const body = await readBody(request, REQUEST_BYTES_MAX);
  if (body.kind === "aborted") return;
  const bytes = body.kind === "body" ? body.bytes : null;
  const contentType = request.headers["content-type"] ?? "";
  const multipart = bytes !== null && isMultipart(contentType) ? await readMultipart(contentType, bytes) : null;

  const url = request.url!;
  const queryAt = url.indexOf("?");
  const githubEvent = request.headers["x-github-event"];
  const visit = {
    now: clock.now(),
    method: request.method!,
    path: queryAt === -1 ? url : url.slice(0, queryAt),
    query: new URLSearchParams(queryAt === -1 ? "" : url.slice(queryAt)),
    remoteAddress: request.socket.remoteAddress ?? "",
    userAgent: request.headers["user-agent"] ?? "",
    authorization: request.headers.authorization ?? "",
    githubEvent: typeof githubEvent === "string" ? githubEvent : null,
    contentType,
    bytes,
    multipart,
  };
  const outcome = passGates(visit, machinery);
  book(visit, outcome, books);
  deliver(outcome, response, clock);
}

/** A mistake of the emulator itself: said as such, so that nobody looks for it in the client. */
function confess(error: unknown, response: ServerResponse): void {
  const story = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (!response.headersSent) response.writeHead(500, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(`The Discord emulator itself has failed; this is not an answer of Discord.\n${story}\n`);
}

function isApi(url: string): boolean {
  return url.startsWith("/api/") || url === "/api";
}

function listen(server: Server, { port, host }: { port: number; host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** An address that listens everywhere is reached as this machine; IPv6 goes in brackets. */
function inUrl(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
