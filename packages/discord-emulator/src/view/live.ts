/**
 * Keeps open pages up to date over server-sent events: news in batches, surroundings when they change. Without an open
 * page it listens to nothing and costs nothing.
 */
import type { ServerResponse } from "node:http";
import type { Remote } from "../remote.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import type { StoredMessage } from "../world/message.ts";
import { createBatch } from "./batch.ts";
import { MESSAGES_SHOWN, type News, type PageEvent, REQUESTS_SHOWN, type Surroundings } from "./protocol.ts";

/** Batches are of real time: a page has no use for a clock that stands still. */
const BATCH_MS = 100;

export interface LiveParts {
  readonly remote: Remote;
  readonly surroundings: () => Surroundings;
  readonly clock?: Clock;
}

export interface Live {
  readonly join: (response: ServerResponse) => void;
  readonly close: () => void;
}

export function createLive({ remote, surroundings, clock = systemClock }: LiveParts): Live {
  const pages = new Set<ServerResponse>();
  const batch = createBatch();
  let isDue = false;
  let stop = () => {};

  function tell(event: PageEvent): void {
    const line = `data: ${JSON.stringify(event)}\n\n`;
    for (const page of pages) page.write(line);
  }

  function flush(): void {
    isDue = false;
    const { news, hasNewSurroundings } = batch.take();
    if (hasNewSurroundings) tell({ kind: "surroundings", surroundings: surroundings() });
    tell({ kind: "news", news: { ...news, counters: remote.counters() } });
  }

  function listen(): void {
    stop = remote.onEvent((event) => {
      batch.add(event);
      if (isDue) return;
      isDue = true;
      clock.schedule(clock.now() + BATCH_MS, flush);
    });
  }

  return {
    join: (response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
      if (pages.size === 0) listen();
      else flush();
      const start: PageEvent = {
        kind: "start",
        surroundings: surroundings(),
        news: everything(remote, surroundings()),
      };
      response.write(`retry: 500\ndata: ${JSON.stringify(start)}\n\n`);
      pages.add(response);
      response.on("close", () => {
        pages.delete(response);
        if (pages.size === 0) stop();
      });
    },
    close: () => {
      stop();
      for (const page of pages) page.end();
    },
  };
}

/** All there is to show to a page that has just been opened. */
function everything(remote: Remote, { channels, threads, directs }: Surroundings): News {
  const places = [...channels, ...threads, ...directs];
  const stored = places.map(({ id }) => [id, remote.messages(id)] as const);
  return {
    created: stored.flatMap(([, messages]): StoredMessage[] => messages.slice(-MESSAGES_SHOWN)),
    edited: [],
    deleted: [],
    counts: Object.fromEntries(stored.map(([id, messages]) => [id, messages.length])),
    requests: remote.requests().slice(-REQUESTS_SHOWN),
    counters: remote.counters(),
  };
}
