import { generateKeyPairSync, sign } from "node:crypto";
import { expect, it } from "vitest";
import { isFromDiscord, readPublicKey } from "./signature.ts";

const NOW = Date.UTC(2026, 0, 1);
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const HEX = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
const KEY = readPublicKey(HEX)!;
const BODY = Buffer.from('{"type":1}');

function signed(timestamp = String(NOW / 1_000), body: Buffer = BODY) {
  const signature = sign(null, Buffer.concat([Buffer.from(timestamp), body]), privateKey).toString("hex");
  return { signature, timestamp, body };
}

it("takes what Discord has signed", () => {
  expect(isFromDiscord(signed(), KEY, NOW)).toBe(true);
});

const good = signed();
it.each([
  ["another body", { ...good, body: Buffer.from('{"type":2}') }],
  ["another timestamp", { ...good, timestamp: String(NOW / 1_000 + 1) }],
  ["no signature", { ...good, signature: undefined }],
  ["no timestamp", { ...good, timestamp: undefined }],
  ["a signature of another form", { ...good, signature: "ab" }],
  ["a wrong signature", { ...good, signature: "0".repeat(128) }],
  ["a signature with more behind it", { ...good, signature: `${good.signature}00` }],
  ["a timestamp that is no number", signed("soon")],
  ["a timestamp of more than five minutes ago", signed(String(NOW / 1_000 - 301))],
  ["a timestamp of more than five minutes ahead", signed(String(NOW / 1_000 + 301))],
])("refuses %s", (_what, request) => {
  expect(isFromDiscord(request, KEY, NOW)).toBe(false);
});

it("refuses what somebody else has signed", () => {
  const other = generateKeyPairSync("ed25519").publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  expect(isFromDiscord(signed(), readPublicKey(other.toString("hex"))!, NOW)).toBe(false);
});

it.each(["", "abc", "z".repeat(64), `${"0".repeat(64)}00`])("%j is no public key", (text) => {
  expect(readPublicKey(text)).toBe(null);
});
