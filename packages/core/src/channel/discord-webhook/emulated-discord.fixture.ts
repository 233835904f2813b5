/** A webhook of the emulator with our channel in front of it, for the tests of this folder. */
import { type Emulator, type EmulatorOptions, startEmulator, type WebhookHandle } from "@tocsin/discord-emulator";
import { aNotification } from "../../../testing/notifications.ts";
import { createVirtualClock, type VirtualClock } from "../../../testing/virtual-clock.ts";
import type { Channel, SendFailure, SendOutcome, SendRequest } from "../../delivery/channel.ts";
import type { Notification } from "../../notification/notification.ts";
import { createHttpTransport, type HttpTransport, type HttpTransportOptions } from "../http/transport.ts";
import { parseWebhookUrl } from "./url.ts";
import { createDiscordWebhookChannel } from "./webhook-channel.ts";

export interface Setting {
  readonly emulator: Emulator;
  readonly webhook: WebhookHandle;
  /** The transport's clock; it stands still until moved. */
  readonly clock: VirtualClock;
  readonly transport: HttpTransport;
  readonly channel: Channel;
  /** Our channel for another webhook's URL, on whatever host of this machine. */
  open(url: string, style?: { readonly username?: string; readonly avatarUrl?: string }): Channel;
  /** Resolves when the emulator has taken its next request. */
  nextRequest(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface SettingOptions {
  readonly emulator?: EmulatorOptions;
  readonly transport?: Partial<HttpTransportOptions>;
  readonly userAgent?: string;
  readonly kind?: "text" | "forum";
  readonly requireTag?: boolean;
}

export async function setUp(options: SettingOptions = {}): Promise<Setting> {
  const emulator = await startEmulator({ strict: true, ...options.emulator });
  const { kind = "text", requireTag = false } = options;
  const place = emulator.createChannel({ name: "alerts", kind, requireTag, tags: requireTag ? ["urgent"] : [] });
  const webhook = emulator.createWebhook({ channel: place });
  const clock = createVirtualClock();
  const transport = createHttpTransport({ clock, ...options.transport });
  const open: Setting["open"] = (url, { username = null, avatarUrl = null } = {}) => {
    const parsed = parseWebhookUrl(url, { allowedHosts: [new URL(url).host] });
    if (!parsed.ok) throw new Error(parsed.problem);
    const style = { service: "test", username, avatarUrl };
    const agent = options.userAgent === undefined ? {} : { userAgent: options.userAgent };
    return createDiscordWebhookChannel({
      target: parsed.target,
      style,
      transport,
      tags: parsed.parameters.tags,
      ...agent,
    });
  };
  return {
    emulator,
    webhook,
    clock,
    transport,
    open,
    channel: open(webhook.url),
    nextRequest: () =>
      new Promise((resolve) => {
        const stop = emulator.onEvent(({ kind: event }) => {
          if (event !== "request") return;
          stop();
          // The answer is on its way when this turn of the event loop is over.
          setImmediate(resolve);
        });
      }),
    [Symbol.asyncDispose]: async () => {
      await transport.close();
      await emulator.close();
    },
  };
}

export function requestOf(overrides: Partial<Notification> = {}, about: Partial<SendRequest> = {}): SendRequest {
  return { notifications: [aNotification(overrides)], attempt: 1, degrade: [], now: Date.UTC(2026, 0, 1), ...about };
}

export function expectFailure(outcome: SendOutcome): SendFailure {
  if (outcome.kind === "delivered") throw new Error("expected a failure, but it was delivered");
  return outcome;
}
