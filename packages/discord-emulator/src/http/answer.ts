/**
 * What a handler says, before it is put into the words of an API version and onto a socket.
 *
 * Numbers: https://docs.discord.com/developers/topics/opcodes-and-status-codes
 */
import type { FormError } from "../form/report.ts";

export interface Problem {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  /** Present for 50035: what is wrong with the form, and where. */
  readonly errors?: readonly FormError[];
  /** Present for a 429 that a handler gives. */
  readonly retryAfterMs?: number;
}

export type Answer =
  | { readonly kind: "empty" }
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "problem"; readonly problem: Problem }
  | { readonly kind: "raw"; readonly status: number; readonly contentType: string; readonly body: string | Buffer };

export const EMPTY: Answer = Object.freeze({ kind: "empty" });

export function json(value: unknown): Answer {
  return { kind: "json", value };
}

export function problem(status: number, code: number, message: string): Answer {
  return { kind: "problem", problem: { status, code, message } };
}

export function invalidForm(errors: readonly FormError[]): Answer {
  return { kind: "problem", problem: { status: 400, code: 50035, message: "Invalid Form Body", errors } };
}

/** 429 of an edit limit that the headers do not show. */
export function tooManyOldEdits(retryAfterMs: number): Answer {
  const message = "Maximum number of edits to messages older than 1 hour reached. Try again later";
  return { kind: "problem", problem: { status: 429, code: 30046, message, retryAfterMs } };
}

/** Whether the request did what it asked for. */
export function isSuccess(answer: Answer): boolean {
  return answer.kind !== "problem" && (answer.kind !== "raw" || answer.status < 400);
}

export const UNKNOWN_WEBHOOK = problem(404, 10015, "Unknown Webhook");
export const INVALID_WEBHOOK_TOKEN = problem(401, 50027, "Invalid Webhook Token");
export const UNKNOWN_CHANNEL = problem(404, 10003, "Unknown Channel");
export const UNKNOWN_MESSAGE = problem(404, 10008, "Unknown Message");
export const EMPTY_MESSAGE = problem(400, 50006, "Cannot send an empty message");
export const INVALID_JSON = problem(400, 50109, "The request body contains invalid JSON.");
export const TOO_LARGE = problem(413, 40005, "Request entity too large");
export const TOO_MANY_FILES = problem(400, 30015, "Maximum number of attachments in a message reached (10)");
export const THREAD_NAME_OR_ID_NEEDED = problem(
  400,
  220001,
  "Webhooks posted to forum channels must have a thread_name or thread_id",
);
export const THREAD_NAME_AND_ID_GIVEN = problem(
  400,
  220002,
  "Webhooks posted to forum channels cannot have both a thread_name and thread_id",
);
export const THREADS_ONLY_IN_FORUMS = problem(400, 220003, "Webhooks can only create threads in forum channels");
export const NO_SERVICES_IN_FORUMS = problem(400, 220004, "Webhook services cannot be used in forum channels");
export const TAG_REQUIRED = problem(400, 40067, "A tag is required to create a forum post in this channel");
export const UNKNOWN_TAG = problem(404, 10087, "Unknown tag");
export const THREAD_LOCKED = problem(400, 160005, "This thread is locked");
export const THREAD_ARCHIVED = problem(400, 50083, "Thread is archived");
export const UNKNOWN_VERSION = problem(400, 50041, "An invalid API version was provided.");
export const UNKNOWN_INTERACTION = problem(404, 10062, "Unknown interaction");
export const ALREADY_ACKNOWLEDGED = problem(400, 40060, "Interaction has already been acknowledged.");
export const UNKNOWN_GUILD = problem(404, 10004, "Unknown Guild");
export const UNKNOWN_MEMBER = problem(404, 10007, "Unknown Member");
export const UNKNOWN_USER = problem(404, 10013, "Unknown User");
export const UNKNOWN_EMOJI = problem(400, 10014, "Unknown Emoji");
export const UNKNOWN_COMMAND = problem(404, 10063, "Unknown application command");
export const NOT_THE_APPLICATION = problem(
  403,
  20012,
  "You are not authorized to perform this action on this application",
);
export const TOO_MANY_COMMANDS = problem(400, 30032, "Maximum number of application commands reached (100)");
export const NOT_THE_AUTHOR = problem(403, 50005, "Cannot edit a message authored by another user");
export const THREAD_EXISTS = problem(400, 160004, "A thread has already been created for this message");
export const UNAUTHORIZED = problem(401, 0, "401: Unauthorized");
export const MISSING_ACCESS = problem(403, 50001, "Missing Access");
export const MISSING_PERMISSIONS = problem(403, 50013, "Missing Permissions");
export const NO_FORUM_MESSAGES = problem(400, 40058, "Cannot send messages in a forum channel");
export const BAD_REQUEST = problem(400, 0, "400: Bad Request");
export const NOT_FOUND = problem(404, 0, "404: Not Found");
export const METHOD_NOT_ALLOWED = problem(405, 0, "405: Method Not Allowed");
export const SERVER_ERROR = problem(500, 0, "500: Internal Server Error");
