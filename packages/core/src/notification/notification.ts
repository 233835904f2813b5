/**
 * One thing to tell, as an application says it and as the rest of the flow sees it.
 *
 * Upstream   alerts and applications.
 * Downstream route (where to), message (in which words), delivery (when).
 */

import type { AlertAction } from "../alert/desk.ts";
import type { RouteDecision } from "./routing.ts";

/** How bad it is, from least to most. */
export const SEVERITIES = ["info", "warning", "error", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The alert types that come with a template and an environment variable of their own; any other name works too. */
export const ALERT_TYPES = ["general", "error", "critical", "tracklist", "monitoring", "security"] as const;
export type KnownAlertType = (typeof ALERT_TYPES)[number];
export type AlertType = KnownAlertType | (string & Record<never, never>);

/** Prefixed `ntf_`; sorts by time. */
export type NotificationId = `ntf_${string}`;

/** `@here`, `@everyone`, `user:<snowflake>` or `role:<snowflake>`; `<@1>` and `<@&1>` are understood as well. */
export type Mention = "@here" | "@everyone" | `user:${string}` | `role:${string}`;

export interface Field {
  readonly name: string;
  readonly value: string;
  readonly inline: boolean;
}

export interface Author {
  readonly name: string;
  readonly url: string | null;
  readonly iconUrl: string | null;
}

export interface Footer {
  readonly text: string;
  readonly iconUrl: string | null;
}

/**
 * What stands below the text, in a form of its own, which each channel shows in its own way. All of it is text as it is: nothing
 * in it is ever taken for markup.
 */
export type Block =
  /** Code, log lines, a stack trace: in fixed width. */
  | { readonly kind: "code"; readonly text: string; readonly language: string | null }
  /** A link under words of its own. */
  | { readonly kind: "link"; readonly text: string; readonly url: string };

export interface AttachedFile {
  readonly name: string;
  readonly data: Uint8Array;
  readonly contentType: string | null;
}

/** A field as an application may write it: any value is shown as well as it can be. */
export interface FieldInput {
  readonly name: unknown;
  readonly value: unknown;
  /** @defaultValue true */
  readonly inline?: boolean | undefined;
}

/** A block as an application may write it. */
export type BlockInput =
  | { readonly kind: "code"; readonly text: string; readonly language?: string | null | undefined }
  | { readonly kind: "link"; readonly text?: string | undefined; readonly url: string };

/**
 * What an application passes to `notify()` and `send()`. Every property may be left out; a value of the wrong type at run
 * time is shown as well as it can be or left out, and the notification still goes.
 */
export interface NotificationInput {
  /** Chooses route and template. @defaultValue "general" */
  readonly type?: AlertType | undefined;
  /** @defaultValue by type: critical → critical; error, security → error; otherwise info */
  readonly severity?: Severity | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
  /** Shown in order. A record's entries become inline fields. */
  readonly fields?: Readonly<Record<string, unknown>> | readonly FieldInput[] | undefined;
  /** Code and links below the text, in order. */
  readonly blocks?: readonly BlockInput[] | undefined;
  /** For routing, grouping and history; not shown. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Who is pinged. Nobody else ever is, whatever the texts contain. */
  readonly mentions?: readonly Mention[] | undefined;
  /** Text above the embed: what a push preview shows. */
  readonly content?: string | undefined;
  /** Link of the title. */
  readonly url?: string | undefined;
  /** 0 to 0xffffff. @defaultValue by type */
  readonly color?: number | undefined;
  /** `null` for none. @defaultValue `<service> <Type> Alert` */
  readonly footer?: string | { readonly text: string; readonly iconUrl?: string | undefined } | null | undefined;
  readonly author?:
    | { readonly name: string; readonly url?: string | undefined; readonly iconUrl?: string | undefined }
    | undefined;
  /** URL of a small picture. */
  readonly thumbnail?: string | undefined;
  /** URL of a large picture. */
  readonly image?: string | undefined;
  /** When it happened: a Date, ISO 8601 text, or epoch milliseconds; `null` for none. @defaultValue now */
  readonly timestamp?: Date | string | number | null | undefined;
  readonly files?:
    | readonly {
        readonly name: string;
        readonly data: Uint8Array | string;
        readonly contentType?: string | undefined;
      }[]
    | undefined;
  /**
   * Name of the destination that it is for: it goes there, whatever routes, severity and type say. Where there is none of that name it
   * goes as if none had been named.
   */
  readonly destination?: string | undefined;
  /** Same key = same matter: a newer one replaces one that still waits. */
  readonly key?: string | undefined;
  /**
   * For matters with a beginning and an end, together with `key`: a `resolved` that meets its `firing` still waiting becomes one
   * message with it, and is not sent where its `firing` never was.
   */
  readonly phase?: "firing" | "resolved" | undefined;
  /** When the matter began: a Date, ISO 8601 text, or epoch milliseconds. What it lasted counts from here. @defaultValue `timestamp` */
  readonly since?: Date | string | number | undefined;
  /** What people may do about it, together with `key`: offered where a channel can, as buttons of the bot. @defaultValue none */
  readonly actions?: readonly AlertAction[] | undefined;
  /** The same value again within the window returns the first receipt. */
  readonly idempotencyKey?: string | undefined;
  /** Higher goes first in its lane. @defaultValue by severity: info 0, warning 10, error 20, critical 30 */
  readonly priority?: number | undefined;
  /** Not worth sending after this instant: a Date, ISO 8601 text, or epoch milliseconds. */
  readonly expiresAt?: Date | string | number | undefined;
  /**
   * When it does not go at once, unless it is critical, but waits for their end, to be told in one summary with what else has waited: times
   * of the week as in routes, e.g. `22:00-07:00 Europe/Berlin`. They hold beside those of its route. @defaultValue never
   */
  readonly quietHours?: string | readonly string[] | undefined;
  /** Rather lose it than send it twice. @defaultValue false */
  readonly atMostOnce?: boolean | undefined;
  /** Whether texts are shown as they are (`text`, all markup escaped) or are markdown of yours. @defaultValue "text" */
  readonly format?: "text" | "markdown" | undefined;
}

/** How long a matter lasted. Epoch milliseconds. */
export interface Over {
  readonly since: number;
  readonly until: number;
  /** The text says so itself. @defaultValue it does not */
  readonly isSaid?: true;
  /** Somebody or something has put an end to it, and nobody has seen it come back. @defaultValue it is back */
  readonly isEnded?: true;
}

/** A notification that has been accepted: complete, of the right types, and never changed again. */
export interface Notification {
  readonly id: NotificationId;
  readonly createdAt: number;
  readonly type: string;
  readonly severity: Severity;
  readonly title: string | null;
  readonly message: string | null;
  readonly fields: readonly Field[];
  readonly blocks: readonly Block[] | null;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly mentions: readonly Mention[];
  readonly content: string | null;
  readonly url: string | null;
  readonly color: number | null;
  /** `undefined` asks for the template's own; `null` for none. */
  readonly footer: Footer | null | undefined;
  readonly author: Author | null;
  readonly thumbnail: string | null;
  readonly image: string | null;
  /** Epoch milliseconds, or `null` for none. */
  readonly timestamp: number | null;
  readonly files: readonly AttachedFile[];
  readonly destination: string | null;
  readonly key: string | null;
  readonly phase: "firing" | "resolved" | null;
  readonly actions: readonly AlertAction[] | null;
  /** The matter that it tells of is over, and how long it lasted; `null` where that is not known, or not so. */
  readonly over: Over | null;
  /** How many notifications of the same key this one stands for. */
  readonly count: number;
  /** When the first of them was created, or its matter began, epoch milliseconds; `null` when it stands for itself alone. */
  readonly firstAt: number | null;
  readonly idempotencyKey: string | null;
  readonly priority: number;
  /** Epoch milliseconds, or `null` for never. */
  readonly expiresAt: number | null;
  /** Times of the week in which it waits; `null` for none of its own. */
  readonly quietHours: readonly string[] | null;
  readonly atMostOnce: boolean;
  readonly format: "text" | "markdown";
  /** What was decided about it by routes or by what withholds; `null` when severity and type alone said where to. */
  readonly routing: RouteDecision | null;
}
