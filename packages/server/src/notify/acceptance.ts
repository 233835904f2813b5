/**
 * Takes notifications from applications for good: what this has accepted is on the disk, together with its idempotency key,
 * before anybody is told so; what could not be written is not sent either. All that come in one turn of the event loop share
 * one commit.
 *
 * A key that is known gets the first answer again, also after a restart: a client that lost the answer may simply repeat
 * its request.
 *
 * Upstream   HTTP. Downstream the notifier, which makes the deliveries and sends them; storage ({@link AcceptanceStore}).
 */
import type { Notifier, PreparedNotification } from "@tocsin/core";
import type { DeliveryRecord } from "@tocsin/core/sqlite";
import type { Clock, DeliveryResult, NotificationId, NotificationInput } from "@tocsin/core/stages";

export interface AcceptanceOptions {
  readonly clock: Clock;
  readonly notifier: Pick<Notifier, "prepare">;
  readonly store: AcceptanceStore;
}

export type Acceptance =
  | { readonly kind: "accepted"; readonly id: NotificationId }
  /** The key was used before, for the same. */
  | { readonly kind: "repeated"; readonly id: NotificationId }
  /** The key was used before, for something else. */
  | { readonly kind: "key-reused"; readonly id: NotificationId }
  /** Nothing more is taken: the server is ending. */
  | { readonly kind: "closed" };

export interface Accepter {
  /** @throws StoreError (as a rejection) when it could not be written; nothing is sent then */
  accept(input: NotificationInput, idempotency: Idempotency | null): Promise<Acceptance>;
}

export interface Idempotency {
  /** The client's own name for its request, remembered for {@link KEY_KEPT_MS}. */
  readonly key: string;
  /** Tells whether two requests ask for the same. */
  readonly fingerprint: string;
}

export interface KnownKey {
  readonly fingerprint: string;
  readonly notificationId: NotificationId;
  readonly createdAt: number;
}

/** Inside of one transaction. */
export interface AcceptanceTransaction {
  findKey(key: string): KnownKey | null;
  putKey(key: string, known: KnownKey): void;
  append(records: readonly DeliveryRecord[]): void;
}

/** What acceptance needs of the database; implemented by `storage/`. */
export interface AcceptanceStore {
  /** Rejects when nothing of it was written. */
  transaction<Result>(work: (transaction: AcceptanceTransaction) => Result): Promise<Result>;
  /** Forgets the keys that are older. */
  forgetKeys(before: number): Promise<void>;
}

export const KEY_KEPT_MS = 86_400_000;

interface Asked {
  readonly input: NotificationInput;
  readonly idempotency: Idempotency | null;
  readonly resolve: (acceptance: Acceptance | Promise<Acceptance>) => void;
  readonly reject: (error: unknown) => void;
}

export function createAccepter({ clock, notifier, store }: AcceptanceOptions): Accepter {
  let asked: Asked[] = [];

  async function commit(): Promise<void> {
    const group = asked;
    asked = [];
    const prepared: PreparedNotification[] = [];
    const prepare = (input: NotificationInput): PreparedNotification => {
      const one = notifier.prepare(input);
      prepared.push(one);
      return one;
    };
    try {
      const now = Math.floor(clock.now());
      const decided = await store.transaction((transaction) =>
        group.map((one) => decide(one, { transaction, prepare, now })),
      );
      for (const [index, { resolve }] of group.entries()) resolve(answerOf(decided[index]!));
    } catch (error) {
      for (const { withdraw } of prepared) withdraw();
      for (const { reject } of group) reject(error);
    }
  }

  return {
    accept: (input, idempotency) =>
      new Promise((resolve, reject) => {
        if (asked.length === 0) setImmediate(() => void commit());
        asked.push({ input, idempotency, resolve, reject });
      }),
  };
}

type Decision = Acceptance | PreparedNotification;

interface Turn {
  readonly transaction: AcceptanceTransaction;
  readonly prepare: (input: NotificationInput) => PreparedNotification;
  readonly now: number;
}

function decide({ input, idempotency }: Asked, { transaction, prepare, now }: Turn): Decision {
  const known = idempotency && transaction.findKey(idempotency.key);
  if (known !== null && known.createdAt > now - KEY_KEPT_MS) {
    return {
      kind: known.fingerprint === idempotency?.fingerprint ? "repeated" : "key-reused",
      id: known.notificationId,
    };
  }
  const message = prepare(input);
  transaction.append(message.records);
  if (idempotency !== null) {
    const { key, fingerprint } = idempotency;
    transaction.putKey(key, { fingerprint, notificationId: message.id, createdAt: now });
  }
  return message;
}

/** Committed: what is new is sent. */
function answerOf(decision: Decision): Acceptance | Promise<Acceptance> {
  if ("kind" in decision) return decision;
  const { id, records, admit } = decision;
  const receipt = admit();
  if (records.length > 0) return { kind: "accepted", id };
  // Nowhere to go; it has been settled already.
  return receipt.settled.then(({ reason }: Pick<DeliveryResult, "reason">) =>
    reason === "closed" ? { kind: "closed" } : { kind: "accepted", id },
  );
}
