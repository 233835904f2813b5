/**
 * What goes wrong with a store: the file that cannot be used when it is opened, or a write that could not be kept later on.
 * Each message names the file and what to do. docs/errors.md explains every code.
 */
export type StoreErrorCode =
  | "STORE_FOREIGN"
  | "STORE_CORRUPT"
  | "STORE_NEWER"
  | "STORE_READ_ONLY"
  | "STORE_UNREACHABLE"
  | "STORE_IN_USE"
  | "STORE_BUSY"
  | "STORE_FULL"
  | "STORE_REFUSED"
  | "STORE_CLOSED";

export interface StoreErrorFacts {
  /** Path of the file. */
  readonly path: string;
  /** What the engine below said, if it did. */
  readonly cause?: unknown;
}

export class StoreError extends Error {
  override readonly name = "StoreError";
  /** Stable; never changes its meaning. */
  readonly code: StoreErrorCode;
  readonly path: string;

  /** @param says what is wrong with the file, and what to do about it; follows the path in a sentence */
  constructor(code: StoreErrorCode, says: string, { path, cause }: StoreErrorFacts) {
    super(`${code}: ${path} ${says}`, { cause });
    this.code = code;
    this.path = path;
  }
}
