/**
 * A small web shop that uses the library as any application would: it notifies, and goes on. What is told here is told on
 * the way, or when the library has said what became of it.
 */
import type { DeliveryResult, Notifier } from "@tocsin/core";
import type { Clock } from "@tocsin/core/stages";
import * as notices from "./notices.ts";
import { DAMAGED_FILE, ImportError, REPAIRED_FILE, readOrders } from "./orders.ts";
import { describeBatching, describeWait } from "./report.ts";

export interface ShopOptions {
  readonly notifier: Notifier;
  readonly clock: Clock;
  /** What the shop does, in one line. */
  readonly say: (text: string) => void;
  /** A notification that did not arrive, and why. */
  readonly onFailure: (title: string, why: string) => void;
}

export interface Shop {
  open(): void;
  importDamagedFile(): void;
  importRepairedFile(): void;
  losePayments(): void;
  /** Somebody tries passwords, faster than Discord takes messages. */
  sufferLogins(): Promise<void>;
  takeOrders(): Promise<void>;
  /** How many notifications of each title were handed to the library. */
  readonly told: ReadonlyMap<string, number>;
  /** How many of them have not been sent: under way, or still waiting when the library was closed. */
  readonly unsent: number;
  /** How many of them the library has given up. */
  readonly failed: number;
}

const LOGINS = 8;
const LOGIN_EVERY_MS = 100;
const ORDERS = 25;
const FIRST_ORDER = 1_001;

export function createShop({ notifier, clock, say, onFailure }: ShopOptions): Shop {
  const told = new Map<string, number>();
  let unsent = 0;
  let failed = 0;
  let logins = 0;
  let nextOrder = FIRST_ORDER;
  let failingSince: number | null = null;

  function notify(notice: notices.Notice): Promise<DeliveryResult> {
    const { title } = notice;
    told.set(title, (told.get(title) ?? 0) + 1);
    unsent++;
    return notifier.notify(notice).settled.then((result) => {
      if (result.reason === "closed") return result;
      unsent--;
      // A newer one tells it as well: it will not come under its own title.
      if (result.status === "folded") told.set(title, (told.get(title) ?? 1) - 1);
      if (!result.success) {
        failed++;
        onFailure(title, result.error ?? result.status);
      }
      return result;
    });
  }

  return {
    told,
    get unsent() {
      return unsent;
    },
    get failed() {
      return failed;
    },
    open() {
      say("starts, and says so");
      void notify(notices.shopOpened());
    },
    importDamagedFile() {
      try {
        readOrders(DAMAGED_FILE);
      } catch (error) {
        if (!(error instanceof ImportError)) throw error;
        failingSince ??= clock.now();
        say(`import fails, ${error.message}; an error with the file goes out`);
        void notify(notices.importFailed(error, DAMAGED_FILE));
      }
    },
    importRepairedFile() {
      const orders = readOrders(REPAIRED_FILE);
      const downMs = clock.now() - (failingSince ?? clock.now());
      failingSince = null;
      say(`import works again, ${orders.length} orders read: recovery`);
      void notify(notices.importRecovered(orders.length, downMs));
    },
    losePayments() {
      say("payments are failing: critical, with a ping");
      void notify(notices.paymentsFailing());
    },
    async sufferLogins() {
      say(`${LOGINS} failed logins, one each ${LOGIN_EVERY_MS} ms`);
      const results: Promise<DeliveryResult>[] = [];
      for (let count = 0; count < LOGINS; count++) {
        results.push(notify(notices.loginFailed(++logins)));
        await clock.sleep(LOGIN_EVERY_MS);
      }
      const lane = notifier.status().destinations.find(({ destination }) => destination === "security");
      if (lane !== undefined) say(describeWait(lane, clock.now()));
      await Promise.all(results);
    },
    async takeOrders() {
      say(`${ORDERS} orders at once, a notification each`);
      const startedAt = clock.now();
      const results = await Promise.all(
        Array.from({ length: ORDERS }, () => notify(notices.orderReceived(nextOrder++))),
      );
      say(describeBatching(results, clock.now() - startedAt));
    },
  };
}
