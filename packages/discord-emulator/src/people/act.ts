/** What a person does that bots answer: presses, chooses, fills in, uses a command. */
import { randomBytes } from "node:crypto";
import {
  COMMAND,
  COMPONENT,
  type Interaction,
  type InteractionOutcome,
  MODAL,
  type Modal,
} from "../interaction/interaction.ts";
import type { Workshop } from "../workshop.ts";
import type { Command } from "../world/commands.ts";
import type { User } from "../world/member.ts";
import type { StoredMessage } from "../world/message.ts";
import { findPressable } from "./press.ts";
import { type OptionValues, toCommandData } from "./slash.ts";
import { idOf, type Where } from "./user.ts";

/** Bytes of a token, which is longer than a webhook's. */
const TOKEN_BYTES = 120;

export interface Actor {
  readonly user: User;
  readonly now: number;
  readonly workshop: Workshop;
  /** Takes the interaction to its bot. */
  readonly deliver: (interaction: Interaction) => void;
}

/** @throws Error when there is no such message or component, or it is not for this person to see. */
export function press(messageId: string, { customId, values }: Press, actor: Actor): Promise<InteractionOutcome> {
  const message = findMessage(messageId, actor);
  const { id, type } = findPressable(message, customId);
  const applicationId = message.author.kind === "bot" ? message.author.id : applicationOf(message, actor);
  const data = { id, component_type: type, custom_id: customId, ...(values === undefined ? {} : { values }) };
  return open({ type: COMPONENT, applicationId, channelId: message.channelId, messageId, name: "", data }, actor);
}

export interface Press {
  readonly customId: string;
  /** What was chosen from a menu. */
  readonly values?: readonly string[];
}

/** Webhooks of a bot send its buttons too. */
function applicationOf({ webhookId }: StoredMessage, { workshop }: Actor): string {
  const id = workshop.world.webhooks.get(webhookId ?? "")?.applicationId ?? null;
  if (id === null) throw new Error("No bot has sent this message, so nothing in it can be pressed.");
  return id;
}

function findMessage(id: string, { user, workshop }: Actor): StoredMessage {
  const message = workshop.world.allMessages().find((one) => one.id === id);
  if (message === undefined || (message.visibleTo !== null && message.visibleTo !== user.id)) {
    throw new Error(`There is no message ${id} that ${user.name} can see.`);
  }
  return message;
}

export interface Slash {
  readonly where: Where;
  /** With subcommands after it: `silence add`. A slash before it may be left out. */
  readonly command: string;
  readonly options?: OptionValues;
}

/** @throws Error when there is no such place or command, or an option does not fit. */
export function slash({ where, command: typed, options = {} }: Slash, actor: Actor): Promise<InteractionOutcome> {
  const { world } = actor.workshop;
  const channelId = idOf(where, world);
  const [name = "", ...path] = typed.replace(/^\//, "").split(" ");
  const direct = world.directs.get(channelId);
  const isHere = (one: Command) =>
    direct === undefined || (one.guildId === null && one.applicationId === direct.applicationId);
  const command = findCommand(name, [...world.commands.values()].filter(isHere));
  const data = toCommandData(command, { path, values: options });
  const { applicationId } = command;
  return open({ type: COMMAND, applicationId, channelId, messageId: null, name: command.name, data }, actor);
}

/** Commands of the guild stand before global ones of the same name. */
function findCommand(name: string, all: readonly Command[]): Command {
  const slashes = all.filter(({ type }) => type === 1);
  const same = slashes.filter((one) => one.name === name);
  const found = same.find(({ guildId }) => guildId !== null) ?? same[0];
  if (found !== undefined) return found;
  throw new Error(`There is no command /${name}; there are: ${slashes.map((one) => one.name).join(", ") || "none"}.`);
}

export interface Submission {
  /** The one that was answered with the form. */
  readonly interaction: Interaction;
  readonly modal: Modal;
  /** By the custom id of each text field. */
  readonly values: Readonly<Record<string, string>>;
}

export function submit({ interaction, modal, values }: Submission, actor: Actor): Promise<InteractionOutcome> {
  const { channelId, applicationId, messageId } = interaction;
  const data = { custom_id: modal.customId, components: modal.components.map((one) => fillIn(one, values)) };
  return open({ type: MODAL, applicationId, channelId, messageId, name: "", data }, actor);
}

function fillIn(component: unknown, values: Readonly<Record<string, string>>): unknown {
  const {
    components = [],
    component: labelled,
    ...rest
  } = component as Record<string, unknown> & { components?: unknown[] };
  const field = (one: unknown) => {
    const { type, custom_id: id } = one as { type: number; custom_id: string };
    return { type, custom_id: id, value: values[id] ?? "" };
  };
  const { type, id } = rest;
  if (labelled !== undefined) return { type, id, component: field(labelled) };
  return { type, id, components: components.map(field) };
}

type Opening = Omit<Interaction, "id" | "token" | "userId" | "openedAt">;

function open(opening: Opening, { user, now, workshop, deliver }: Actor): Promise<InteractionOutcome> {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const interaction = { ...opening, id: workshop.world.nextId(), token, userId: user.id, openedAt: now };
  const outcome = workshop.desk.open(interaction);
  deliver(interaction);
  return outcome;
}
