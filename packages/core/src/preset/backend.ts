/**
 * The web backend's notifier, rows C2 to C4 of docs/coverage.md: programs that were written for it change an import.
 *
 * Upstream applications. Downstream a notifier, which does everything.
 */
import type { NotificationInput, Severity } from "../notification/notification.ts";
import { type Embed, embedNotification } from "./embed.ts";
import { summariseError } from "./error-summary.ts";
import { redactDetails, redactText } from "./secrets.ts";
import { type Sender, sent } from "./sender.ts";

/** What this preset waits before attempts 2, 3 and 4 (C6). */
export const BACKEND_RETRY_DELAYS_MS = Object.freeze([2_000, 3_000, 5_000]);

const BLUE = 0x3498db;
const LOOKS = {
  info: { mark: "🔵", word: "Info", color: BLUE, type: "general" },
  warning: { mark: "🟡", word: "Warning", color: 0xe67e22, type: "general" },
  error: { mark: "🔴", word: "Error", color: 0xe74c3c, type: "error" },
  critical: { mark: "🚨", word: "Critical", color: 0x992d22, type: "critical" },
} as const satisfies Record<Severity, unknown>;

export type Details = Readonly<Record<string, unknown>>;

/** Each resolves to true when Discord took it and false otherwise; none throws or rejects. */
export interface BackendMessages {
  /** A message without an embed. Markdown, as in Discord; nobody is pinged by it. */
  sendPlaintext(text: string): Promise<boolean>;
  sendEmbed(embed: Embed): Promise<boolean>;
  /** @param details shown as fields, without secrets. */
  sendDiagnostic(level: Severity, service: string, ...rest: [message: string, details?: Details]): Promise<boolean>;
  sendStartupNotification(name: string, version?: string): Promise<boolean>;
  /** The error's class, message and trimmed stack. @param context shown as fields, without secrets. */
  sendErrorNotification(service: string, error: unknown, context?: Details): Promise<boolean>;
}

/** The web backend's messages over any notifier. */
export function backendMessages(sender: Sender): BackendMessages {
  return {
    sendPlaintext: (text) => sent(sender, () => ({ content: text, format: "markdown" })),
    sendEmbed: (embed) => sent(sender, () => embedNotification(embed)),
    sendDiagnostic: (level, service, ...[message, details]) =>
      sent(sender, () => diagnostic({ level, service, message, details })),
    sendStartupNotification: (name, version) => sent(sender, () => startupNotification(name, version)),
    sendErrorNotification: (service, error, context) => sent(sender, () => errorNotification(service, error, context)),
  };
}

interface Diagnostic {
  readonly level: Severity;
  readonly service: string;
  readonly message: string;
  readonly details: Details | undefined;
}

function diagnostic({ level, service, message, details = {} }: Diagnostic): NotificationInput {
  const { mark, word, color, type } = LOOKS[level] ?? LOOKS.info;
  return {
    type,
    severity: level,
    title: `${mark} ${word}: ${service}`,
    message: redactText(message),
    color,
    fields: redactDetails(details),
    labels: { service },
  };
}

/** A program has started; also what the adapters of web frameworks say. */
export function startupNotification(name: string, version: string | undefined): NotificationInput {
  return {
    type: "general",
    severity: "info",
    title: `${name} Started`,
    message: version === undefined ? `${name} is running.` : `${name} ${version} is running.`,
    color: BLUE,
    fields: version === undefined ? {} : { Version: version },
    labels: { service: name },
  };
}

function errorNotification(service: string, error: unknown, context: Details = {}): NotificationInput {
  const { name, message, stack } = summariseError(error);
  return {
    type: "error",
    severity: "error",
    title: `${LOOKS.error.mark} ${name} in ${service}`,
    message,
    color: LOOKS.error.color,
    fields: redactDetails(context),
    blocks: stack === null ? [] : [{ kind: "code", text: stack }],
    labels: { service },
  };
}
