/**
 * Executes a webhook: `POST /webhooks/{id}/{token}`.
 * https://docs.discord.com/developers/resources/webhook#execute-webhook
 */
import { crashesDiscord } from "../form/components.ts";
import { type ExecuteForm, readExecuteForm } from "../form/payload.ts";
import { flag, snowflake } from "../form/reader.ts";
import { createReport, type Report } from "../form/report.ts";
import { type Answer, EMPTY, EMPTY_MESSAGE, invalidForm, json, SERVER_ERROR } from "../http/answer.ts";
import { readForm } from "../message/body-form.ts";
import { composeMessage, isBlank, keepMessage, storeFiles } from "../message/compose.ts";
import type { UploadedFile } from "../message/multipart.ts";
import { insistOnMentions } from "../message/strict.ts";
import type { Workshop } from "../workshop.ts";
import { toApiMessage } from "../world/api-message.ts";
import type { Call } from "./call.ts";
import { findPlace, type Place } from "./place.ts";

export function execute(call: Call, workshop: Workshop): Answer {
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const report = createReport();
  const query = readQuery(call.query, report);
  const isInteractive = call.webhook.applicationId !== null;
  const withComponents = query.withComponents || isInteractive;
  const rules = { withComponents, isInteractive, hasFiles: read.files.length > 0 };
  const form = readExecuteForm(read.value, rules, report);
  if (report.errors.length > 0 || form === undefined) return invalidForm(report.errors);
  return createMessage({ form, files: read.files, ...query }, call, workshop);
}

export interface Order {
  readonly form: ExecuteForm;
  readonly files: readonly UploadedFile[];
  readonly wait: boolean;
  readonly threadId: string | undefined;
}

/** Creates a message from a form in which nothing is wrong. */
export function createMessage({ form, files, wait, threadId }: Order, call: Call, workshop: Workshop): Answer {
  const { webhook } = call;
  const request = { threadId, threadName: form.thread_name, appliedTags: form.applied_tags ?? [] };
  const place = findPlace(request, webhook, workshop.world);
  if (place.kind === "refused") return place.answer;
  if (isBlank({ ...form, attachments: files })) return EMPTY_MESSAGE;
  if (form.components !== undefined && crashesDiscord(form.components)) return SERVER_ERROR;
  const violation = insistOnMentions(form, { now: call.now, senderId: webhook.id }, workshop);
  if (violation !== null) return violation;

  const { channelId, firstId } = enter(place, call, workshop);
  const id = firstId ?? workshop.world.nextId();
  const attachments = storeFiles({ files, form, channelId }, workshop);
  const message = composeMessage(form, {
    id,
    channelId,
    attachments,
    now: call.now,
    apiVersion: call.route.version,
    author: { kind: "webhook", id: webhook.id },
    webhookId: webhook.id,
    username: form.username ?? webhook.name,
    avatarUrl: form.avatar_url ?? webhook.avatarUrl,
  });
  keepMessage(message, workshop);
  // With a file Discord answers as if `wait` were set (discord/discord-api-docs#5099).
  return wait || files.length > 0 ? json(toApiMessage(message, workshop.world)) : EMPTY;
}

interface Query {
  readonly wait: boolean;
  readonly threadId: string | undefined;
  readonly withComponents: boolean;
}

const NO_QUERY: Query = Object.freeze({ wait: false, threadId: undefined, withComponents: false });

export function readQuery(query: URLSearchParams, report: Report): Query {
  if (query.size === 0) return NO_QUERY;
  const about = <T>(key: string, read: (input: unknown, report: Report) => T) => {
    report.enter(key);
    const value = read(query.get(key), report);
    report.leave();
    return value;
  };
  return {
    wait: about("wait", flag) ?? false,
    threadId: about("thread_id", snowflake),
    withComponents: about("with_components", flag) ?? false,
  };
}

/** Opens the thread that is wanted, or brings one back that was archived; its first message has the thread's own id. */
function enter(
  place: Exclude<Place, { kind: "refused" }>,
  { webhook }: Call,
  { world, events }: Workshop,
): { readonly channelId: string; readonly firstId: string | null } {
  switch (place.kind) {
    case "channel":
      return { channelId: place.channelId, firstId: null };
    case "thread":
      if (place.thread.archived) world.replaceThread({ ...place.thread, archived: false });
      return { channelId: place.thread.id, firstId: null };
    case "new-thread": {
      const { name, appliedTags } = place;
      const thread = world.addThread({ parentId: webhook.channelId, ownerId: webhook.id, name, appliedTags });
      events.emit({ kind: "thread-created", thread });
      return { channelId: thread.id, firstId: thread.id };
    }
  }
}
