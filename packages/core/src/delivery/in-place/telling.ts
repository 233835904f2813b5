/**
 * Decides where a delivery is told: in a message of its own, in the message that told its beginning, or in an answer to that.
 *
 * Upstream   the head of a lane, and what stands at its destination. Downstream the request, and history, which keeps the reason.
 *
 * Pure.
 */
import type { Notification } from "../../notification/notification.ts";
import { DEFAULT_RECOVERY, type Recovery } from "../../notification/recovery.ts";
import type { MessageAddress } from "../channel.ts";
import type { Lane } from "../lane/lane.ts";
import type { DeliveryRecord } from "../outbox.ts";
import type { ToldMatter, ToldMessage } from "./told.ts";

/** Why it is told in a message of its own. */
export type AnewReason =
  /** Nothing was told of its matter before. */
  | "first"
  /** The destination, or the route, wants it so. */
  | "as-configured"
  /** This kind of destination can neither change nor answer messages. */
  | "not-supported"
  /** Nobody knows any more which message told the beginning, or what else stands in it. */
  | "message-unknown"
  /** The name of the destination stands for another one now, where the beginning was never told. */
  | "destination-replaced"
  /** The remote refused: the message is deleted, or may not be changed any more. */
  | "refused-in-place";

export type Telling =
  | { readonly how: "new"; readonly because: AnewReason }
  /** `isLast`: nothing more is to be told of the delivery after this. */
  | {
      readonly how: "edit";
      readonly message: ToldMessage;
      readonly place: number;
      /** When the matter began, epoch milliseconds. */
      readonly since: number;
      readonly isLast: boolean;
    }
  | { readonly how: "answer"; readonly to: MessageAddress };

/** What came of it, for history: how the delivery was told, and why not as it was wanted. */
export interface InPlace {
  readonly how: Recovery;
  readonly because: AnewReason;
}

type Standing = Pick<Lane, "name" | "told" | "recovery"> & {
  readonly channel: Pick<Lane["channel"], "label" | "inPlace">;
};
type RecoveryRequest = { readonly phase: Notification["phase"]; readonly wanted: Recovery };
type Matter = Pick<DeliveryRecord, "notification" | "degrade">;

export function decideTelling(delivery: Matter, lane: Standing): Telling {
  const { key, phase } = delivery.notification;
  const matter = key === null || phase === null ? null : lane.told.matter(key);
  if (matter === null) return anew("first");
  if (matter.label !== lane.channel.label) return anew("destination-replaced");
  if (delivery.degrade.includes("anew")) return anew("refused-in-place");
  const wanted = routeRecovery(delivery, lane) ?? matter.recovery ?? lane.recovery ?? DEFAULT_RECOVERY;
  const edit = phase === "resolved" && wantsEdit(wanted) ? nextEdit(matter, { wanted, lane }) : null;
  return edit ?? answerOrNew(matter, { phase, wanted }, lane);
}

/** How the route that brought it here wants the end of its matter to be told; `null` leaves it to the destination. */
export function routeRecovery(
  { notification }: Pick<DeliveryRecord, "notification">,
  { name }: Pick<Lane, "name">,
): Recovery | null {
  const recoveries = notification.routing?.recovery ?? {};
  return (Object.hasOwn(recoveries, name) && recoveries[name]) || null;
}

/** Until when nothing that notifies anybody may be told of it in this lane (epoch milliseconds); `null` for no such time. */
export function quietUntil({ notification }: Pick<DeliveryRecord, "notification">, lane: string): number | null {
  return notification.routing?.quietly?.find(({ destination }) => destination === lane)?.until ?? null;
}

/** Whether telling it now would make noise in quiet hours. */
export function isTooLoud(delivery: Matter, lane: Standing, now: number): boolean {
  return now < (quietUntil(delivery, lane.name) ?? now) && decideTelling(delivery, lane).how !== "edit";
}

export function wantsEdit(recovery: Recovery | null): boolean {
  return recovery === "edit" || recovery === "both";
}

/** How the whole delivery was told, this last step included; `null` where nothing had been told before. */
export function inPlaceOf(last: Telling, { edited }: Pick<DeliveryRecord, "edited">): InPlace | null {
  const because = last.how === "new" ? last.because : "as-configured";
  if (because === "first") return null;
  return { how: edited > 0 && last.how !== "edit" ? "both" : last.how, because };
}

/** The first message and all follow-ups are changed, one after the other: none is to go on saying that something is wrong. */
function nextEdit(
  { parts, since }: ToldMatter,
  { wanted, lane }: { readonly wanted: Recovery; readonly lane: Standing },
): Telling | null {
  if (!lane.channel.inPlace?.includes("edit")) return null;
  const known = parts.flatMap(({ id, place }) => {
    const message = lane.told.message(id);
    const isOpen = message !== null && message.notifications[place]?.phase === "firing";
    return isOpen ? [{ message, place }] : [];
  });
  const [next] = known;
  if (next === undefined) return null;
  const isLast = wanted === "edit" && known.length === 1;
  return { how: "edit", ...next, since, isLast };
}

function answerOrNew(
  { parts: [first] }: ToldMatter,
  { phase, wanted }: RecoveryRequest,
  { channel }: Standing,
): Telling {
  const can = channel.inPlace ?? [];
  // Whatever is wanted, what belongs to a thread goes there.
  const isAnswer = wanted === "answer" || wanted === "both" || (first?.threadId ?? null) !== null;
  if (isAnswer && first !== undefined && can.includes("answer")) return { how: "answer", to: first };
  if (wanted === "new" || (wanted === "edit" && phase === "firing")) return anew("as-configured");
  return anew(can.includes(wanted === "edit" ? "edit" : "answer") ? "message-unknown" : "not-supported");
}

function anew(because: AnewReason): Telling {
  return { how: "new", because };
}
