/** Reads what a bot posts into a channel. */
import { type BotForm, readBotForm } from "../form/payload.ts";
import { createReport } from "../form/report.ts";
import { type Answer, invalidForm } from "../http/answer.ts";
import type { UploadedFile } from "../message/multipart.ts";

export interface BotOrder {
  readonly kind: "order";
  readonly form: BotForm;
  readonly files: readonly UploadedFile[];
}

export interface Unread {
  readonly value: unknown;
  readonly files: readonly UploadedFile[];
  /** Where in the request the form stands, for complaints; the whole of it when left out. */
  readonly within?: string;
}

export function readBotOrder({ value, files, within }: Unread): BotOrder | Answer {
  const report = createReport();
  if (within !== undefined) report.enter(within);
  const form = readBotForm(value, files.length > 0, report);
  if (report.errors.length > 0 || form === undefined) return invalidForm(report.errors);
  return { kind: "order", form, files };
}
