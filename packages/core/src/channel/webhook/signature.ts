/**
 * Signs requests as Standard Webhooks asks for, so that a receiver can tell that they are ours and that nobody has changed them:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * Pure.
 */
import { createHmac } from "node:crypto";

export type SecretResult =
  | { readonly ok: true; readonly key: Buffer }
  /** `problem` goes on after "The secret". */
  | { readonly ok: false; readonly problem: string };

export interface SignedContent {
  /** Equal over all attempts, without full stops. */
  readonly id: string;
  /** Of this attempt, epoch seconds. */
  readonly timestamp: number;
  readonly body: string;
}

const PREFIX = "whsec_";
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** "Signature scheme" of the specification. */
const MIN_KEY_BYTES = 24;
const MAX_KEY_BYTES = 64;
const HOW_TO_MAKE = `make one of ${PREFIX} and the output of "openssl rand -base64 32"`;

/** Reads a secret of the form `whsec_<base64>`. */
export function parseSecret(secret: string): SecretResult {
  if (secret === "") return { ok: false, problem: `is missing: ${HOW_TO_MAKE}, and give the receiver the same` };
  if (!secret.startsWith(PREFIX)) return { ok: false, problem: `does not begin with ${PREFIX}: ${HOW_TO_MAKE}` };
  const text = secret.slice(PREFIX.length);
  if (!BASE64.test(text))
    return { ok: false, problem: `is not base64 after ${PREFIX}: copy it again, or ${HOW_TO_MAKE}` };
  const key = Buffer.from(text, "base64");
  if (key.length < MIN_KEY_BYTES || key.length > MAX_KEY_BYTES) {
    const wanted = `${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} bytes`;
    return { ok: false, problem: `holds ${key.length} bytes where ${wanted} are needed: ${HOW_TO_MAKE}` };
  }
  return { ok: true, key };
}

/** The value of `webhook-signature`: one signature per key, so that a key can be replaced while both are in use. */
export function signatureOf({ id, timestamp, body }: SignedContent, keys: readonly Buffer[]): string {
  const content = `${id}.${timestamp}.${body}`;
  return keys.map((key) => `v1,${createHmac("sha256", key).update(content).digest("base64")}`).join(" ");
}
