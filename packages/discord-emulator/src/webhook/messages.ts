/**
 * Shows, edits and deletes a message by the token of its webhook.
 * https://docs.discord.com/developers/resources/webhook#get-webhook-message and following
 */
import { createReport } from "../form/report.ts";
import * as answers from "../http/answer.ts";
import { readForm } from "../message/body-form.ts";
import { deleteMessage, editMessage } from "../message/edit.ts";
import type { Workshop } from "../workshop.ts";
import { toApiMessage } from "../world/api-message.ts";
import type { StoredMessage } from "../world/message.ts";
import type { Call } from "./call.ts";
import { readQuery } from "./execute.ts";

interface Found {
  readonly kind: "found";
  readonly message: StoredMessage;
}

export function handleMessage(call: Call, workshop: Workshop): answers.Answer {
  const found = findMessage(call, workshop);
  if (found.kind !== "found") return found;
  switch (call.method) {
    case "GET":
      return answers.json(toApiMessage(found.message, workshop.world));
    case "PATCH":
      return edit(found.message, call, workshop);
    case "DELETE":
      deleteMessage(found.message, workshop);
      return answers.EMPTY;
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
  const message = world.log(threadId ?? webhook.channelId)?.get(route.messageId ?? "");
  return message?.webhookId === webhook.id ? { kind: "found", message } : answers.UNKNOWN_MESSAGE;
}

function edit(message: StoredMessage, call: Call, workshop: Workshop): answers.Answer {
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const report = createReport();
  const { withComponents } = readQuery(call.query, report);
  if (report.errors.length > 0) return answers.invalidForm(report.errors);
  const isInteractive = call.webhook.applicationId !== null;
  const { value, files } = read;
  const order = {
    message,
    value,
    files,
    now: call.now,
    withComponents: withComponents || isInteractive,
    isInteractive,
  };
  const edited = editMessage(order, workshop);
  return edited.kind === "edited" ? answers.json(toApiMessage(edited.message, workshop.world)) : edited;
}
