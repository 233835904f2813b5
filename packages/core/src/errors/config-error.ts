/**
 * The error for mistakes of the programmer or operator: thrown when something is constructed, never while
 * notifications are on their way. It carries every problem found, not only the first.
 */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** Stable code of the catalogue, e.g. `CONFIG_RETRY_POLICY`. */
  readonly code: string;
  /** One sentence per mistake, each naming the setting and what it should be. */
  readonly problems: readonly string[];

  constructor(code: string, problems: readonly string[]) {
    super(`${code}: ${problems.join("; ")}`);
    this.code = code;
    this.problems = Object.freeze([...problems]);
  }
}
