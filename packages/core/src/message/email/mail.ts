/**
 * What a mail says: subject, text, HTML and files of one or more notifications. Pure; the text alone says everything.
 */
import { type AttachedFile, type Notification, SEVERITIES } from "../../notification/notification.ts";
import type { DegradeStep } from "../degrade.ts";
import { shorten } from "../shorten.ts";
import { toCard } from "../template/to-card.ts";
import { BIDI_CONTROLS, renderText } from "../text.ts";
import { visibleLine } from "../visible.ts";
import { renderHtml } from "./html.ts";

export interface Mail {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly files: readonly AttachedFile[];
}

export interface MailStyle {
  readonly service: string;
  /** What has been taken off because the server refused it. */
  readonly degrade: readonly DegradeStep[];
  /** To be said at the end, one sentence each. */
  readonly notes: readonly string[];
}

/** Mail programs show some 70 characters of a subject; what is longer is of use to searches only. */
const TITLE_CHARS = 150;
const SERVICE_CHARS = 50;

/** @param notifications one or more, in the order in which they are told */
export function renderMail(notifications: readonly Notification[], { service, degrade, notes }: MailStyle): Mail {
  const files = notifications.flatMap((notification) => notification.files);
  const withoutFiles = degrade.includes("without-files") && files.length > 0;
  const allNotes = withoutFiles
    ? [...notes, "The mail server refused the attached files, so they were left out."]
    : notes;
  const textOnly = degrade.includes("text-only");
  return {
    subject: subjectOf(notifications, service),
    text: [...notifications.map(renderText), ...allNotes].join("\n\n"),
    html: textOnly ? null : renderHtml(notifications, service, allNotes),
    files: withoutFiles ? [] : files,
  };
}

/** `[shop] error: Import failed`; of several the first of the worst, and how many more there are. */
function subjectOf(notifications: readonly Notification[], service: string): string {
  const rank = ({ severity }: Notification): number => SEVERITIES.indexOf(severity);
  const worst = notifications.reduce((found, one) => (rank(one) > rank(found) ? one : found));
  const more = notifications.length === 1 ? "" : ` (+${notifications.length - 1} more)`;
  const name = shorten(line(service), SERVICE_CHARS);
  return `[${name}] ${worst.severity}: ${shorten(titleOf(worst, service), TITLE_CHARS)}${more}`;
}

function titleOf(notification: Notification, service: string): string {
  const card = toCard(notification, service);
  const texts = [card?.title, card?.text, notification.content, card?.emptyText, notification.type];
  return texts.map((text) => line(text ?? "")).find((text) => text !== "") ?? "";
}

function line(text: string): string {
  return visibleLine(text).replace(BIDI_CONTROLS, "\ufffd").replace(/\s+/g, " ").trim();
}
