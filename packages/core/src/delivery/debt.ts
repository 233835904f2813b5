/**
 * What a failing store is owed, and what of it gives way when that becomes too much to hold in memory.
 *
 * First the detail: what remotes said of attempts, and of what has been told the texts, which a settlement does not need. Then the history of
 * what came and was told while the store failed: it never heard of these, so it repeats none of them. What prevents loss or repeats is always kept:
 * what still waits, verdicts on what the store has, and facts.
 *
 * Pure.
 */
import type { Notification } from "../notification/notification.ts";
import type { DeliveryRecord, Durable, Postponement, Settlement } from "./outbox.ts";

export type Debt =
  | { readonly kind: "append"; readonly deliveries: readonly DeliveryRecord[] }
  | { readonly kind: "postpone"; readonly postponements: readonly Postponement[] }
  | { readonly kind: "amend"; readonly delivery: DeliveryRecord }
  | { readonly kind: "settle"; readonly settlements: readonly Settlement[] }
  | { readonly kind: "fact"; readonly write: () => Durable };

/** Of an object with its properties, roughly. */
const BYTES_EACH = 500;
const BYTES_PER_CHAR = 2;

/** Bytes of memory, roughly. */
export function sizeOf(debt: Debt): number {
  switch (debt.kind) {
    case "append":
      return sum(debt.deliveries.map(({ notification }) => sizeOfNotification(notification)));
    case "amend":
      return sizeOfNotification(debt.delivery.notification);
    case "postpone":
    case "settle": {
      const tries = debt.kind === "settle" ? debt.settlements : debt.postponements;
      return sum(
        tries.map(({ delivery, attempt }) => {
          const said = attempt?.error?.message.length ?? 0;
          return sizeOfNotification(delivery.notification) + BYTES_PER_CHAR * said;
        }),
      );
    }
    case "fact":
      return BYTES_EACH;
  }
}

/** The same debt without detail, and of how many deliveries that took some. */
export function withoutDetail(debt: Debt): { readonly debt: Debt; readonly details: number } {
  switch (debt.kind) {
    case "postpone": {
      const postponements = debt.postponements.map((one) => ({ ...one, ...bareTry(one) }));
      return { debt: { ...debt, postponements }, details: postponements.length };
    }
    case "settle": {
      const settlements = debt.settlements.map((one) => ({ ...one, ...bareTry(one), result: bareResult(one.result) }));
      return { debt: { ...debt, settlements }, details: settlements.length };
    }
    default:
      return { debt, details: 0 };
  }
}

/** What is left when the histories of those are given up that the store has never heard of and that are over. */
export function withoutHistories(debts: readonly Debt[]): {
  readonly debts: readonly Debt[];
  readonly histories: number;
} {
  const unheard = new Set(debts.flatMap((debt) => (debt.kind === "append" ? debt.deliveries.map(({ id }) => id) : [])));
  const over = new Set<string>();
  for (const debt of debts) {
    if (debt.kind !== "settle") continue;
    for (const { delivery } of debt.settlements) if (unheard.has(delivery.id)) over.add(delivery.id);
  }
  const left = debts.map((debt) => onlyOf(debt, ({ id }) => !over.has(id))).filter((debt) => debt !== null);
  return { debts: left, histories: over.size };
}

/** What of a debt is about these deliveries; `null` for nothing. Facts are about all. */
function onlyOf(debt: Debt, isWanted: (delivery: DeliveryRecord) => boolean): Debt | null {
  switch (debt.kind) {
    case "append": {
      const deliveries = debt.deliveries.filter(isWanted);
      return deliveries.length === 0 ? null : { ...debt, deliveries };
    }
    case "postpone": {
      const postponements = debt.postponements.filter(({ delivery }) => isWanted(delivery));
      return postponements.length === 0 ? null : { ...debt, postponements };
    }
    case "settle": {
      const settlements = debt.settlements.filter(({ delivery }) => isWanted(delivery));
      return settlements.length === 0 ? null : { ...debt, settlements };
    }
    case "amend":
      return isWanted(debt.delivery) ? debt : null;
    case "fact":
      return debt;
  }
}

function bareTry<Try extends Pick<Settlement, "delivery" | "attempt">>({
  delivery,
  attempt,
}: Try): Pick<Try, "delivery" | "attempt"> {
  return {
    delivery: { ...delivery, notification: bare(delivery.notification) },
    attempt: attempt === null ? null : { ...attempt, error: null },
  };
}

function bareResult(result: Settlement["result"]): Settlement["result"] {
  return "error" in result ? { ...result, error: null } : result;
}

/** As much of it as a verdict needs: which it is, and whether it has files. */
function bare(notification: Notification): Notification {
  return {
    ...notification,
    title: null,
    message: null,
    fields: [],
    blocks: null,
    labels: null,
    content: null,
    author: null,
    routing: null,
    files: notification.files.map((file) => ({ ...file, data: NO_BYTES })),
  };
}

const NO_BYTES = new Uint8Array();

function sizeOfNotification({ title, message, content, fields, files }: Notification): number {
  const chars = sum([title, message, content].map((text) => text?.length ?? 0));
  const inFields = sum(fields.map(({ name, value }) => name.length + value.length));
  const inFiles = sum(files.map(({ data }) => data.byteLength));
  return BYTES_EACH + BYTES_PER_CHAR * (chars + inFields) + inFiles;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
