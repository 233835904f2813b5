/** The sockets of the gateway: takes upgrades of the HTTP server, and carries payloads. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { isServed } from "../http/route.ts";
import type { Wire } from "./connection.ts";
import type { Gateway } from "./gateway.ts";
import { CLOSE } from "./words.ts";

export interface GatewayDoor {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

export function createGatewayDoor(gateway: Gateway): GatewayDoor {
  // Its clients are those of the HTTP server; what they send is small, and what is not is refused with a code.
  const server = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: 64 * 1024 });
  return {
    upgrade: (request, socket, head) => {
      server.handleUpgrade(request, socket, head, (client) => {
        const query = new URLSearchParams(request.url?.split("?", 2)[1] ?? "");
        serve(client, query, gateway);
      });
    },
  };
}

function serve(client: WebSocket, query: URLSearchParams, gateway: Gateway): void {
  const wire: Wire = {
    send: (payload) => client.send(JSON.stringify(payload)),
    close: ({ code, reason }) => client.close(code, reason),
    cut: () => client.terminate(),
  };
  if (!isServed(Number(query.get("v") ?? "6"))) return wire.close(CLOSE.INVALID_VERSION);
  if ((query.get("encoding") ?? "json") !== "json") return wire.close(CLOSE.DECODE);
  const connection = gateway.connect(wire);
  client.on("message", (data) => connection.receive(String(data)));
  client.on("close", (code) => connection.ended(code));
  // A broken frame ends the connection, and "close" says so.
  client.on("error", () => {});
}
