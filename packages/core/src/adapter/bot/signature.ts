/**
 * Whether a request really comes from Discord: Ed25519 over timestamp and body. Discord sends wrong signatures on purpose, and
 * drops endpoints that take them.
 *
 * https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint. Pure.
 */
import { createPublicKey, type KeyObject, verify } from "node:crypto";

/** What is before the 32 bytes of an Ed25519 key in its DER form (RFC 8410). */
const DER_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const KEY_FORM = /^[\da-f]{64}$/i;
const SIGNATURE_FORM = /^[\da-f]{128}$/i;
const TIMESTAMP_FORM = /^\d{1,12}$/;
/** How far Discord's clock and ours may be apart, with the time that a request is under way: an old request is a repeated one. */
const MAX_AGE_MS = 300_000;

export interface SignedRequest {
  /** `X-Signature-Ed25519`. */
  readonly signature: string | undefined;
  /** `X-Signature-Timestamp`: epoch seconds. */
  readonly timestamp: string | undefined;
  /** As it came, byte for byte. */
  readonly body: Uint8Array;
}

/** @returns `null` when this is no public key as the application's page shows it: 64 hexadecimal digits */
export function readPublicKey(hex: string): KeyObject | null {
  if (!KEY_FORM.test(hex.trim())) return null;
  try {
    const der = Buffer.concat([DER_PREFIX, Buffer.from(hex.trim(), "hex")]);
    return createPublicKey({ key: der, format: "der", type: "spki" });
  } catch {
    return null;
  }
}

/** @param now epoch milliseconds */
export function isFromDiscord({ signature, timestamp, body }: SignedRequest, key: KeyObject, now: number): boolean {
  if (signature === undefined || !SIGNATURE_FORM.test(signature)) return false;
  if (timestamp === undefined || !TIMESTAMP_FORM.test(timestamp)) return false;
  if (Math.abs(now - Number(timestamp) * 1_000) > MAX_AGE_MS) return false;
  return verify(null, Buffer.concat([Buffer.from(timestamp), body]), key, Buffer.from(signature, "hex"));
}
