/** The requests of one channel over a transport that it may share with others: so that it can end its own. */
import type { Exchange, Reply } from "./exchange.ts";
import type { HttpTransport, WireRequest } from "./transport.ts";

export interface Requests {
  /**
   * Sends a request and hands on what is read of the reply.
   *
   * One promise for it all: on the way of every message, each more is felt.
   *
   * @returns rejects only when `read` throws
   */
  ask<T>(request: WireRequest, read: (reply: Reply) => T): Promise<T>;
  /** What is under way ends without an answer, and so does whatever is asked later. */
  close(): void;
}

/** What is replied to a channel that has been closed. */
export const CLOSED_REPLY: Reply = { kind: "no-answer", cause: "closed", error: null, written: false };

export function createRequests(transport: HttpTransport): Requests {
  /** Few: a lane has one request under way, and somebody may ask for a check. */
  const underWay: Exchange[] = [];
  let closed = false;

  function strike(exchange: Exchange | null): void {
    const place = exchange === null ? -1 : underWay.indexOf(exchange);
    if (place !== -1) underWay.splice(place, 1);
  }

  return {
    ask: (request, read) =>
      new Promise((resolve, reject) => {
        if (closed) return resolve(read(CLOSED_REPLY));
        let started: Exchange | null = null;
        started = transport.start(request, (reply) => {
          strike(started);
          try {
            resolve(read(reply));
          } catch (error) {
            reject(error);
          }
        });
        if (!started.isOver) underWay.push(started);
      }),
    close() {
      closed = true;
      for (const exchange of [...underWay]) exchange.abort("closed");
    },
  };
}
