/**
 * Keeps still about old messages while Discord takes no changes of them.
 *
 * Messages older than an hour may be changed so often and no more, a limit that Discord does not publish and tells only by refusing
 * (30046, "Maximum number of edits to messages older than 1 hour reached"). Each further try would be one more refusal that counts
 * against the address, so until the time that it named such a change is refused here.
 */
import type { MessageAddress, SendOutcome } from "../../delivery/channel.ts";
import type { Reply } from "../http/exchange.ts";
import { headerWaitMs } from "../http/retry-after.ts";

export interface OldEdits {
  /** The refusal of a change that would only be refused; `null` when it may be tried. `now`: epoch milliseconds. */
  refusal(edit: MessageAddress | undefined, now: number): SendOutcome | null;
  /** Takes in what came of a change. */
  learn(reply: Reply, outcome: SendOutcome, now: number): void;
}

const OLD_AFTER_MS = 3_600_000;
/** Where the refusal names no time. */
const UNTOLD_WAIT_MS = 600_000;
const CODE = "discord-30046";
/** Ids count milliseconds from here, above 22 bits of other things: https://docs.discord.com/developers/reference#snowflakes */
const DISCORD_EPOCH_MS = 1_420_070_400_000;

export function createOldEdits(): OldEdits {
  let shutUntil = 0;
  return {
    refusal(edit, now) {
      if (edit === undefined || now >= shutUntil || now - createdAt(edit.id) <= OLD_AFTER_MS) return null;
      const message = "Discord takes no changes of old messages for now, so it is told in a new one.";
      const error = { code: CODE, message, status: null };
      return { kind: "rejected", degradeBy: "anew", error, limits: null, countsAsInvalid: false };
    },
    learn(reply, outcome, now) {
      if (outcome.kind !== "rejected" || outcome.error.code !== CODE || reply.kind !== "answer") return;
      shutUntil = now + (headerWaitMs(reply.headers) ?? UNTOLD_WAIT_MS);
    },
  };
}

function createdAt(id: string): number {
  return Number(BigInt(id) >> 22n) + DISCORD_EPOCH_MS;
}
