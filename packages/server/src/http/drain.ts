/**
 * How the HTTP interface ends, seen from a load balancer: requests under way are answered; what still comes, on kept connections above
 * all, gets a 503 and `Connection: close`, so that it goes elsewhere. To close a kept connection at once would reset the request that its
 * client is just sending.
 *
 * It is over as soon as no connection is left, and waits {@link LINGER_MS} for those on which nothing comes. Requests under way have
 * the time that the server's end leaves them.
 */
import { Socket } from "node:net";
import type { Clock } from "@tocsin/core/stages";
import type { FastifyInstance } from "fastify";
import { ProblemError } from "./problems.ts";

/** Longer than a request takes on its way; short enough for whoever waits for Ctrl-C. */
export const LINGER_MS = 1_000;

/** To be called before any route is declared. */
export function installDrain(http: FastifyInstance, clock: Clock): void {
  const connections = new Set<Socket>();
  const drained = new AbortController();
  let isEnding = false;

  function watch(socket: Socket): void {
    connections.add(socket);
    socket.once("close", () => {
      connections.delete(socket);
      if (isEnding && connections.size === 0) drained.abort();
    });
  }

  http.addHook("onRequest", async ({ raw: { socket } }) => {
    // Tests ask without a connection.
    if (socket instanceof Socket && !connections.has(socket)) watch(socket);
    if (isEnding) throw new ProblemError("ending", "The server is ending. Send it again when it has started.");
  });
  http.addHook("onSend", async (_request, reply) => {
    if (isEnding) void reply.header("connection", "close");
  });
  http.addHook("preClose", async () => {
    isEnding = true;
    if (connections.size > 0) await clock.sleep(LINGER_MS, drained.signal).catch(() => undefined);
  });
}
