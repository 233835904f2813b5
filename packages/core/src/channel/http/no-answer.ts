/**
 * Classifies a request that got no answer, by how far it came and what broke it. What was never written has not been
 * carried out; of what was written nobody can tell. Pure.
 */
import { errors } from "undici";
import type { AttemptError } from "../../delivery/channel.ts";
import { type Explanation, explainNetworkError, systemCode } from "../network-error.ts";
import type { Reply } from "./exchange.ts";

export interface NetworkFailure {
  readonly kind: "unavailable" | "ambiguous";
  readonly error: AttemptError;
}

type NoAnswer = Extract<Reply, { kind: "no-answer" }>;

const NO_ANSWER_IN_TIME: Explanation = ["timeout-headers", "there was no answer in time"];
const NOT_LOGGED_IN: Explanation = [
  "not-logged-in",
  "the bot has not logged in; see that its client connects, or end what keeps it from doing so",
];
const BAD_ANSWER: Explanation = ["bad-answer", "the answer was not HTTP"];
const UNKNOWN: Explanation = ["network", "the request failed"];

export function classifyNoAnswer({ cause, error, written }: NoAnswer, host: string): NetworkFailure {
  const [code, sentence] = explain(cause, error, written);
  const doubt = written ? "; the message may have arrived all the same" : "";
  return {
    kind: written ? "ambiguous" : "unavailable",
    error: { code, message: `${host}: ${sentence}${doubt}.`, status: null },
  };
}

function explain(cause: NoAnswer["cause"], error: unknown, written: boolean): Explanation {
  if (cause === "closed") return ["closed", "sending was ended"];
  if (cause === "not-logged-in") return NOT_LOGGED_IN;
  if (cause === "timeout") {
    return written ? NO_ANSWER_IN_TIME : ["timeout-connect", "no connection could be had in time"];
  }
  const code = systemCode(error);
  // A connection that stood may be given up by the system as well.
  if (code === "ETIMEDOUT" && written) return NO_ANSWER_IN_TIME;
  const known = explainNetworkError(error);
  if (known !== null) return known;
  if (error instanceof errors.HTTPParserError || code === "UND_ERR_HEADERS_OVERFLOW") return BAD_ANSWER;
  return code === "" ? UNKNOWN : ["network", `the request failed with ${code}`];
}
