/** An HTTP server that answers as it is told: the remote of channels that speak HTTP, for the conformance suite. */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ScriptedRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** The requests so far, oldest first. */
  readonly requests: readonly ScriptedRequest[];
  /** Their bodies. */
  readonly bodies: readonly string[];
  /** How many connections have been made to it. */
  readonly connections: number;
  /** From now on everything is answered like this, or as the request deserves; `null` for no answer at all. */
  answerWith(answer: ScriptedAnswer | ((request: ScriptedRequest) => ScriptedAnswer) | null): void;
  /** Resolves when the next request has come in whole. */
  nextRequest(): Promise<void>;
  close(): Promise<void>;
}

export async function startScriptedServer(first: ScriptedAnswer): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  let answer: Parameters<ScriptedServer["answerWith"]>[0] = first;
  let waiting: (() => void)[] = [];

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      const taken = { method, path, headers, body: Buffer.concat(chunks).toString() };
      requests.push(taken);
      for (const resolve of waiting) resolve();
      waiting = [];
      if (answer === null) return;
      const { status, headers: told, body } = typeof answer === "function" ? answer(taken) : answer;
      response.writeHead(status, { ...told }).end(body);
    });
  });
  let connections = 0;
  server.on("connection", () => connections++);
  await listening(server);

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get bodies() {
      return requests.map(({ body }) => body);
    },
    get connections() {
      return connections;
    },
    answerWith: (next) => {
      answer = next;
    },
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
}
