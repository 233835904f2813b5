/** The remote control: what tests, the command and the page do with an emulator beside sending it requests. */
import type { Ban } from "./edge/guard.ts";
import type { Fault } from "./fault/fault.ts";
import type { Limits } from "./limit/limits.ts";
import type { Books } from "./observe/account.ts";
import type { EmulatorEvent, Listener } from "./observe/events.ts";
import type { Counters } from "./observe/ledger.ts";
import type { RequestEntry } from "./observe/request-log.ts";
import type { Violation } from "./observe/violations.ts";
import { iterate, until } from "./observe/watch.ts";
import type { People } from "./people.ts";
import type { Machinery } from "./pipeline.ts";
import type { Clock } from "./time/clock.ts";
import { createToken } from "./world/identity.ts";
import type { StoredMessage } from "./world/message.ts";
import type { Channel, ChannelKind, Thread, Webhook } from "./world/places.ts";

export interface WebhookHandle extends Webhook {
  /** As Discord's "Copy Webhook URL" gives it: without a version. */
  readonly url: string;
}

export interface NewChannel {
  readonly name: string;
  /** @defaultValue "text" */
  readonly kind?: ChannelKind;
  /** Forum and media: a new thread needs a tag. @defaultValue false */
  readonly requireTag?: boolean;
  /** Names of the tags a forum or media channel offers. */
  readonly tags?: readonly string[];
}

/** A channel by itself or by its id. */
export interface InChannel {
  readonly channel?: { readonly id: string };
  readonly channelId?: string;
}

export interface Remote {
  readonly guildId: string;
  readonly createChannel: (channel: NewChannel) => Channel;
  /** @throws Error when there is no such channel. */
  readonly createWebhook: (
    webhook: InChannel & {
      readonly name?: string /** The bot whose webhook it is, so that buttons can be pressed. */;
      readonly bot?: { readonly id: string };
    },
  ) => WebhookHandle;
  /** @throws Error when there is no such channel. */
  readonly createThread: (
    thread: InChannel & { readonly name: string; readonly appliedTags?: readonly string[] },
  ) => Thread;
  /** @throws Error when there is no such thread. */
  readonly updateThread: (id: string, change: { readonly archived?: boolean; readonly locked?: boolean }) => Thread;
  readonly channels: () => Channel[];
  readonly threads: () => Thread[];
  readonly webhooks: () => WebhookHandle[];
  /** From now on the webhook is unknown: 404, 10015. False when it was already. */
  readonly deleteWebhook: (id: string) => boolean;
  /** The webhook gets another token; the old one is answered 401, 50027. @throws Error when there is no such webhook. */
  readonly breakToken: (id: string) => WebhookHandle;
  /** Messages in order: of a channel or thread, of a webhook, bot or person, or all. */
  readonly messages: (of?: string | { readonly id: string }) => StoredMessage[];
  /** The newest requests to the API, oldest first. */
  readonly requests: () => RequestEntry[];
  readonly counters: () => Counters;
  /** What strict mode has refused. */
  readonly violations: () => readonly Violation[];
  readonly faults: {
    /** Returns the function that takes the fault out again. @throws RangeError for a count or chance that is none. */
    readonly add: (fault: Fault) => () => void;
    readonly clear: () => void;
  };
  readonly ban: (ban: Ban) => void;
  /** Lifts all bans and forgets the invalid requests counted so far. */
  readonly unban: () => void;
  readonly limits: () => Limits;
  /** Replaces the limits named; what they had counted is forgotten. @throws RangeError for a limit that is none. */
  readonly setLimits: (limits: Partial<Limits>) => void;
  /** Returns the function that ends it. */
  readonly onEvent: (listener: Listener) => () => void;
  /** What happens from now on; ends when the loop over it is left. */
  readonly events: () => AsyncGenerator<EmulatorEvent, void, void>;
  /**
   * Resolves as soon as this is so; it is asked again after everything that happens.
   *
   * @throws Error after `timeoutMs` of real time (5,000 by default), with what `describe` says.
   */
  readonly waitUntil: (wanted: {
    readonly holds: () => boolean;
    readonly timeoutMs?: number;
    readonly describe?: () => string;
  }) => Promise<void>;
  /**
   * Resolves with the messages as soon as so many have been stored since the start: in all, or in a channel or thread.
   *
   * @throws Error saying how many there are, after `timeoutMs` of real time (5,000 by default).
   */
  readonly waitForMessages: (wanted: {
    readonly count: number;
    readonly channelId?: string;
    readonly timeoutMs?: number;
  }) => Promise<StoredMessage[]>;
}

