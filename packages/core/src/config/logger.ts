/** Where lines of the log go, and that no secret goes with them. */
import { redactSecrets } from "../channel/redact-secrets.ts";
import type { LogLevel } from "./environment.ts";

/** The few methods of a logger that are used; the console and pino have them. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  /** Whether lines of this level go anywhere; pino and winston say so. @defaultValue they do */
  isLevelEnabled?(level: string): boolean;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 };

/** A logger over the console that is silent below `level`, and shows no secret. */
export function createConsoleLogger(level: LogLevel): Logger {
  const at = (rank: LogLevel, write: (line: string) => void) => (message: string) => {
    if (RANK[rank] >= RANK[level]) write(`tocsin: ${redactSecrets(message)}`);
  };
  return {
    debug: at("debug", (line) => console.debug(line)),
    info: at("info", (line) => console.info(line)),
    warn: at("warn", (line) => console.warn(line)),
    error: at("error", (line) => console.error(line)),
    isLevelEnabled: (asked) => (RANK[asked as LogLevel] ?? RANK.error) >= RANK[level],
  };
}

/**
 * A logger of the application's own, without secrets: webhook tokens, signing secrets and passwords are taken out of every line before it is handed
 * over, also where the line came from elsewhere, e.g. an error of the store.
 */
export function createDiscreetLogger(logger: Logger): Logger {
  return {
    debug: (message) => contained(() => logger.debug(redactSecrets(message))),
    info: (message) => contained(() => logger.info(redactSecrets(message))),
    warn: (message) => contained(() => logger.warn(redactSecrets(message))),
    error: (message) => contained(() => logger.error(redactSecrets(message))),
    isLevelEnabled: (level) => logger.isLevelEnabled?.(level) ?? true,
  };
}

/** A logger that fails must not fail those who have something to say. */
function contained(write: () => void): void {
  try {
    write();
  } catch {
    // There is nowhere to tell it.
  }
}
