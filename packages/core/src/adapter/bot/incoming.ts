/**
 * Reads what Discord sends, over the gateway or over HTTP, and says what of it concerns us. Whatever is not of the expected form concerns
 * us not. Pure.
 *
 * https://docs.discord.com/developers/interactions/receiving-and-responding
 */
import { type ButtonPress, readCustomId } from "../../channel/discord-bot/custom-id.ts";
import { type CommandName, commandNamed } from "./commands.ts";

/** Who asks. */
export interface Asker {
  readonly id: string;
  readonly name: string;
  /** Ids; empty for somebody who is no member of the server. */
  readonly roles: readonly string[];
}

/** Somebody wants to know how things are. */
export interface StatusQuestion {
  readonly messageId: string;
}

interface Asked {
  /** Of the interaction, for its answer. */
  readonly id: string;
  readonly token: string;
  readonly asker: Asker;
  /** Whether it comes from the channel that we answer in. */
  readonly isHere: boolean;
}

export type Interaction =
  /** Discord asks if the endpoint is there. */
  | { readonly kind: "ping" }
  | (Asked & { readonly kind: "command"; readonly name: CommandName; readonly options: ReadonlyMap<string, string> })
  /** While somebody types: which alerts there are. */
  | (Asked & { readonly kind: "suggest"; readonly typed: string })
  | (Asked & { readonly kind: "press"; readonly press: ButtonPress; readonly message: PressedMessage })
  /** A button of ours by its form that we have not made, or not with this token. */
  | (Asked & { readonly kind: "unknown-button" });

/** What stays of a message when its buttons are changed. */
export interface PressedMessage {
  readonly id: string;
  readonly content: string;
  /** As Discord sent them. */
  readonly rows: readonly unknown[];
}

type Raw = Readonly<Record<string, unknown>>;

const PING = 1;
const COMMAND = 2;
const COMPONENT = 3;
const AUTOCOMPLETE = 4;
const STATUS_WORD = /^status\s*[?!.]*$/i;

/**
 * A message that asks for the status: the word in our channel, or a mention of the bot there. Bots and webhooks are not answered, so that
 * two of us never talk to each other.
 *
 * @param botId `null` while it is not known
 */
export function readMessage(
  packet: unknown,
  { channelId, botId }: { readonly channelId: string; readonly botId: string | null },
): StatusQuestion | null {
  const { id, channel_id: where, author, content, webhook_id: webhook } = rawOf(packet);
  if (typeof id !== "string" || where !== channelId || rawOf(author)["bot"] === true || webhook !== undefined)
    return null;
  const text = typeof content === "string" ? content.trim() : "";
  // A reply to one of our messages mentions us, too, but not in its text, and asks nothing.
  const isMention = botId !== null && (text.includes(`<@${botId}>`) || text.includes(`<@!${botId}>`));
  return isMention || STATUS_WORD.test(text) ? { messageId: id } : null;
}

/** `null` when it is not for us. @param secret the bot's token */
export function readInteraction(
  packet: unknown,
  { channelId, secret }: { readonly channelId: string; readonly secret: string | null },
): Interaction | null {
  const raw = rawOf(packet);
  if (raw["type"] === PING) return { kind: "ping" };
  const { id, token } = raw;
  const asker = askerOf(raw);
  if (typeof id !== "string" || typeof token !== "string" || asker === null) return null;
  const asked = { id, token, asker, isHere: raw["channel_id"] === channelId };
  const data = rawOf(raw["data"]);
  switch (raw["type"]) {
    case COMMAND: {
      const name = commandNamed(textOf(data["name"]));
      return name === null ? null : { kind: "command", ...asked, name, options: optionsOf(data) };
    }
    case AUTOCOMPLETE:
      if (commandNamed(textOf(data["name"])) === null) return null;
      return { kind: "suggest", ...asked, typed: [...optionsOf(data, true).values()][0] ?? "" };
    case COMPONENT: {
      const read = readCustomId(textOf(data["custom_id"]), secret);
      if (read.kind === "foreign") return null;
      if (read.kind === "forged") return { kind: "unknown-button", ...asked };
      return { kind: "press", ...asked, press: read.press, message: messageOf(raw["message"]) };
    }
    default:
      return null;
  }
}

function askerOf({ member, user }: Raw): Asker | null {
  const { user: memberUser, roles, nick } = rawOf(member);
  const { id, username, global_name: globalName } = rawOf(memberUser ?? user);
  if (typeof id !== "string") return null;
  const name = [nick, globalName, username].find((one) => typeof one === "string" && one !== "");
  return { id, name: textOf(name) || id, roles: listOf(roles).filter((role) => typeof role === "string") };
}

function optionsOf({ options }: Raw, focusedOnly = false): ReadonlyMap<string, string> {
  const given = listOf(options).map(rawOf);
  const wanted = focusedOnly ? given.filter(({ focused }) => focused === true) : given;
  return new Map(wanted.map(({ name, value }) => [textOf(name), textOf(value)]));
}

function messageOf(message: unknown): PressedMessage {
  const { id, content, components } = rawOf(message);
  return { id: textOf(id), content: textOf(content), rows: listOf(components) };
}

function rawOf(value: unknown): Raw {
  return typeof value === "object" && value !== null ? (value as Raw) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
