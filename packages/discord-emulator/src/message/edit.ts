/** Edits a message: the same rules for whoever may do it. */
import { crashesDiscord } from "../form/components.ts";
import { IS_COMPONENTS_V2, LOADING } from "../form/flags.ts";
import { readEditForm } from "../form/payload.ts";
import { isRecord } from "../form/reader.ts";
import { createReport } from "../form/report.ts";
import * as answers from "../http/answer.ts";
import type { Workshop } from "../workshop.ts";
import type { StoredMessage } from "../world/message.ts";
import { composeEdit, isBlank, storeFiles } from "./compose.ts";
import type { UploadedFile } from "./multipart.ts";
import { insistOnMentions } from "./strict.ts";

const OLD_AFTER_MS = 3_600_000;

export interface EditOrder {
  readonly message: StoredMessage;
  /** The form, not yet checked. */
  readonly value: unknown;
  readonly files: readonly UploadedFile[];
  readonly now: number;
  /** A plain webhook's components are ignored without it. */
  readonly withComponents: boolean;
  /** The editor is an application: its buttons can be pressed. */
  readonly isInteractive: boolean;
  /** Where in the request the form stands, for complaints; the whole of it when left out. */
  readonly within?: string;
}

export type Edited = { readonly kind: "edited"; readonly message: StoredMessage } | answers.Answer;

export function editMessage(order: EditOrder, workshop: Workshop): Edited {
  const { message, value, files, now } = order;
  const { world, events } = workshop;
  if (world.threads.get(message.channelId)?.archived) return answers.THREAD_ARCHIVED;
  const report = createReport();
  const isV2 = (message.flags & IS_COMPONENTS_V2) !== 0;
  const withComponents = order.withComponents || isV2;
  const rules = { withComponents, hasFiles: files.length > 0, isV2, isInteractive: order.isInteractive };
  if (order.within !== undefined) report.enter(order.within);
  const form = readEditForm(value, rules, report);
  if (report.errors.length > 0 || form === undefined) return answers.invalidForm(report.errors);

  const named = namedKeys(value, withComponents);
  if (form.components !== undefined && crashesDiscord(form.components)) return answers.SERVER_ERROR;
  if (named.has("content")) {
    const violation = insistOnMentions(form, { now, senderId: message.author.id }, workshop);
    if (violation !== null) return violation;
  }
  const limited = limitOldEdit(message, now, workshop);
  if (limited !== null) return limited;

  const kept = keptAttachments(message, named, form.attachments);
  const change = { form, named, attachments: kept, now };
  if (isBlank({ ...composeEdit(message, change), attachments: [...kept, ...files] })) return answers.EMPTY_MESSAGE;
  const added = storeFiles({ files, form, channelId: message.channelId }, workshop);
  const edited = composeEdit(message, { ...change, attachments: [...kept, ...added] });
  for (const { id } of message.attachments) if (!kept.some((one) => one.id === id)) world.files.remove(id);
  world.log(message.channelId)?.replace(edited);
  events.emit({ kind: "message-edited", message: edited });
  return { kind: "edited", message: edited };
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

function limitOldEdit(message: StoredMessage, now: number, { limiter }: Workshop): answers.Answer | null {
  if (now - message.createdAt <= OLD_AFTER_MS || (message.flags & LOADING) !== 0) return null;
  const retryAfterMs = limiter.takeOldEdit(message.channelId, now);
  return retryAfterMs === 0 ? null : answers.tooManyOldEdits(retryAfterMs);
}

/** Takes it away, with its files, and tells. */
export function deleteMessage(message: StoredMessage, { world, events }: Workshop): void {
  world.log(message.channelId)?.remove(message.id);
  for (const { id } of message.attachments) world.files.remove(id);
  events.emit({ kind: "message-deleted", message });
}
