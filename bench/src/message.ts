/** The message that all scenarios send: a typical alert with a title, a text and four fields. */
import type { NotificationInput } from "@tocsin/core";

export interface BenchMessage {
  /** Number of the message in its run; its title names it. */
  readonly number: number;
  /** Which of the run's webhooks it goes to. */
  readonly webhook: number;
}

/** So many messages, dealt to the webhooks in turn. */
export function messagesOver(webhooks: number, count: number): BenchMessage[] {
  return Array.from({ length: count }, (_, number) => ({ number, webhook: number % webhooks }));
}

export function titleOf({ number }: BenchMessage): string {
  return `Import ${String(number).padStart(6, "0")} failed`;
}

/** The number in a title, or -1. */
export function numberIn(title: string | undefined): number {
  return Number(/^Import (\d{6}) failed$/.exec(title ?? "")?.[1] ?? -1);
}

const TEXT = "The file could not be read to its end, because the connection to the source was closed early.";

function fieldsOf({ number, webhook }: BenchMessage): { name: string; value: string; inline: boolean }[] {
  return [
    { name: "File", value: `customers-${number}.csv`, inline: true },
    { name: "Host", value: `worker-${webhook}.internal`, inline: true },
    { name: "Attempt", value: "3 of 5", inline: true },
    { name: "Duration", value: `${number % 900} ms`, inline: true },
  ];
}

/** As an application hands it to Tocsin. Strings are made anew each time, as an application would. */
export function toNotification(message: BenchMessage): NotificationInput & { readonly type: string } {
  return { type: typeOf(message.webhook), title: titleOf(message), message: TEXT, fields: fieldsOf(message) };
}

/** One alert type for each webhook, which is how Tocsin tells them apart. */
export function typeOf(webhook: number): string {
  return `bench-${webhook}`;
}

/** As whoever works without Tocsin would build it by hand: field by field what Tocsin sends. */
export function toPayload(message: BenchMessage) {
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: titleOf(message),
        description: TEXT,
        color: 0x95a5a6,
        fields: fieldsOf(message),
        footer: { text: `Tocsin Bench-${message.webhook} Alert` },
        timestamp: new Date().toISOString(),
      },
    ],
  };
}
