/** Gathers events into one piece of news that stays small however fast they come. */
import type { EmulatorEvent } from "../observe/events.ts";
import type { RequestEntry } from "../observe/request-log.ts";
import type { StoredMessage } from "../world/message.ts";
import { MESSAGES_SHOWN, type News, REQUESTS_SHOWN } from "./protocol.ts";

export interface Batch {
  readonly add: (event: EmulatorEvent) => void;
  /** What has been gathered; the batch is empty afterwards. */
  readonly take: () => { readonly news: Omit<News, "counters">; readonly hasNewSurroundings: boolean };
}

export function createBatch(): Batch {
  let created = new Map<string, StoredMessage[]>();
  let counts: Record<string, number> = {};
  let edited = new Map<string, StoredMessage>();
  let deleted = new Set<string>();
  let requests: RequestEntry[] = [];
  let hasNewSurroundings = false;

  function create(message: StoredMessage): void {
    const place = created.get(message.channelId) ?? [];
    if (place.push(message) > 2 * MESSAGES_SHOWN) place.splice(0, MESSAGES_SHOWN);
    created.set(message.channelId, place);
    counts[message.channelId] = (counts[message.channelId] ?? 0) + 1;
  }

  function add(event: EmulatorEvent): void {
    switch (event.kind) {
      case "message-created":
        create(event.message);
        return;
      case "message-edited":
      case "reaction-added":
      case "reaction-removed":
        edited.set(event.message.id, event.message);
        return;
      case "message-deleted":
        deleted.add(event.message.id);
        return;
      case "request":
        if (requests.push(event.request) > 2 * REQUESTS_SHOWN) requests.splice(0, REQUESTS_SHOWN);
        // A fault that struck may have been the last of its kind.
        if (event.request.fault !== null) hasNewSurroundings = true;
        return;
      case "channel-created":
      case "role-created":
      case "permissions-changed":
      case "thread-created":
      case "thread-changed":
      case "webhook-deleted":
      case "changed":
        hasNewSurroundings = true;
        return;
      case "violation":
        return;
    }
  }

  return {
    add,
    take: () => {
      const news = {
        created: [...created.values()].flatMap((messages) => messages.slice(-MESSAGES_SHOWN)),
        edited: [...edited.values()],
        deleted: [...deleted],
        counts,
        requests: requests.slice(-REQUESTS_SHOWN),
      };
      const taken = { news, hasNewSurroundings };
      created = new Map();
      counts = {};
      edited = new Map();
      deleted = new Set();
      requests = [];
      hasNewSurroundings = false;
      return taken;
    },
  };
}
