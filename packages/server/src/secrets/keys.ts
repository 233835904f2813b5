/**
 * Reads `ENCRYPTION_KEY`: one key, or several while one takes the other's place. The first encrypts; all of them open.
 *
 * A mistake is an answer and not an exception, because the server starts all the same; no answer repeats a key.
 */
import { createHmac, createSecretKey, type KeyObject } from "node:crypto";

export interface SecretKey {
  /** By which what it has sealed says that it was this one. Tells nothing of the key. */
  readonly id: string;
  readonly key: KeyObject;
}

export type KeyRing =
  | { readonly kind: "keys"; readonly keys: readonly [SecretKey, ...SecretKey[]] }
  /** `problem`: one sentence, with what to do. */
  | { readonly kind: "none"; readonly problem: string; readonly isMistake: boolean };

const KEY_BYTES = 32;
const ID_CHARS = 8;
const HOW = "set it to 32 random bytes in base64, as `openssl rand -base64 32` prints them, and restart the server";

/** @param text base64, base64url or hexadecimal; several with commas or blanks between them */
export function readKeys(text: string | undefined): KeyRing {
  const parts = (text ?? "").split(/[\s,]+/).filter((part) => part !== "");
  const [first, ...others] = parts.map(bytesOf);
  if (first === undefined) return { kind: "none", problem: `ENCRYPTION_KEY is not set: ${HOW}.`, isMistake: false };
  const wrong = [first, ...others].findIndex((bytes) => bytes?.length !== KEY_BYTES);
  if (wrong === -1) return { kind: "keys", keys: [keyOf(first!), ...others.map((bytes) => keyOf(bytes!))] };
  const which = parts.length === 1 ? "" : ` as key ${wrong + 1} of ${parts.length}`;
  const bytes = [first, ...others][wrong];
  const is = bytes === null || bytes === undefined ? "is neither base64 nor hexadecimal" : `has ${bytes.length} bytes`;
  return { kind: "none", problem: `ENCRYPTION_KEY${which} ${is}: ${HOW}.`, isMistake: true };
}

function bytesOf(text: string): Buffer | null {
  if (/^[\da-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  // Also base64url, with or without padding.
  return /^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, "base64") : null;
}

function keyOf(bytes: Buffer): SecretKey {
  const id = createHmac("sha256", bytes).update("id of an ENCRYPTION_KEY").digest("hex").slice(0, ID_CHARS);
  return { id, key: createSecretKey(bytes) };
}
