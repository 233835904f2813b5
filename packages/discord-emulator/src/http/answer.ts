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
export const NOT_FOUND = problem(404, 0, "404: Not Found");
export const METHOD_NOT_ALLOWED = problem(405, 0, "405: Method Not Allowed");
export const SERVER_ERROR = problem(500, 0, "500: Internal Server Error");
