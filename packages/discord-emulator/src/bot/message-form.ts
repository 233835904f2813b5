/**
 * Reads what a bot posts into a channel.
 * https://docs.discord.com/developers/resources/message#create-message
 */
import { type BotForm, readBotForm } from "../form/payload.ts";
import { createReport } from "../form/report.ts";
import { type Answer, invalidForm } from "../http/answer.ts";
import { readForm } from "../webhook/form.ts";
import type { UploadedFile } from "../webhook/multipart.ts";
import type { BotCall } from "./call.ts";

export interface BotOrder {
  readonly kind: "order";
  readonly form: BotForm;
  readonly files: readonly UploadedFile[];
}

export function readBotOrder(call: BotCall): BotOrder | Answer {
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const report = createReport();
  const form = readBotForm(read.value, read.files.length > 0, report);
  if (report.errors.length > 0 || form === undefined) return invalidForm(report.errors);
  return { kind: "order", form, files: read.files };
}
