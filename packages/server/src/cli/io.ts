/** The world around a command, passed in so that tests can stand in for it. */
import type { Environment } from "../config/environment.ts";

export interface Io {
  readonly env: Environment;
  /** Standard input, or `null` when it is a terminal: nobody types an alert there. */
  readonly input: AsyncIterable<Uint8Array | string> | null;
  /** Standard output. */
  out(text: string): void;
  /** Standard error. */
  err(text: string): void;
  /** Calls `stop` at the first request to end, and ends the process at the second. */
  onTermination(stop: () => void): void;
  /** Calls it at each request to read the configuration again. */
  onReload(reload: () => void): void;
}
