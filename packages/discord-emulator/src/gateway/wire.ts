/** The sockets of the gateway: takes upgrades of the HTTP server, and carries payloads. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { isServed } from "../http/route.ts";
import { createPacker } from "./compress.ts";
import type { Wire } from "./connection.ts";
import type { Gateway } from "./gateway.ts";
import { CLOSE, type CloseReason } from "./words.ts";

export interface GatewayDoor {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Cuts whoever is connected, also those who were refused and have not gone yet. */
  readonly close: () => void;
}

export function createGatewayDoor(gateway: Gateway): GatewayDoor {
  // What clients send is small, and what is not is refused with a code.
  const server = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
  return {
    upgrade: (request, socket, head) => {
      server.handleUpgrade(request, socket, head, (client) => {
        const query = new URLSearchParams(request.url?.split("?", 2)[1] ?? "");
        serve(client, query, gateway);
      });
    },
    close: () => {
      for (const client of server.clients) client.terminate();
    },
  };
}

function serve(client: WebSocket, query: URLSearchParams, gateway: Gateway): void {
  const close = ({ code, reason }: CloseReason) => client.close(code, reason);
  // Compression is finished a moment later; the client may be gone by then.
  const packer = createPacker(query.get("compress"), (data) => {
    if (client.readyState === client.OPEN) client.send(data);
  });
  if (!isServed(Number(query.get("v") ?? "6"))) return close(CLOSE.INVALID_VERSION);
  if (packer === null || (query.get("encoding") ?? "json") !== "json") return close(CLOSE.DECODE);
  const wire: Wire = {
    send: (payload) => packer.pack(JSON.stringify(payload)),
    compressEach: packer.compressEach,
    close,
    cut: () => client.terminate(),
  };
  const connection = gateway.connect(wire);
  client.on("message", (data) => connection.receive(String(data)));
  client.on("close", (code) => {
    packer.close();
    connection.ended(code);
  });
  // A broken frame ends the connection, and "close" says so.
  client.on("error", () => {});
}
