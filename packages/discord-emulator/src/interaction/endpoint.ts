/**
 * The address at which a bot takes interactions instead of at the gateway.
 *
 * Every request is signed with the application's key over the timestamp and the body. Before the address counts, it must
 * answer a PING, and refuse one whose signature is wrong: as Discord checks it.
 * https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint
 */
import { randomBytes, sign } from "node:crypto";
import { isRecord } from "../form/reader.ts";
import type { Application } from "../world/society.ts";
import { ANSWER_WITHIN_MS } from "./interaction.ts";

const SIGNATURE_BYTES = 64;
const PING = 1;
const PONG = 1;

export type EndpointAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly value: unknown }
  | { readonly kind: "unreachable"; readonly reason: string };

export interface Parcel {
  readonly application: Pick<Application, "privateKey">;
  readonly url: string;
  readonly payload: unknown;
  readonly now: number;
  /** Signs with noise. */
  readonly isForged?: boolean;
}

/** Never rejects. The deadline is of real time, whatever the emulator's clock does. */
export async function postSigned({
  application,
  url,
  payload,
  now,
  isForged = false,
}: Parcel): Promise<EndpointAnswer> {
  const body = JSON.stringify(payload);
  const timestamp = String(Math.floor(now / 1000));
  const signature = isForged
    ? randomBytes(SIGNATURE_BYTES)
    : sign(null, Buffer.from(timestamp + body), application.privateKey);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "User-Agent": "Discord-Interactions/1.0 (+https://discord.com)",
        "X-Signature-Ed25519": signature.toString("hex"),
        "X-Signature-Timestamp": timestamp,
      },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return { kind: "answered", status: response.status, value: parse(await response.text()) };
  } catch (error) {
    return { kind: "unreachable", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Null when the address will do; otherwise why not. */
export async function probeEndpoint(application: Application, url: string, now: number): Promise<string | null> {
  const payload = { version: 1, type: PING, id: application.id, application_id: application.id, token: "ping" };
  const parcel = { application, url, payload, now };
  const [good, forged] = await Promise.all([postSigned(parcel), postSigned({ ...parcel, isForged: true })]);
  if (good.kind === "unreachable") return `It does not answer: ${good.reason}`;
  if (forged.kind === "unreachable") return `It does not answer: ${forged.reason}`;
  if (good.status !== 200 || !isRecord(good.value) || good.value["type"] !== PONG) {
    return `It must answer a PING with 200 and {"type":1}, but answered ${good.status}.`;
  }
  return forged.status === 401 ? null : `It must refuse a wrong signature with 401, but answered ${forged.status}.`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
