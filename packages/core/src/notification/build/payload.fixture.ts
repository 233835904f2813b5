/** What Discord gets of an input. */
import type { APIEmbed } from "discord-api-types/v10";
import { type DiscordBody, renderDiscord } from "../../message/discord/render.ts";
import { normaliseNotification } from "../normalise.ts";
import type { Notification, NotificationInput } from "../notification.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const STYLE = { service: "shop", username: null, avatarUrl: null };

/** The timestamp of an embed that names none. */
export const timestamp = "2026-01-02T03:04:05.000Z";

export function accept(input: NotificationInput): Notification {
  return normaliseNotification(input, { id: "ntf_1", now: NOW });
}

export function payloadOf(input: NotificationInput): DiscordBody {
  return renderDiscord({ notifications: [accept(input)], degrade: [] }, STYLE).body;
}

export function embedOf(input: NotificationInput): APIEmbed {
  return payloadOf(input).embeds![0]!;
}

export const inline = (name: string, value: string) => ({ name, value, inline: true });
