/** What the emulator and its page tell each other. Types only: the page imports nothing else of the server's side. */
import type { BanShape } from "../limit/ban-shape.ts";
import type { Counters } from "../observe/ledger.ts";
import type { RequestEntry } from "../observe/request-log.ts";
import type { StoredMessage } from "../world/message.ts";
import type { Channel, Thread, Webhook } from "../world/places.ts";

/** Messages the page gets per channel or thread; older ones stay where they are. */
export const MESSAGES_SHOWN = 100;
/** Requests the page's list shows. */
export const REQUESTS_SHOWN = 40;

export type LimitsPreset = "discord" | "punish" | "none";

/** What changes rarely, sent whole when it does. */
export interface Surroundings {
  readonly guildName: string;
  readonly url: string;
  readonly isStrict: boolean;
  readonly channels: readonly Channel[];
  readonly threads: readonly Thread[];
  readonly webhooks: readonly (Webhook & { readonly url: string })[];
  readonly isBanning: boolean;
  /** Faults that wait to strike. */
  readonly faults: number;
  readonly limits: LimitsPreset | "custom";
}

/** What has happened since the last one. */
export interface News {
  readonly created: readonly StoredMessage[];
  readonly edited: readonly StoredMessage[];
  /** Ids. */
  readonly deleted: readonly string[];
  /** Messages created per place, those included that came too fast to be sent along. */
  readonly counts: Readonly<Record<string, number>>;
  readonly requests: readonly RequestEntry[];
  readonly counters: Counters;
}

export type PageEvent =
  | { readonly kind: "start"; readonly surroundings: Surroundings; readonly news: News }
  | { readonly kind: "surroundings"; readonly surroundings: Surroundings }
  | { readonly kind: "news"; readonly news: News };

/** What the page may ask for. */
export type PageAction =
  | { readonly kind: "fail"; readonly how: "500" | "502-after" | "reset-after" | "stall"; readonly times: number }
  | { readonly kind: "ban"; readonly shape: BanShape; readonly retryAfterSeconds: number }
  | { readonly kind: "heal" }
  | { readonly kind: "limits"; readonly preset: LimitsPreset }
  | { readonly kind: "delete-webhook"; readonly id: string };
