/** The messages of one channel or thread: the newest so many, found by id, in order. */
import type { StoredMessage } from "./message.ts";

export interface MessageLog {
  /** Returns what had to go to make room. */
  readonly add: (message: StoredMessage) => StoredMessage | undefined;
  readonly get: (id: string) => StoredMessage | undefined;
  readonly replace: (message: StoredMessage) => void;
  readonly remove: (id: string) => StoredMessage | undefined;
  readonly all: () => StoredMessage[];
  /** How many have ever been added. */
  readonly added: () => number;
}

export function createMessageLog(capacity: number): MessageLog {
  // A Map keeps insertion order, and replacing a value keeps its place.
  const messages = new Map<string, StoredMessage>();
  let added = 0;

  function remove(id: string): StoredMessage | undefined {
    const message = messages.get(id);
    messages.delete(id);
    return message;
  }

  return {
    add: (message) => {
      messages.set(message.id, message);
      added += 1;
      return messages.size > capacity ? remove(messages.keys().next().value!) : undefined;
    },
    get: (id) => messages.get(id),
    replace: (message) => messages.set(message.id, message),
    remove,
    all: () => [...messages.values()],
    added: () => added,
  };
}