export interface Emulator extends Remote, People {
  /** `http://127.0.0.1:PORT`: the page; the API is under `/api`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

export interface RemoteParts {
  readonly machinery: Machinery;
  readonly books: Books;
  readonly clock: Clock;
  readonly url: () => string;
}

export function createRemote({ machinery, books, clock, url }: RemoteParts): Remote {
  const { world, events, limiter, guard, faults, violations } = machinery;
  const changed = () => events.emit({ kind: "changed" });
  const messages: Remote["messages"] = (of) => {
    if (of === undefined) return world.allMessages();
    const id = typeof of === "string" ? of : of.id;
    return world.log(id)?.all() ?? world.allMessages().filter(({ author }) => author.id === id);
  };
  return {
    ...createPlaces({ machinery, url }),
    guildId: world.guildId,
    messages,
    requests: books.log.all,
    counters: books.ledger.counters,
    violations: violations.all,
    faults: {
      add: (fault) => {
        const remove = faults.add(fault);
        changed();
        return () => {
          remove();
          changed();
        };
      },
      clear: () => {
        faults.clear();
        changed();
      },
    },
    ban: (ban) => {
      guard.ban(ban, clock.now());
      changed();
    },
    unban: () => {
      guard.unban();
      changed();
    },
    limits: limiter.limits,
    setLimits: (limits) => {
      limiter.setLimits(limits);
      changed();
    },
    onEvent: events.listen,
    events: () => iterate(events),
    waitUntil: ({ holds, timeoutMs = 5_000, describe = () => "it is not so yet." }) =>
      until({ holds, timeoutMs, describe }, events),
    waitForMessages: async ({ count, channelId, timeoutMs = 5_000 }) => {
      const stored = () => (channelId === undefined ? world.messagesAdded() : (world.log(channelId)?.added() ?? 0));
      const describe = () => `${stored()} of ${count} messages have come.`;
      await until({ holds: () => stored() >= count, timeoutMs, describe }, events);
      return messages(channelId);
    },
  };
}

type Places = Pick<
  Remote,
  | "createChannel"
  | "createWebhook"
  | "createThread"
  | "updateThread"
  | "channels"
  | "threads"
  | "webhooks"
  | "deleteWebhook"
  | "breakToken"
>;

function createPlaces({ machinery, url }: Pick<RemoteParts, "machinery" | "url">): Places {
  const { world, events, limiter } = machinery;
  const handle = (webhook: Webhook): WebhookHandle => ({
    ...webhook,
    url: `${url()}/api/webhooks/${webhook.id}/${webhook.token}`,
  });
  const announce = <T>(made: T): T => {
    events.emit({ kind: "changed" });
    return made;
  };
  const channelIn = ({ channel, channelId = channel?.id }: InChannel): string => {
    if (channelId !== undefined && world.channels.has(channelId)) return channelId;
    throw new Error(
      `There is no channel ${channelId}: create one first, and pass it as "channel" or its id as "channelId".`,
    );
  };
  return {
    createChannel: ({ name, kind = "text", requireTag = false, tags = [] }) => {
      const offered = tags.map((tag) => ({ id: world.nextId(), name: tag }));
      const channel = world.addChannel({ name, kind, requireTag, tags: offered });
      events.emit({ kind: "channel-created", channel });
      return channel;
    },
    createWebhook: ({ name = "Captain Hook", bot, ...where }) =>
      announce(handle(world.addWebhook({ channelId: channelIn(where), name, applicationId: bot?.id ?? null }))),
    createThread: ({ name, appliedTags = [], ...where }) => {
      const thread = world.addThread({ parentId: channelIn(where), ownerId: world.guildId, name, appliedTags });
      events.emit({ kind: "thread-created", thread });
      return thread;
    },
    updateThread: (id, change) => {
      const thread = world.replaceThread({ ...known(world.threads, id), ...change });
      events.emit({ kind: "thread-changed", thread });
      return thread;
    },
    channels: () => [...world.channels.values()],
    threads: () => [...world.threads.values()],
    webhooks: () => Array.from(world.webhooks.values(), handle),
    deleteWebhook: (id) => {
      const webhook = world.webhooks.get(id);
      if (webhook === undefined) return false;
      world.removeWebhook(id);
      limiter.forgetWebhook(id);
      events.emit({ kind: "webhook-deleted", webhook });
      return true;
    },
    breakToken: (id) => announce(handle(world.replaceWebhook({ ...known(world.webhooks, id), token: createToken() }))),
  };
}

function known<T>(all: ReadonlyMap<string, T>, id: string): T {
  const one = all.get(id);
  if (one === undefined) throw new Error(`There is nothing with the id ${id}.`);
  return one;
}
