/**
 * Sends to any HTTP endpoint that understands Standard Webhooks: signed, one notification per request. Its id is that of the
 * notification, the same over all attempts, so that a receiver that remembers ids tells each notification exactly once.
 */
import { createSystemClock } from "../../clock/system-clock.ts";
import type { Channel, ChannelCheck, LimitPlan, SendOutcome, SendRequest } from "../../delivery/channel.ts";
import { ConfigError } from "../../errors/config-error.ts";
import { renderWebhookEvent } from "../../message/webhook/event.ts";
import type { Notification } from "../../notification/notification.ts";
import type { Reply } from "../http/exchange.ts";
import { createRequests } from "../http/requests.ts";
import { createHttpTransport, type HttpTransport, type WireRequest } from "../http/transport.ts";
import { USER_AGENT } from "../user-agent.ts";
import { classifyCheck, classifySend } from "./classify.ts";
import { signatureOf } from "./signature.ts";
import { type SignedWebhookTarget, signedWebhookTarget } from "./target.ts";

export interface WebhookChannelOptions {
  /** Where requests are posted; `https:`, or `http:` on this machine and on `allowedHosts`. */
  readonly url: string;
  /** `whsec_` and 24 to 64 bytes in base64. Several sign together while one takes the other's place. */
  readonly secret: string | readonly string[];
  /** Hosts that may be reached over plain `http:`, as `host:port`. @defaultValue none */
  readonly allowedHosts?: readonly string[];
  /** Name of the program, told to the receiver. @defaultValue "Tocsin" */
  readonly service?: string;
  /** For one request: connecting, sending and reading the answer. More than 0. @defaultValue 15_000 */
  readonly timeoutMs?: number;
}

export interface SignedWebhookParts {
  readonly target: SignedWebhookTarget;
  readonly service: string;
  /** Shared by the channels of a notifier; who made it closes it. */
  readonly transport: HttpTransport;
}

/** Standard Webhooks recommends 15 to 30 s, and an alert had better not wait longer than it must. */
const DEFAULT_TIMEOUT_MS = 15_000;
/** No receiver publishes its limit: enough for a storm, and a bound for what it must bear. Its `Retry-After` wins. */
const DEFAULT_LIMIT = { limit: 10, intervalMs: 1_000 };

/**
 * A channel that posts signed JSON to a program of your own, as Standard Webhooks describes: https://www.standardwebhooks.com
 *
 * @throws {@link ConfigError} `CONFIG_WEBHOOK_CHANNEL`, naming each mistake.
 *
 * @example
 * createNotifier({ fallback: createWebhookChannel({ url: "https://example.org/alerts", secret: "whsec_…" }) });
 */
export function createWebhookChannel(options: WebhookChannelOptions): Channel {
  const { url, secret, allowedHosts = [], service = "Tocsin", timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const secrets = typeof secret === "string" ? [secret] : [...secret];
  const parsed = signedWebhookTarget({ url, secrets, allowedHosts });
  if (!parsed.ok)
    throw new ConfigError(
      "CONFIG_WEBHOOK_CHANNEL",
      parsed.problems.map((problem) => `the webhook ${problem}`),
    );
  const transport = createHttpTransport({ clock: createSystemClock(), timeoutMs, connections: 1 });
  const channel = openWebhookChannel({ target: parsed.target, service, transport });
  return {
    ...channel,
    close: async () => {
      await channel.close();
      await transport.close();
    },
  };
}

/** The same over a transport that others use as well. */
export function openWebhookChannel({ target, service, transport }: SignedWebhookParts): Channel {
  const requests = createRequests(transport);

  function ask<T>(request: Pick<WireRequest, "method" | "headers" | "body">, read: (reply: Reply) => T): Promise<T> {
    const { origin, path } = target;
    const headers = ["user-agent", USER_AGENT, ...request.headers];
    return requests.ask({ ...request, origin, path, headers }, read);
  }

  function sendOne(notification: Notification, { degrade, now }: SendRequest): Promise<SendOutcome> {
    const withoutFiles = degrade.includes("without-files");
    const body = renderWebhookEvent(notification, { service, withoutFiles });
    const headers = ["content-type", "application/json", ...signedHeaders(notification.id, body, now)];
    const hasFiles = notification.files.length > 0 && !withoutFiles;
    return ask({ method: "POST", headers, body }, (reply) => classifySend(reply, target, hasFiles));
  }

  function signedHeaders(id: string, body: string, now: number): string[] {
    const timestamp = Math.floor(now / 1_000);
    const signature = signatureOf({ id, timestamp, body }, target.keys);
    return ["webhook-id", id, "webhook-timestamp", String(timestamp), "webhook-signature", signature];
  }

  /** One after the other up to the first failure; the receiver knows by their ids those that come again. */
  async function send(request: SendRequest): Promise<SendOutcome> {
    const [first, ...rest] = request.notifications;
    let outcome = await sendOne(first, request);
    for (const next of rest) {
      if (outcome.kind !== "delivered") break;
      outcome = await sendOne(next, request);
    }
    return outcome;
  }

  function check(): Promise<ChannelCheck> {
    return ask({ method: "HEAD", headers: [], body: null }, (reply) => classifyCheck(reply, target));
  }

  async function close(): Promise<void> {
    requests.close();
  }

  const bucket = { key: `webhook:${target.fingerprint}`, spec: DEFAULT_LIMIT };
  const limits: LimitPlan = { egress: null, pool: null, bucket };
  return { kind: "webhook", label: target.label, limits, send, check, close };
}
