/**
 * `POST /channels/{forum}/threads`: the thread and its first message, which has the thread's id.
 * https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel
 */
import { APPLIED_TAGS_MAX, THREAD_NAME_MAX } from "../form/limits.ts";
import { isRecord, list, model, type Reader, snowflake, text } from "../form/reader.ts";
import { createReport } from "../form/report.ts";
import { type Answer, EMPTY_MESSAGE, invalidForm, json, TAG_REQUIRED, UNKNOWN_TAG } from "../http/answer.ts";
import { readForm } from "../message/body-form.ts";
import { isBlank } from "../message/compose.ts";
import type { Workshop } from "../workshop.ts";
import { toApiThread } from "../world/api-guild.ts";
import { toApiMessage } from "../world/api-message.ts";
import type { BotCall } from "./call.ts";
import { readBotOrder } from "./message-form.ts";
import type { BotPlace } from "./place.ts";
import { post } from "./post.ts";

const anything: Reader<unknown> = (input) => input;

const form = model(
  {
    name: text({ min: 1, max: THREAD_NAME_MAX }),
    applied_tags: list(snowflake, { max: APPLIED_TAGS_MAX }),
    message: anything,
  },
  { required: ["name", "message"] },
);

export function createPost(call: BotCall, { id: parentId, channel }: BotPlace, workshop: Workshop): Answer {
  const { world, events } = workshop;
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const report = createReport();
  const { name = "", applied_tags: appliedTags = [] } = form(read.value, report) ?? {};
  if (report.errors.length > 0) return invalidForm(report.errors);
  if (channel.requireTag && appliedTags.length === 0) return TAG_REQUIRED;
  if (!appliedTags.every((tagId) => channel.tags.some((tag) => tag.id === tagId))) return UNKNOWN_TAG;
  const value = isRecord(read.value) ? read.value["message"] : undefined;
  const order = readBotOrder({ value, files: read.files, within: "message" });
  if (order.kind !== "order") return order;
  if (isBlank({ ...order.form, attachments: order.files })) return EMPTY_MESSAGE;

  const thread = world.addThread({ parentId, ownerId: call.application.id, name, appliedTags });
  events.emit({ kind: "thread-created", thread });
  const message = post({ ...order, placeId: thread.id, id: thread.id, answered: null }, call, workshop);
  return json({ ...toApiThread(thread, world), message: toApiMessage(message, world, call.application.id) });
}
