/**
 * The answers that Discord takes to an interaction, and the changed message after a button was pressed. Pure.
 *
 * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object
 */
import type { AlertAction } from "../../alert/desk.ts";
import { ACTION_ROW } from "../../channel/discord-bot/buttons.ts";
import { readCustomId } from "../../channel/discord-bot/custom-id.ts";
import { countChars } from "../../message/chars.ts";
import { DISCORD_LIMITS } from "../../message/discord/limits.ts";
import type { PressedMessage } from "./incoming.ts";
import type { Writing } from "./written.ts";

export interface Reply {
  readonly type: number;
  readonly data?: Readonly<Record<string, unknown>>;
}

const PONG = 1;
const MESSAGE = 4;
const UPDATE = 7;
const SUGGESTIONS = 8;
/** Only the one who asked sees it. */
const EPHEMERAL = 64;
const MAX_SUGGESTIONS = 25;
const LONGEST_SUGGESTION = 100;
const NO_PINGS = { parse: [] };

export function pong(): Reply {
  return { type: PONG };
}

/** For everybody in the channel. */
export function say(content: string): Reply {
  return { type: MESSAGE, data: { content: shortened(content), allowed_mentions: NO_PINGS } };
}

export function show(embeds: readonly unknown[]): Reply {
  return { type: MESSAGE, data: { embeds, allowed_mentions: NO_PINGS } };
}

/** For the one who asked alone. */
export function whisper(content: string): Reply {
  return { type: MESSAGE, data: { content: shortened(content), flags: EPHEMERAL, allowed_mentions: NO_PINGS } };
}

export function suggest(names: readonly string[]): Reply {
  const fitting = names.filter((name) => name !== "" && name.length <= LONGEST_SUGGESTION);
  const choices = [...new Set(fitting)].slice(0, MAX_SUGGESTIONS).map((name) => ({ name, value: name }));
  return { type: SUGGESTIONS, data: { choices } };
}

/** What has been done: lines after the message's text, which Discord shows above the alert, and the buttons that are no longer of use disabled. */
export function update({ content, rows }: PressedMessage, done: Writing & { readonly secret: string | null }): Reply {
  const text = [content, ...done.lines].filter((part) => part !== "").join("\n");
  const room = countChars(text) <= DISCORD_LIMITS.contentChars;
  return {
    type: UPDATE,
    // Embeds that are not named stay as they are.
    data: {
      content: room ? text : content,
      components: rows.map((row) => withDisabled(row, done)),
      allowed_mentions: NO_PINGS,
    },
  };
}

function withDisabled(
  row: unknown,
  { disable, secret }: { readonly disable: readonly AlertAction[]; readonly secret: string | null },
): unknown {
  const { type, components } = (row ?? {}) as { readonly type?: unknown; readonly components?: unknown };
  if (type !== ACTION_ROW || !Array.isArray(components)) return row;
  return {
    type,
    components: components.map((button: { readonly custom_id?: unknown }) => {
      const read = readCustomId(String(button?.custom_id ?? ""), secret);
      return read.kind === "press" && disable.includes(read.press.action) ? { ...button, disabled: true } : button;
    }),
  };
}

function shortened(content: string): string {
  if (countChars(content) <= DISCORD_LIMITS.contentChars) return content;
  return `${[...content].slice(0, DISCORD_LIMITS.contentChars - 1).join("")}…`;
}
