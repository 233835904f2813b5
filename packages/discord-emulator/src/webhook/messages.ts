/**
 * Shows, edits and deletes a message by the token of its webhook.
 * https://docs.discord.com/developers/resources/webhook#get-webhook-message and following
 */
import { crashesDiscord } from "../form/components.ts";
import { IS_COMPONENTS_V2 } from "../form/flags.ts";
import { readEditForm } from "../form/payload.ts";
import { isRecord } from "../form/reader.ts";
import { createReport } from "../form/report.ts";
import * as answers from "../http/answer.ts";
import { toApiMessage } from "../world/api-message.ts";
import type { StoredMessage } from "../world/message.ts";
import type { MessageLog } from "../world/message-log.ts";
import type { Call, Workshop } from "./call.ts";
import { composeEdit, isBlank, storeFiles } from "./compose.ts";
import { readQuery } from "./execute.ts";
import { readForm } from "./form.ts";
import { insistOnMentions } from "./strict.ts";

const OLD_AFTER_MS = 3_600_000;

interface Found {
  readonly kind: "found";
  readonly log: MessageLog;
  readonly message: StoredMessage;
  readonly isArchived: boolean;
}

export function handleMessage(call: Call, workshop: Workshop): answers.Answer {
  const found = findMessage(call, workshop);
  if (found.kind !== "found") return found;
  switch (call.method) {
    case "GET":
      return answers.json(toApiMessage(found.message, workshop.world));
    case "PATCH":
      return edit(found, call, workshop);
    case "DELETE":
      return remove(found, workshop);
    default:
      return answers.METHOD_NOT_ALLOWED;
  }
}

/** A message in a thread is found only by who names the thread (discord/discord-api-docs#3519). */
function findMessage({ query, route, webhook }: Call, { world }: Workshop): Found | answers.Answer {
  const report = createReport();
  const { threadId } = readQuery(query, report);
  if (report.errors.length > 0) return answers.invalidForm(report.errors);
  const thread = threadId === undefined ? undefined : world.threads.get(threadId);
  if (threadId !== undefined && thread?.parentId !== webhook.channelId) return answers.UNKNOWN_CHANNEL;
  const log = world.log(threadId ?? webhook.channelId);
  const message = log?.get(route.messageId ?? "");
  if (log === undefined || message?.webhookId !== webhook.id) return answers.UNKNOWN_MESSAGE;
  return { kind: "found", log, message, isArchived: thread?.archived ?? false };
}

function edit({ log, message, isArchived }: Found, call: Call, workshop: Workshop): answers.Answer {
  if (isArchived) return answers.THREAD_ARCHIVED;
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const report = createReport();
  const isV2 = (message.flags & IS_COMPONENTS_V2) !== 0;
  const { withComponents } = readQuery(call.query, report);
  const rules = { withComponents: withComponents || isV2, hasFiles: read.files.length > 0, isV2 };
  const form = readEditForm(read.value, rules, report);
  if (report.errors.length > 0 || form === undefined) return answers.invalidForm(report.errors);

  const named = namedKeys(read.value, rules.withComponents);
  if (form.components !== undefined && crashesDiscord(form.components)) return answers.SERVER_ERROR;
  if (named.has("content")) {
    const violation = insistOnMentions(form, call, workshop);
    if (violation !== null) return violation;
  }
  const limited = limitOldEdit(message, call, workshop);
  if (limited !== null) return limited;

  const kept = keptAttachments(message, named, form.attachments);
  const change = { form, named, attachments: kept, now: call.now };
  if (isBlank({ ...composeEdit(message, change), attachments: [...kept, ...read.files] })) return answers.EMPTY_MESSAGE;
  const added = storeFiles({ files: read.files, form, channelId: message.channelId }, workshop);
  const edited = composeEdit(message, { ...change, attachments: [...kept, ...added] });
  for (const { id } of message.attachments) if (!kept.some((one) => one.id === id)) workshop.world.files.remove(id);
  log.replace(edited);
  workshop.events.emit({ kind: "message-edited", message: edited });
  return answers.json(toApiMessage(edited, workshop.world));
}

function namedKeys(value: unknown, withComponents: boolean): ReadonlySet<string> {
  const keys = new Set(isRecord(value) ? Object.keys(value) : []);
  if (!withComponents) keys.delete("components");
  return keys;
}

/** Named at all, the list says which of the old ones stay; left out, all do. */
function keptAttachments(
  { attachments }: StoredMessage,
  named: ReadonlySet<string>,
  listed: readonly { id?: string }[] = [],
): StoredMessage["attachments"] {
  if (!named.has("attachments")) return attachments;
  return attachments.filter(({ id }) => listed.some((one) => one.id === id));
}

function limitOldEdit(message: StoredMessage, { now }: Call, { limiter }: Workshop): answers.Answer | null {
  if (now - message.createdAt <= OLD_AFTER_MS) return null;
  const retryAfterMs = limiter.takeOldEdit(message.channelId, now);
  return retryAfterMs === 0 ? null : answers.tooManyOldEdits(retryAfterMs);
}

function remove({ log, message }: Found, { world, events }: Workshop): answers.Answer {
  log.remove(message.id);
  for (const { id } of message.attachments) world.files.remove(id);
  events.emit({ kind: "message-deleted", message });
  return answers.EMPTY;
}
