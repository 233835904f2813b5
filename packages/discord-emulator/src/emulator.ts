/** Starts the emulator and hands out its remote control. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { REQUEST_BYTES_MAX } from "./form/limits.ts";
import { readBody } from "./http/body.ts";
import { readVersion } from "./http/route.ts";
import { createLimiter } from "./limit/limiter.ts";
import { DEFAULT_LIMITS, type Limits } from "./limit/limits.ts";
import { createEvents, type Listener } from "./observe/events.ts";
import { createRequestLog, type RequestEntry } from "./observe/request-log.ts";
import { answerApi } from "./pipeline.ts";
import { type Clock, systemClock } from "./time/clock.ts";
import type { StoredMessage } from "./world/message.ts";
import { type Channel, type ChannelKind, createWorld, type Webhook } from "./world/world.ts";

export interface EmulatorOptions {
  /** 0 takes a free one. @defaultValue 0 */
  readonly port?: number;
  /** @defaultValue "127.0.0.1" */
  readonly host?: string;
  readonly limits?: Partial<Limits>;
  /** Refuse messages without explicit `allowed_mentions`. @defaultValue false */
  readonly strict?: boolean;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
  /** Messages kept per channel and per thread. @defaultValue 10_000 */
  readonly messagesPerChannel?: number;
  /** Requests kept in the log. @defaultValue 10_000 */
  readonly requestsKept?: number;
}

export interface WebhookHandle {
  readonly id: string;
  readonly token: string;
  readonly channelId: string;
  readonly name: string;
  /** As Discord's "Copy Webhook URL" gives it: without a version. */
  readonly url: string;
}

export interface Emulator {
  readonly url: string;
  readonly createChannel: (channel: { readonly name: string; readonly kind?: ChannelKind }) => Channel;
  readonly createWebhook: (webhook: {
    readonly channelId?: string;
    readonly channel?: { readonly id: string };
    readonly name?: string;
  }) => WebhookHandle;
  /** Messages in order: of a channel or thread, of a webhook, or all. */
  readonly messages: (of?: string | { readonly id: string }) => StoredMessage[];
  readonly requests: () => RequestEntry[];
  readonly setLimits: (limits: Partial<Limits>) => void;
  readonly onEvent: (listener: Listener) => () => void;
  readonly close: () => Promise<void>;
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = options.clock ?? systemClock;
  const world = createWorld({ clock, messagesPerChannel: options.messagesPerChannel ?? 10_000 });
  const limiter = createLimiter({ ...DEFAULT_LIMITS, ...options.limits });
  const events = createEvents();
  const log = createRequestLog(options.requestsKept ?? 10_000);
  const machinery = { world, limiter, events, strict: options.strict ?? false };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, REQUEST_BYTES_MAX);
    if (body.kind === "aborted") return;
    const now = clock.now();
    const [path = "/", search = ""] = request.url!.split("?", 2);
    const method = request.method!;
    const remoteAddress = request.socket.remoteAddress ?? "";
    const reply = answerApi(
      {
        ...{ now, method, path, remoteAddress },
        query: new URLSearchParams(search),
        contentType: request.headers["content-type"] ?? "",
        bytes: body.kind === "body" ? body.bytes : null,
      },
      machinery,
    );
    response.writeHead(reply.status, reply.headers as string[]).end(reply.body);
    const webhookId = /\/webhooks\/(\d+)/.exec(path)?.[1] ?? null;
    const version = readVersion(path);
    log.add({ receivedAt: now, method, path, version, status: reply.status, webhookId, remoteAddress });
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error) => response.destroy(error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, options.host ?? "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${options.host ?? "127.0.0.1"}:${port}`;
  const handle = (webhook: Webhook) => ({ ...webhook, url: `${url}/api/webhooks/${webhook.id}/${webhook.token}` });

  return {
    url,
    createChannel: ({ name, kind = "text" }) => world.addChannel({ name, kind, requireTag: false, tags: [] }),
    createWebhook: ({ channelId, channel, name = "Captain Hook" }) => {
      const id = channelId ?? channel?.id;
      if (id === undefined || !world.channels.has(id))
        throw new Error(`There is no channel ${id} to put a webhook in.`);
      return handle(world.addWebhook({ channelId: id, name }));
    },
    messages: (of) => {
      if (of === undefined) return world.allMessages();
      const id = typeof of === "string" ? of : of.id;
      return world.log(id)?.all() ?? world.allMessages().filter((message) => message.webhookId === id);
    },
    requests: log.all,
    setLimits: limiter.setLimits,
    onEvent: events.listen,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
