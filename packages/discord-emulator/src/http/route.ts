/** Reads a path of the API: which version, which webhook, which of its resources. Pure. */

export type Resource = "webhook" | "message" | "slack" | "github";

export interface WebhookRoute {
  /** 6 for the unversioned address: that is where Discord sends it. */
  readonly version: number;
  readonly webhookId: string;
  readonly token: string;
  readonly resource: Resource;
  /** Null but for `message`. */
  readonly messageId: string | null;
}

const WEBHOOK_PATH =
  /^\/api(?:\/v(\d{1,3}))?\/webhooks\/(\d{1,20})\/([\w-]+)(?:\/messages\/(\d{1,20}|(?:@|%40)original)|\/(slack|github))?\/?$/;

const UNVERSIONED = 6;

export function readWebhookRoute(path: string): WebhookRoute | null {
  const match = WEBHOOK_PATH.exec(path);
  if (match === null) return null;
  const messageId = match[4]?.replace("%40", "@") ?? null;
  return {
    version: versionOf(match[1]),
    webhookId: match[2]!,
    token: match[3]!,
    resource: messageId === null ? ((match[5] as "slack" | "github" | undefined) ?? "webhook") : "message",
    messageId,
  };
}

/** The version any path of the API asks for. */
export function readVersion(path: string): number {
  return versionOf(/^\/api\/v(\d{1,3})(?:\/|$)/.exec(path)?.[1]);
}

const CALLBACK_PATH = /^\/api(?:\/v\d{1,3})?\/interactions\/(\d{1,20})\/([\w-]+)\/callback\/?$/;

/** Where a bot answers an interaction. */
export function readCallbackPath(path: string): { readonly id: string; readonly token: string } | null {
  const match = CALLBACK_PATH.exec(path);
  return match === null ? null : { id: match[1]!, token: match[2]! };
}

/** The path behind `/api` and the version. */
export function withoutVersion(path: string): string {
  return path.replace(/^\/api(?:\/v\d{1,3})?(?=\/|$)/, "").replace(/\/$/, "");
}

function versionOf(digits: string | undefined): number {
  return digits === undefined ? UNVERSIONED : Number(digits);
}

/** Versions 6 to 10 answer; older ones are discontinued, newer ones do not exist. */
export function isServed(version: number): boolean {
  return version >= 6 && version <= 10;
}
