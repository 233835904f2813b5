/** What the emulator and its page tell each other. Types only: the page imports nothing else of the server's side. */

import type { Modal } from "../interaction/interaction.ts";
import type { BanShape } from "../limit/ban-shape.ts";
import type { Counters } from "../observe/ledger.ts";
import type { RequestEntry } from "../observe/request-log.ts";
import type { OptionValues } from "../people/slash.ts";
import type { Command } from "../world/commands.ts";
import type { Role, User } from "../world/member.ts";
import type { StoredMessage } from "../world/message.ts";
import type { Channel, Direct, Thread, Webhook } from "../world/places.ts";

/** Messages the page gets per channel or thread; older ones stay where they are. */
export const MESSAGES_SHOWN = 100;
/** Requests the page's list shows. */
export const REQUESTS_SHOWN = 40;

export type LimitsPreset = "discord" | "punish" | "none";

export interface ShownBot {
  readonly id: string;
  readonly name: string;
  readonly isOnline: boolean;
}

/** What changes rarely, sent whole when it does. */
export interface Surroundings {
  readonly guildName: string;
  readonly url: string;
  readonly isStrict: boolean;
  readonly channels: readonly Channel[];
  readonly threads: readonly Thread[];
  readonly directs: readonly Direct[];
  readonly webhooks: readonly (Webhook & { readonly url: string })[];
  readonly people: readonly User[];
  readonly roles: readonly Role[];
  readonly bots: readonly ShownBot[];
  readonly commands: readonly Command[];
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
  | { readonly kind: "delete-webhook"; readonly id: string }
  | PersonAction;

/** What a person does at the page, under the name `as`. Who that is comes into being by it. */
export type PersonAction = { readonly as: string } & (
  | { readonly kind: "say"; readonly channelId: string; readonly text: string }
  /** Begins a conversation with a bot. */
  | { readonly kind: "dm"; readonly botId: string }
  | { readonly kind: "react"; readonly messageId: string; readonly emoji: string }
  /** The names of the roles that the person has from now on. */
  | { readonly kind: "roles"; readonly roles: readonly string[] }
  | {
      readonly kind: "press";
      readonly messageId: string;
      readonly customId: string;
      readonly values?: readonly string[];
    }
  | { readonly kind: "slash"; readonly channelId: string; readonly command: string; readonly options: OptionValues }
  | { readonly kind: "submit"; readonly token: string; readonly modal: Modal; readonly values: Record<string, string> }
);

/** What the page learns of an interaction; messages come as news. */
export type ActionResult =
  | { readonly kind: "done" }
  /** Where to look now. */
  | { readonly kind: "place"; readonly placeId: string }
  | { readonly kind: "no-response"; readonly reason?: string }
  | { readonly kind: "modal"; readonly token: string; readonly modal: Modal };
