/**
 * What exists: channels, threads, webhooks and their messages, and who writes them. All in memory.
 *
 * Upstream   the library API and the webhook routes, which change it.
 * Downstream the page and the tests, which look at it.
 */
import type { Clock } from "../time/clock.ts";
import { type CommandBook, createCommandBook } from "./commands.ts";
import { createFileStore, type FileStore } from "./file-store.ts";
import { createSnowflakes, createToken } from "./identity.ts";
import type { StoredMessage } from "./message.ts";
import { createMessageLog, type MessageLog } from "./message-log.ts";
import type { Channel, Direct, Thread, Webhook } from "./places.ts";
import { createSociety, type Society } from "./society.ts";

export interface World extends Society, CommandBook {
  readonly guildId: string;
  readonly nextId: () => string;
  readonly addChannel: (channel: Omit<Channel, "id">) => Channel;
  /** With an id, when a message has it already: the one that the thread is about. */
  readonly addThread: (thread: Omit<Thread, "id" | "archived" | "locked"> & { readonly id?: string }) => Thread;
  readonly addWebhook: (
    webhook: Pick<Webhook, "channelId" | "name"> & Partial<Pick<Webhook, "applicationId">>,
  ) => Webhook;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly threads: ReadonlyMap<string, Thread>;
  readonly webhooks: ReadonlyMap<string, Webhook>;
  readonly directs: ReadonlyMap<string, Direct>;
  /** The conversation of these two, made if need be. */
  readonly directBetween: (userId: string, applicationId: string) => Direct;
  readonly replaceThread: (thread: Thread) => Thread;
  readonly replaceWebhook: (webhook: Webhook) => Webhook;
  readonly removeWebhook: (webhookId: string) => boolean;
  readonly files: FileStore;
  /** The messages of a channel or a thread; undefined when there is no such place. */
  readonly log: (placeId: string) => MessageLog | undefined;
  /** All messages, oldest first. */
  readonly allMessages: () => StoredMessage[];
  /** How many messages have ever been stored, in all places. */
  readonly messagesAdded: () => number;
}

export interface WorldOptions {
  readonly clock: Clock;
  /** Messages kept per channel and per thread; the oldest go first. */
  readonly messagesPerChannel: number;
  /** Bytes of uploaded files kept in all; the oldest go first. */
  readonly fileBytes: number;
}

export function createWorld({ clock, messagesPerChannel, fileBytes }: WorldOptions): World {
  const nextId = createSnowflakes(clock);
  const channels = new Map<string, Channel>();
  const threads = new Map<string, Thread>();
  const webhooks = new Map<string, Webhook>();
  const directs = new Map<string, Direct>();
  const logs = new Map<string, MessageLog>();

  function addPlace(id = nextId()): string {
    logs.set(id, createMessageLog(messagesPerChannel));
    return id;
  }

  function keep<T extends { readonly id: string }>(kept: Map<string, T>, one: T): T {
    kept.set(one.id, Object.freeze(one));
    return one;
  }

  return {
    ...createSociety(nextId),
    ...createCommandBook(nextId),
    guildId: nextId(),
    nextId,
    channels,
    threads,
    webhooks,
    directs,
    directBetween: (userId, applicationId) => {
      const known = [...directs.values()].find((one) => one.userId === userId && one.applicationId === applicationId);
      return known ?? keep(directs, { id: addPlace(), userId, applicationId });
    },
    addChannel: (channel) => keep(channels, { ...channel, id: addPlace() }),
    addThread: (thread) => keep(threads, { ...thread, id: addPlace(thread.id), archived: false, locked: false }),
    addWebhook: ({ channelId, name, applicationId = null }) =>
      keep(webhooks, { id: nextId(), token: createToken(), channelId, name, applicationId, avatarUrl: null }),
    replaceThread: (thread) => keep(threads, thread),
    replaceWebhook: (webhook) => keep(webhooks, webhook),
    removeWebhook: (webhookId) => webhooks.delete(webhookId),
    files: createFileStore(fileBytes),
    log: (placeId) => logs.get(placeId),
    allMessages: () =>
      Array.from(logs.values(), (log) => log.all())
        .flat()
        .sort(byId),
    messagesAdded: () => {
      let sum = 0;
      for (const log of logs.values()) sum += log.added();
      return sum;
    },
  };
}

/** Snowflakes sort by length first, then by text: older ids are smaller numbers. */
export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  if (a.id.length !== b.id.length) return a.id.length - b.id.length;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
