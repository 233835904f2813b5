/**
 * Puts a notification together from flags and standard input. Flags win.
 *
 * Standard input is read when there is no `--message`, or with `--message -`: a JSON object in the words of
 * `POST /api/notifications`, or any other text, which becomes the message.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Mention } from "@tocsin/core";
import { type NotificationInput, toMention } from "@tocsin/core/stages";
import { notificationBody } from "../http/contract/notification.ts";
import { readPair } from "../http/label-pair.ts";
import { toNotificationInput } from "../http/notification-input.ts";
import { inPlainWords } from "../http/plain-words.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

export interface SendFlags {
  readonly type?: string;
  readonly severity?: string;
  readonly title?: string;
  readonly message?: string;
  readonly field?: readonly string[];
  readonly label?: readonly string[];
  readonly mention?: readonly string[];
  readonly url?: string;
  readonly color?: string;
  readonly file?: readonly string[];
  readonly key?: string;
}

const FROM_INPUT = "-";

/** @throws UsageError */
export async function readSendInput(flags: SendFlags, io: Pick<Io, "input">): Promise<NotificationInput> {
  const { message, field, label, mention, color, file, ...same } = flags;
  const piped = message === undefined || message === FROM_INPUT ? await readPiped(io) : {};
  const input: NotificationInput = {
    ...piped,
    ...(same as Pick<NotificationInput, "type" | "severity" | "title" | "url" | "key">),
    ...(message !== undefined && message !== FROM_INPUT && { message }),
    ...(field && { fields: field.map((text) => pairOf("--field", text)).map(([name, value]) => ({ name, value })) }),
    ...(label && { labels: Object.fromEntries(label.map((text) => pairOf("--label", text))) }),
    ...(mention && { mentions: mention.map(mentionOf) }),
    ...(color !== undefined && { color: colorOf(color) }),
    ...(file && { files: file.map(fileOf) }),
  };
  const { title, content, fields, files } = input;
  if (![title, input.message, content, fields, files].some((part) => part !== undefined && part.length !== 0)) {
    throw new UsageError(
      "There is nothing to send: give --title, --message, --field or --file, or a text on standard input.",
    );
  }
  return input;
}

async function readPiped({ input }: Pick<Io, "input">): Promise<NotificationInput> {
  if (input === null) return {};
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString().trim();
  const json = text.startsWith("{") ? parseJson(text) : null;
  if (json === null) return text === "" ? {} : { message: text };
  const parsed = notificationBody.safeParse(json);
  if (parsed.success) return toNotificationInput(parsed.data);
  const problems = parsed.error.issues.map(({ path, ...issue }) =>
    [path.join("."), inPlainWords(issue)].join(" ").trim(),
  );
  throw new UsageError(`The JSON on standard input is not a notification: ${problems.join("; ")}.`);
}

/** `null` for what only looks like JSON: it is sent as the text it is. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function mentionOf(text: string): Mention {
  const mention = toMention(text);
  if (mention !== null) return mention;
  throw new UsageError(`--mention ${text} is no mention: write @here, @everyone, user:<id> or role:<id>.`);
}

function pairOf(flag: string, text: string): readonly [name: string, value: string] {
  const pair = readPair(text);
  if (pair === null) throw new UsageError(`${flag} ${text} is no pair: write ${flag} name=value.`);
  return pair;
}

/** `#e74c3c`, `0xe74c3c`, or a decimal number. */
function colorOf(text: string): number {
  const hex = /^(?:#|0x)([0-9a-f]{6})$/i.exec(text)?.[1];
  if (hex !== undefined) return Number.parseInt(hex, 16);
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 0xffffff) return value;
  throw new UsageError(`--color ${text} is no colour: write it like #e74c3c.`);
}

function fileOf(path: string): { readonly name: string; readonly data: Uint8Array } {
  try {
    return { name: basename(path), data: readFileSync(path) };
  } catch (error) {
    throw new UsageError(`--file ${path} cannot be read: ${error instanceof Error ? error.message : error}.`);
  }
}
