/**
 * The slash commands of a bot: listed, made, changed, replaced all at once, deleted; globally and in the guild.
 * https://docs.discord.com/developers/interactions/application-commands#endpoints
 */
import { command } from "../form/command.ts";
import { isRecord, list } from "../form/reader.ts";
import { createReport } from "../form/report.ts";
import * as answers from "../http/answer.ts";
import { readForm } from "../message/body-form.ts";
import type { Workshop } from "../workshop.ts";
import type { Command, CommandScope, NewCommand } from "../world/commands.ts";
import type { BotCall } from "./call.ts";

/** 100 slash commands, and 15 each of users and of messages. */
const COMMANDS_MAX = 130;
const MAX_OF_TYPE: Readonly<Record<number, number>> = Object.freeze({ 1: 100, 2: 15, 3: 15 });

export function listCommands(call: BotCall, { world }: Workshop): answers.Answer {
  const scope = scopeOf(call, world.guildId);
  return "kind" in scope ? scope : answers.json(world.commandsIn(scope).map(toApiCommand));
}

export function createCommand(call: BotCall, workshop: Workshop): answers.Answer {
  const scope = scopeOf(call, workshop.world.guildId);
  if ("kind" in scope) return scope;
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  return save(scope, read.value, workshop);
}

export function changeCommand(call: BotCall, workshop: Workshop): answers.Answer {
  const found = findCommand(call, workshop);
  if ("kind" in found) return found;
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const { applicationId, guildId } = found;
  const before = { ...found, default_member_permissions: found.defaultMemberPermissions };
  return save({ applicationId, guildId }, { ...before, ...(isRecord(read.value) ? read.value : {}) }, workshop);
}

/** All that is not in the list is gone afterwards. */
export function replaceCommands(call: BotCall, { world, events }: Workshop): answers.Answer {
  const scope = scopeOf(call, world.guildId);
  if ("kind" in scope) return scope;
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const report = createReport();
  const wanted = list(command, { max: COMMANDS_MAX })(read.value, report) ?? [];
  for (const at of repeated(wanted)) {
    report.enter(at);
    report.complain("APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique");
    report.leave();
  }
  if (report.errors.length > 0) return answers.invalidForm(report.errors);
  if (isTooMany(wanted)) return answers.TOO_MANY_COMMANDS;
  const isWanted = ({ name, type }: Command) => wanted.some((one) => one.name === name && one.type === type);
  for (const one of world.commandsIn(scope)) if (!isWanted(one)) world.removeCommand(one.id);
  const kept = wanted.map((one) => world.putCommand(scope, one));
  events.emit({ kind: "changed" });
  return answers.json(kept.map(toApiCommand));
}

export function getCommand(call: BotCall, workshop: Workshop): answers.Answer {
  const found = findCommand(call, workshop);
  return "kind" in found ? found : answers.json(toApiCommand(found));
}

export function deleteCommand(call: BotCall, workshop: Workshop): answers.Answer {
  const found = findCommand(call, workshop);
  if ("kind" in found) return found;
  workshop.world.removeCommand(found.id);
  workshop.events.emit({ kind: "changed" });
  return answers.EMPTY;
}

function save(scope: CommandScope, value: unknown, { world, events }: Workshop): answers.Answer {
  const report = createReport();
  const read = command(value, report);
  if (report.errors.length > 0 || read === undefined) return answers.invalidForm(report.errors);
  const others = world.commandsIn(scope).filter(({ name, type }) => name !== read.name || type !== read.type);
  if (isTooMany([...others, read])) return answers.TOO_MANY_COMMANDS;
  const saved = world.putCommand(scope, read);
  events.emit({ kind: "changed" });
  return answers.json(toApiCommand(saved));
}

function isTooMany(commands: readonly Pick<NewCommand, "type">[]): boolean {
  return Object.entries(MAX_OF_TYPE).some(
    ([type, max]) => commands.filter((one) => String(one.type) === type).length > max,
  );
}

/** Positions of commands whose name and type stand further up already. */
function repeated(commands: readonly NewCommand[]): number[] {
  const isEarlier = ({ name, type }: NewCommand, at: number) =>
    commands.slice(0, at).some((one) => one.name === name && one.type === type);
  return commands.flatMap((one, at) => (isEarlier(one, at) ? [at] : []));
}

function scopeOf({ params, application }: BotCall, ownGuildId: string): CommandScope | answers.Answer {
  if (params["application"] !== application.id) return answers.NOT_THE_APPLICATION;
  const guildId = params["guild"] ?? null;
  if (guildId !== null && guildId !== ownGuildId) return answers.MISSING_ACCESS;
  return { applicationId: application.id, guildId };
}

function findCommand(call: BotCall, { world }: Workshop): Command | answers.Answer {
  const scope = scopeOf(call, world.guildId);
  if ("kind" in scope) return scope;
  return world.commandsIn(scope).find(({ id }) => id === call.params["command"]) ?? answers.UNKNOWN_COMMAND;
}

function toApiCommand(command: Command) {
  const { id, applicationId, guildId, version, type, name, description, options, defaultMemberPermissions } = command;
  return {
    id,
    application_id: applicationId,
    version,
    type,
    name,
    description,
    options,
    nsfw: false,
    default_member_permissions: defaultMemberPermissions,
    ...(guildId === null ? { dm_permission: true, contexts: null, integration_types: [0] } : { guild_id: guildId }),
    name_localizations: null,
    description_localizations: null,
  };
}
