/**
 * Errors as HTTP tells them: RFC 9457 `application/problem+json`, with a code that never changes and a sentence that says what
 * to do. Whatever is thrown in a handler ends here.
 */
import { StoreError } from "@tocsin/core/sqlite";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { GreenhouseError, type GreenhouseErrorCode, storageUnavailable } from "../greenhouse/errors.ts";
import type { Refusal } from "../greenhouse/intake.ts";
import { InputError, pointerTo } from "./input.ts";
import { inPlainWords } from "./plain-words.ts";

export type ProblemCode =
  | GreenhouseErrorCode
  | Refusal
  | "validation-failed"
  | "notification-not-found"
  | "dead-letter-not-found"
  | "channel-not-found"
  | "check-not-found"
  | "check-exists"
  | "component-not-found"
  | "too-many"
  | "silence-not-found"
  | "silence-over"
  | "dead-letter-stale"
  | "idempotency-key-reused"
  | "ending"
  | "bad-cursor"
  | "unsupported-media-type"
  | "no-such-route"
  | "wrong-method"
  | "bad-request"
  | "foreign-host"
  | "foreign-origin"
  | "internal-error";

export interface ProblemDetail {
  /** JSON pointer into the body, or the name of the parameter. */
  readonly path: string;
  readonly message: string;
}

/** Status and title by code; the `type` is `urn:tocsin:problem:<code>`. */
export const PROBLEMS: Readonly<Record<ProblemCode, { readonly status: number; readonly title: string }>> = {
  "validation-failed": { status: 400, title: "The request does not fit its description" },
  "bad-cursor": { status: 400, title: "The cursor is not one of ours" },
  "bad-request": { status: 400, title: "The request cannot be understood" },
  "malformed-json": { status: 400, title: "The body is not JSON" },
  "invalid-utf8": { status: 400, title: "The body is not UTF-8" },
  "not-an-object": { status: 400, title: "A report is a JSON object" },
  "no-metrics": { status: 400, title: "The report holds no metric" },
  "too-many-metrics": { status: 400, title: "The report holds too many metrics" },
  "too-many-series": { status: 400, title: "The device has reported too many different metrics" },
  "name-empty": { status: 400, title: "A metric needs a name" },
  "name-too-long": { status: 400, title: "A metric's name is too long" },
  "name-unprintable": { status: 400, title: "A metric's name holds unprintable characters" },
  "not-a-number": { status: 400, title: "A metric's value is not a number" },
  "not-finite": { status: 400, title: "A metric's value is too large" },
  "webhook-refused": { status: 400, title: "The webhook cannot be used" },
  "foreign-host": { status: 403, title: "The request was meant for another host" },
  "foreign-origin": { status: 403, title: "The request comes from another site" },
  "not-authorised": { status: 403, title: "Not allowed" },
  "no-such-route": { status: 404, title: "There is nothing here" },
  "plant-not-found": { status: 404, title: "No such plant" },
  "device-not-found": { status: 404, title: "No such device" },
  "unknown-device": { status: 404, title: "No such device" },
  "alert-not-found": { status: 404, title: "No such alert" },
  "notification-not-found": { status: 404, title: "No such notification" },
  "channel-not-found": { status: 404, title: "No such channel" },
  "check-not-found": { status: 404, title: "No such check" },
  "component-not-found": { status: 404, title: "No such component" },
  "silence-not-found": { status: 404, title: "No such silence" },
  "dead-letter-not-found": { status: 404, title: "No such dead letter" },
  "wrong-method": { status: 405, title: "The path does not take this method" },
  "alert-over": { status: 409, title: "The alert is over, or has not fired yet" },
  "silence-over": { status: 409, title: "The silence is over" },
  "device-exists": { status: 409, title: "The device exists already" },
  "check-exists": { status: 409, title: "The check exists already" },
  "encryption-key-missing": { status: 409, title: "The server has no key to encrypt with" },
  "too-many": { status: 409, title: "There are too many already" },
  "dead-letter-stale": { status: 409, title: "Newer news has overtaken the dead letter" },
  "too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The body must be JSON" },
  "idempotency-key-reused": { status: 422, title: "The idempotency key belongs to another request" },
  "too-frequent": { status: 429, title: "The device reports too often" },
  "internal-error": { status: 500, title: "Something went wrong in the server" },
  ending: { status: 503, title: "The server is ending" },
  "storage-unavailable": { status: 503, title: "The database or its archive cannot be written" },
};

export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  readonly errors: readonly ProblemDetail[];

  constructor(code: ProblemCode, detail: string, errors: readonly ProblemDetail[] = []) {
    super(detail);
    this.code = code;
    this.errors = errors;
  }
}

export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    const detail = `${request.method} ${request.url.split("?")[0]} does not exist. GET /openapi.json describes what does.`;
    return sendProblem(request, reply, new ProblemError("no-such-route", detail));
  });
}

/** Whatever goes wrong on the way to a handler or in it. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error);
  if (PROBLEMS[problem.code].status >= 500 && problem.code !== "ending")
    request.log.error({ err: error, method: request.method, url: request.url }, "A request failed");
  return sendProblem(request, reply, problem);
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: ProblemError): FastifyReply {
  const { status, title } = PROBLEMS[problem.code];
  if (problem.code === "too-frequent") void reply.header("retry-after", "1");
  const { code, message: detail, errors } = problem;
  const type = `urn:tocsin:problem:${code}`;
  const body = {
    type,
    title,
    status,
    detail,
    code,
    instance: request.url.split("?")[0],
    ...(errors.length > 0 && { errors }),
  };
  // As text, so that no route's own answer schema is applied to it.
  return reply.code(status).type("application/problem+json").serializer(JSON.stringify).send(body);
}

function toProblem(error: FastifyError): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof GreenhouseError) return fromGreenhouse(error);
  if (error instanceof StoreError) return fromGreenhouse(storageUnavailable());
  if (error instanceof InputError) return fromInput(error);
  return fromFastify(error);
}

function fromInput({ issues, validationContext = "request" }: InputError): ProblemError {
  const details = issues.map((issue) => ({ path: pointerTo(issue.path), message: inPlainWords(issue) }));
  const where = validationContext === "querystring" ? "query" : validationContext;
  const said = details.map(({ path, message }) => `${path === "" ? where : path} ${message}`).join("; ");
  return new ProblemError("validation-failed", `${said}. GET /openapi.json describes what is expected.`, details);
}

function fromGreenhouse({ code, message }: GreenhouseError): ProblemError {
  return new ProblemError(code, message);
}

/** Fastify's own errors, of which the codes are documented in its reference under "Errors". */
function fromFastify({ code, statusCode = 500, message }: FastifyError): ProblemError {
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new ProblemError("too-large", "The body is larger than this route takes. Send less at once.");
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new ProblemError("unsupported-media-type", "Send JSON, with the header Content-Type: application/json.");
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return new ProblemError(
        "malformed-json",
        "Look for a quote, comma or brace that is missing or too many. NaN, Infinity and a key __proto__ are not taken.",
      );
    case "FST_ERR_MAX_PARAM_LENGTH":
      return new ProblemError("bad-request", "The path is longer than any that exists.");
    default:
      if (statusCode >= 500)
        return new ProblemError("internal-error", "The server's log says more. The request may be repeated.");
      return new ProblemError("bad-request", message);
  }
}
