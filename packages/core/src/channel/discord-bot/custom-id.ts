/**
 * The ids of buttons: each says what is to be done about which matter, and carries a seal, so that an id that was made up or changed is
 * recognised. Discord allows 100 characters and shows them to every client; ours have 66, and a matter appears only as a digest.
 *
 * The seal's key comes from the bot's token: with a new token, older buttons no longer count. Pure.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { ALERT_ACTIONS, type AlertAction } from "../../alert/desk.ts";

export interface ButtonPress {
  readonly action: AlertAction;
  /** {@link matterOf} the notification's key. */
  readonly matter: string;
}

export type ReadCustomId =
  | { readonly kind: "press"; readonly press: ButtonPress }
  /** Ours by its form, and not by its seal. */
  | { readonly kind: "forged" }
  /** A button of somebody else's. */
  | { readonly kind: "foreign" };

const PREFIX = "tocsin";
const DIGEST_CHARS = 22;
const FORM = new RegExp(`^${PREFIX}:(\\w+):([\\w-]{${DIGEST_CHARS}}):([\\w-]{${DIGEST_CHARS}})$`);
const PURPOSE = "tocsin buttons";

/** 128 bits of a digest: what stands for a key where the key itself is too long. */
export function matterOf(key: string): string {
  return createHash("sha256").update(key).digest("base64url").slice(0, DIGEST_CHARS);
}

/** @param secret the bot's token */
export function writeCustomId({ action, matter }: ButtonPress, secret: string): string {
  return `${PREFIX}:${action}:${matter}:${sealOf(action, matter, secret)}`;
}

/** @param secret `null` while it is not known: nothing can be told to be genuine then */
export function readCustomId(customId: string, secret: string | null): ReadCustomId {
  const [, name = "", matter = "", seal = ""] = FORM.exec(customId) ?? [];
  if (seal === "") return { kind: customId.startsWith(`${PREFIX}:`) ? "forged" : "foreign" };
  const action = ALERT_ACTIONS.find((known) => known === name);
  if (action === undefined || secret === null) return { kind: "forged" };
  const isGenuine = timingSafeEqual(Buffer.from(seal), Buffer.from(sealOf(action, matter, secret)));
  return isGenuine ? { kind: "press", press: { action, matter } } : { kind: "forged" };
}

function sealOf(action: string, matter: string, secret: string): string {
  const key = createHmac("sha256", secret).update(PURPOSE).digest();
  return createHmac("sha256", key).update(`${action}:${matter}`).digest("base64url").slice(0, DIGEST_CHARS);
}
