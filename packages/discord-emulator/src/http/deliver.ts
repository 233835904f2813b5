/** Does to a socket what an outcome says. */
import type { ServerResponse } from "node:http";
import type { Clock } from "../time/clock.ts";
import type { Outcome } from "./outcome.ts";
import type { Reply } from "./reply.ts";

/** A body that is to arrive slowly comes in this many pieces. */
const PIECES = 10;

export function deliver(outcome: Outcome, response: ServerResponse, clock: Clock): void {
  switch (outcome.kind) {
    case "reply":
      send(outcome.reply, response);
      return;
    case "reset":
      reset(response);
      return;
    case "stall":
      stall(outcome, response, laterFor(response, clock));
      return;
    case "slow-body":
      trickle(outcome, response, laterFor(response, clock));
      return;
  }
}

function send({ status, headers, body }: Reply, response: ServerResponse): void {
  response.writeHead(status, headers as string[]);
  response.end(body);
}

function reset(response: ServerResponse): void {
  const { socket } = response;
  // A TLS socket has no reset of its own: there the bare end of the connection must do.
  if (socket && !("encrypted" in socket)) socket.resetAndDestroy();
  else response.destroy();
}

type Later = (ms: number, run: () => void) => void;

/** Unless the client has gone by then: what it did not wait for does not happen. */
function laterFor(response: ServerResponse, clock: Clock): Later {
  return (ms, run) => {
    const timer = clock.schedule(clock.now() + ms, run);
    response.once("close", () => timer.cancel());
  };
}

function stall(
  { ms, phase, proceed }: Extract<Outcome, { kind: "stall" }>,
  response: ServerResponse,
  later: Later,
): void {
  if (phase === "headers") {
    if (ms !== null) later(ms, () => send(proceed(), response));
    return;
  }
  const reply = proceed();
  if (reply.body.length === 0) {
    if (ms !== null) later(ms, () => send(reply, response));
    return;
  }
  const bytes = Buffer.from(reply.body);
  const half = Math.ceil(bytes.length / 2);
  response.writeHead(reply.status, reply.headers as string[]);
  response.write(bytes.subarray(0, half));
  if (ms !== null) later(ms, () => response.end(bytes.subarray(half)));
}

function trickle({ ms, reply }: Extract<Outcome, { kind: "slow-body" }>, response: ServerResponse, later: Later): void {
  if (reply.body.length === 0) {
    send(reply, response);
    return;
  }
  response.writeHead(reply.status, reply.headers as string[]);
  response.flushHeaders();
  const bytes = Buffer.from(reply.body);
  const size = Math.ceil(bytes.length / PIECES);
  const next = (sent: number) => {
    later(ms / PIECES, () => {
      response.write(bytes.subarray(sent, sent + size));
      if (sent + size < bytes.length) next(sent + size);
      else response.end();
    });
  };
  next(0);
}
