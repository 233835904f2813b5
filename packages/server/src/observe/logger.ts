/** The server's log: one JSON object per line, without secrets wherever they might have slipped in. */
import { type DestinationStream, type Logger, pino } from "pino";
import type { LogLevel } from "../config/config.ts";
import { createLogOutput } from "./log-output.ts";

const SECRETS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // The token of a webhook's URL.
  [/(\/webhooks\/[^/"\s]+\/)[^/"?\s\\]+/g, "$1[redacted]"],
  // The password in any URL.
  [/([a-z][a-z0-9+.-]*:\/\/[^/:@"\s]*:)[^/@"\s]+@/gi, "$1[redacted]@"],
];

/** @param destination standard output by default */
export function createLogger(level: LogLevel, destination: DestinationStream = createLogOutput()): Logger {
  const options = {
    level,
    redact: {
      paths: ["password", "*.password", "headers.authorization", "*.headers.authorization"],
      censor: "[redacted]",
    },
    hooks: { streamWrite: redactSecrets },
  };
  return pino(options, destination);
}

/** Takes webhook tokens and passwords out of a text. */
export function redactSecrets(text: string): string {
  let safe = text;
  for (const [pattern, replacement] of SECRETS) safe = safe.replace(pattern, replacement);
  return safe;
}
