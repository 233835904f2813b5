/**
 * Threads, as bots open and change them: on a message, without one, and as posts of a forum.
 * https://docs.discord.com/developers/resources/channel#start-thread-from-message and following
 */

import * as limits from "../form/limits.ts";
import { flag, list, model, type Reader, snowflake, text } from "../form/reader.ts";
import { createReport } from "../form/report.ts";
import * as answers from "../http/answer.ts";
import { readForm } from "../message/body-form.ts";
import type { Workshop } from "../workshop.ts";
import { toApiThread } from "../world/api-guild.ts";
import type { BotCall } from "./call.ts";
import { createPost } from "./create-post.ts";
import { findBotMessage } from "./messages.ts";
import { findBotPlace } from "./place.ts";

const name = text({ min: 1, max: limits.THREAD_NAME_MAX });
const onMessage = model({ name }, { required: ["name"] });
const changes = model({
  name,
  archived: flag,
  locked: flag,
  applied_tags: list(snowflake, { max: limits.APPLIED_TAGS_MAX }),
});

/** The thread has the id of its message. */
export function startThreadOnMessage(call: BotCall, workshop: Workshop): answers.Answer {
  const { world, events } = workshop;
  const found = findBotMessage(call, ["CREATE_PUBLIC_THREADS"], workshop);
  if (found.kind !== "found") return found;
  const { message, place } = found;
  if (world.threads.has(message.id)) return answers.THREAD_EXISTS;
  const form = readThreadForm(call, onMessage);
  if ("kind" in form) return form;
  const owner = { ownerId: call.application.id, appliedTags: [] };
  const thread = world.addThread({ id: message.id, parentId: place.channel.id, name: form.name ?? "", ...owner });
  events.emit({ kind: "thread-created", thread });
  return answers.json(toApiThread(thread, world));
}

/** In a text channel an empty one; in a forum with its first message. */
export function startThread(call: BotCall, workshop: Workshop): answers.Answer {
  const { world, events } = workshop;
  const place = findBotPlace(call, ["CREATE_PUBLIC_THREADS"], world);
  if (place.kind !== "place") return place;
  if (place.channel.kind !== "text") return createPost(call, place, workshop);
  const form = readThreadForm(call, onMessage);
  if ("kind" in form) return form;
  const owner = { ownerId: call.application.id, appliedTags: [] };
  const thread = world.addThread({ parentId: place.channel.id, name: form.name ?? "", ...owner });
  events.emit({ kind: "thread-created", thread });
  return answers.json(toApiThread(thread, world));
}

/** Only threads can be changed here; channels are made by the library. */
export function changeThread(call: BotCall, workshop: Workshop): answers.Answer {
  const { world, events } = workshop;
  const place = findBotPlace(call, [], world);
  if (place.kind !== "place") return place;
  if (place.thread === null) return answers.MISSING_PERMISSIONS;
  const form = readThreadForm(call, changes);
  if ("kind" in form) return form;
  const { applied_tags: appliedTags = place.thread.appliedTags, ...rest } = form;
  const thread = world.replaceThread({ ...place.thread, ...rest, appliedTags });
  events.emit({ kind: "thread-changed", thread });
  return answers.json(toApiThread(thread, world));
}

export function listActiveThreads({ params }: BotCall, { world }: Workshop): answers.Answer {
  if (params["guild"] !== world.guildId) return answers.UNKNOWN_GUILD;
  const threads = [...world.threads.values()].filter(({ archived }) => !archived);
  return answers.json({ threads: threads.map((one) => toApiThread(one, world)), members: [] });
}

/** Joining changes nothing here: everybody hears of every thread. */
export function joinThread(call: BotCall, { world }: Workshop): answers.Answer {
  const place = findBotPlace(call, [], world);
  return place.kind === "place" ? answers.EMPTY : place;
}

function readThreadForm<T extends object>(call: BotCall, read: Reader<T>): T | answers.Answer {
  const body = readForm(call);
  if (body.kind === "refused") return body.answer;
  const report = createReport();
  const form = read(body.value, report);
  return report.errors.length > 0 || form === undefined ? answers.invalidForm(report.errors) : form;
}
