/**
 * Messages of a channel as a bot reads, edits and deletes them.
 * https://docs.discord.com/developers/resources/message#get-channel-messages and following
 */
import { integer, snowflake } from "../form/reader.ts";
import { createReport } from "../form/report.ts";
import * as answers from "../http/answer.ts";
import { readForm } from "../message/body-form.ts";
import { deleteMessage, editMessage } from "../message/edit.ts";
import type { Workshop } from "../workshop.ts";
import { toApiMessage } from "../world/api-message.ts";
import type { StoredMessage } from "../world/message.ts";
import type { Permission } from "../world/permissions.ts";
import { byId } from "../world/world.ts";
import type { BotCall } from "./call.ts";
import { type BotPlace, findBotPlace } from "./place.ts";

const LIST_MAX = 100;
const LIST_DEFAULT = 50;

export interface FoundMessage {
  readonly kind: "found";
  readonly place: BotPlace;
  readonly message: StoredMessage;
}

/** A message for one user alone does not exist for routes of channels. */
export function findBotMessage(
  call: BotCall,
  needed: readonly Permission[],
  { world }: Workshop,
): FoundMessage | answers.Answer {
  const place = findBotPlace(call, needed, world);
  if (place.kind !== "place") return place;
  const message = place.log.get(call.params["message"]!);
  if (message === undefined || message.visibleTo !== null) return answers.UNKNOWN_MESSAGE;
  return { kind: "found", place, message };
}

export function getBotMessage(call: BotCall, workshop: Workshop): answers.Answer {
  const found = findBotMessage(call, ["READ_MESSAGE_HISTORY"], workshop);
  if (found.kind !== "found") return found;
  return answers.json(toApiMessage(found.message, workshop.world, call.application.id));
}

export function listBotMessages(call: BotCall, { world }: Workshop): answers.Answer {
  const place = findBotPlace(call, ["READ_MESSAGE_HISTORY"], world);
  if (place.kind !== "place") return place;
  const report = createReport();
  const limit = within(report, "limit", () => integer({ min: 1, max: LIST_MAX })(call.query.get("limit"), report));
  const anchor = (name: string) => within(report, name, () => snowflake(call.query.get(name), report));
  const query = {
    limit: limit ?? LIST_DEFAULT,
    around: anchor("around"),
    before: anchor("before"),
    after: anchor("after"),
  };
  if (report.errors.length > 0) return answers.invalidForm(report.errors);
  const shown = place.log.all().filter(({ visibleTo }) => visibleTo === null);
  return answers.json(pick(shown, query).map((message) => toApiMessage(message, world, call.application.id)));
}

interface MessageQuery {
  readonly limit: number;
  readonly around: string | undefined;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Newest first, whatever was asked for. @param all - oldest first. */
function pick(all: readonly StoredMessage[], { limit, around, before, after }: MessageQuery): StoredMessage[] {
  if (around !== undefined) {
    const at = all.findIndex((one) => byId(one, { id: around }) >= 0);
    const start = Math.max(0, (at === -1 ? all.length : at) - Math.floor(limit / 2));
    return all.slice(start, start + limit).toReversed();
  }
  if (after !== undefined) {
    return all
      .filter((one) => byId(one, { id: after }) > 0)
      .slice(0, limit)
      .toReversed();
  }
  const older = before === undefined ? all : all.filter((one) => byId(one, { id: before }) < 0);
  return older.slice(-limit).toReversed();
}

function within<T>(report: ReturnType<typeof createReport>, key: string, read: () => T): T {
  report.enter(key);
  const value = read();
  report.leave();
  return value;
}

/** Only its own: others' messages may be deleted, never changed. */
export function editBotMessage(call: BotCall, workshop: Workshop): answers.Answer {
  const found = findBotMessage(call, [], workshop);
  if (found.kind !== "found") return found;
  const { message } = found;
  if (message.author.id !== call.application.id) return answers.NOT_THE_AUTHOR;
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const order = { ...read, message, now: call.now, withComponents: true, isInteractive: true };
  const edited = editMessage(order, workshop);
  if (edited.kind !== "edited") return edited;
  return answers.json(toApiMessage(edited.message, workshop.world, call.application.id));
}

export function deleteBotMessage(call: BotCall, workshop: Workshop): answers.Answer {
  const found = findBotMessage(call, [], workshop);
  if (found.kind !== "found") return found;
  const { message, place } = found;
  const isOwn = message.author.id === call.application.id;
  const mayAny = place.held.includes("MANAGE_MESSAGES");
  if (!isOwn && !mayAny) return answers.MISSING_PERMISSIONS;
  deleteMessage(message, workshop);
  return answers.EMPTY;
}
