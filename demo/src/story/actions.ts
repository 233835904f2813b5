/** What each step of the story does on the stage. */
import type { Clock } from "@tocsin/core/stages";
import { SILENT_DEVICE } from "../greenhouse/cast.ts";
import type { Fleet } from "../greenhouse/fleet.ts";
import type { Reporter } from "../print/reporter.ts";
import { inWords } from "../settings/duration.ts";
import type { Plan } from "../settings/plan.ts";
import type { Shop } from "../shop/shop.ts";
import type { Step } from "./story.ts";

export interface ActionsOptions {
  readonly fleet: Fleet;
  readonly shop: Shop;
  readonly clock: Clock;
  readonly plan: Plan;
  readonly reporter: Reporter;
}

export interface Actions {
  act(step: Step): void;
  /** When a device first fell silent, epoch milliseconds; `null` when none has. */
  readonly silentSince: number | null;
  /** When the import first failed. */
  readonly failedAt: number | null;
}

export function createActions({ fleet, shop, clock, plan, reporter }: ActionsOptions): Actions {
  const silent = fleet.device(SILENT_DEVICE);
  let silentSince: number | null = null;
  let failedAt: number | null = null;

  async function fallSilent(): Promise<void> {
    silentSince ??= clock.now();
    reporter.device(silent.id, `falls silent; the server is to notice after ${inWords(plan.offlineAfterMs)}`);
    await silent.vanish();
  }

  async function comeBack(): Promise<void> {
    await silent.connect();
    reporter.device(silent.id, "is back and reports again");
  }

  async function failImport(): Promise<void> {
    failedAt ??= clock.now();
    shop.importDamagedFile();
  }

  const steps: Readonly<Record<Step, () => unknown>> = {
    "shop-opens": shop.open,
    "import-fails": failImport,
    "device-falls-silent": fallSilent,
    "payments-fail": shop.losePayments,
    "import-recovers": shop.importRepairedFile,
    "logins-fail": shop.sufferLogins,
    "orders-pour-in": shop.takeOrders,
    "device-returns": comeBack,
  };

  async function act(step: Step): Promise<void> {
    try {
      await steps[step]();
    } catch (error) {
      reporter.trouble(`${step}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  return {
    act: (step) => void act(step),
    get silentSince() {
      return silentSince;
    },
    get failedAt() {
      return failedAt;
    },
  };
}
