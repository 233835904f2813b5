/** One notification with all that became of it, in words for people. Pure. */
import { FAILURE_SENTENCES } from "@tocsin/core/stages";
import type { z } from "zod";
import type { notificationDetail } from "../http/contract/history.ts";
import { writePair } from "../http/label-pair.ts";
import { attemptLines } from "./attempts.ts";
import { plural, printable, time } from "./table.ts";

type Told = z.infer<typeof notificationDetail>;
type Delivery = Told["deliveries"][number];

export function toldLines(told: Told): string[] {
  const { id, status, skipped, title, message, type, severity, created_at, expires_at } = told;
  const labels = Object.entries(told.labels).map(([name, value]) => writePair(name, value));
  const facts = [
    `type ${printable(type)}`,
    `severity ${severity}`,
    `created ${time(created_at)}`,
    expires_at && `expires ${time(expires_at)}`,
  ];
  return [
    `${id}  ${status}${skipped === null ? "" : `: ${skipped}`}`,
    ...(skipped === null ? [] : [`  ${FAILURE_SENTENCES[skipped]}${whatWithholds(told)}`]),
    ...[title, message].filter((text) => text !== null).map((text) => `  ${printable(text)}`),
    `  ${facts.filter(Boolean).join(", ")}`,
    ...(told.key === null ? [] : [`  ${matterOf(told)}`]),
    ...(labels.length === 0 ? [] : [`  labels ${printable(labels.join(", "))}`]),
    ...told.deliveries.flatMap(deliveryLines),
  ];
}

function whatWithholds({ routing }: Told): string {
  const withheld = routing?.withheld ?? null;
  if (withheld === null) return "";
  const until = withheld.until === null ? "" : `, until ${time(withheld.until)}`;
  return ` (${printable(withheld.what)}${until})`;
}

function matterOf({ key, phase, count }: Told): string {
  return [`key ${printable(key ?? "")}`, phase, count > 1 && `reported ${count} times`].filter(Boolean).join(", ");
}

function deliveryLines(one: Delivery): string[] {
  const { channel, status, attempts, reason, sequel, folded_into, in_place, message_id, not_before } = one;
  const facts = [
    plural(attempts, "attempt"),
    reason,
    sequel && SEQUELS[sequel],
    folded_into && `told by ${folded_into}`,
    message_id && `message ${message_id}`,
    in_place && `${HOW[in_place.how]}: ${in_place.because}`,
    one.replay_of && `replay of ${one.replay_of}`,
    one.possible_repeat && "may have arrived twice",
    not_before && `next try at ${time(not_before)}`,
  ].filter(Boolean);
  return [
    `  ${channel}: ${status} (${facts.join(", ")})`,
    ...(reason === null ? [] : [`    ${FAILURE_SENTENCES[reason]}`]),
    ...attemptLines(one.tries),
  ];
}

const SEQUELS = {
  diverted: "another channel took over",
  replayed: "sent again by hand",
  discarded: "discarded by hand",
} as const satisfies Record<NonNullable<Delivery["sequel"]>, string>;

const HOW = {
  new: "in a message of its own",
  edit: "by changing the first message",
  answer: "in an answer to the first message",
  both: "in the first message and in an answer to it",
} as const satisfies Record<NonNullable<Delivery["in_place"]>["how"], string>;
