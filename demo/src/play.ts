/**
 * One performance on a stage that is set: lets the story run until its time is over or it is told to end, then ends devices, web
 * shop and server in the order in which things flow, and gathers what has become of everything.
 */
import type { Clock } from "@tocsin/core/stages";
import type { Arrivals } from "./discord/arrivals.ts";
import type { Tally } from "./greenhouse/tally.ts";
import { readDatabase } from "./outcome/database.ts";
import { expectedBy } from "./outcome/expectations.ts";
import type { Facts } from "./outcome/verdict.ts";
import type { Reporter } from "./print/reporter.ts";
import type { Plan } from "./settings/plan.ts";
import { createShop } from "./shop/shop.ts";
import type { Stage } from "./stage.ts";
import { createActions } from "./story/actions.ts";
import { cues } from "./story/story.ts";
import { playTimeline } from "./story/timeline.ts";
import { atMost, untilOver } from "./story/timing.ts";

export interface PlayOptions {
  readonly stage: Stage;
  readonly clock: Clock;
  readonly plan: Plan;
  readonly tally: Tally;
  readonly arrivals: Arrivals;
  readonly reporter: Reporter;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/** How long each part may take to end. */
interface Patience {
  readonly devicesMs: number;
  readonly shopMs: number;
  readonly queueMs: number;
  readonly serverMs: number;
}

const AT_LEISURE: Patience = { devicesMs: 2_000, shopMs: 4_000, queueMs: 2_000, serverMs: 3_000 };
/** For somebody who has pressed Ctrl-C: all of it within 3 s. */
const IN_HASTE: Patience = { devicesMs: 500, shopMs: 800, queueMs: 300, serverMs: 800 };
const LOOK_EVERY_MS = 25;

export async function play({ stage, clock, plan, tally, arrivals, reporter, signal }: PlayOptions): Promise<Facts> {
  const startedAt = clock.now();
  const shop = createShop({
    notifier: stage.notifier,
    clock,
    say: reporter.shop,
    onFailure: (title, why) => reporter.trouble(`"${title}" did not arrive: ${why}`),
  });
  const actions = createActions({ fleet: stage.fleet, shop, clock, plan, reporter });

  stage.fleet.start();
  const curtain = new AbortController();
  const telling = playTimeline({ clock, cues: cues(plan), act: actions.act, signal: curtain.signal });
  const counting = sayReadings(clock, { everyMs: plan.tallyMs, say: reporter.readings, signal: curtain.signal });
  await untilOver(clock, plan.forMs, signal);
  curtain.abort();
  await Promise.all([telling, counting]);
  // What is cut off from here on is in the summary.
  reporter.hush();

  const endedAt = clock.now();
  await windDown(stage, clock, signal.aborted ? IN_HASTE : AT_LEISURE);
  const { silentSince, failedAt } = actions;
  const course = { finished: !signal.aborted, endedAt, silentSince, failedAt, beyondAt: tally.firstBeyondAt };
  return {
    ranMs: endedAt - startedAt,
    finished: !signal.aborted,
    readings: tally.readings,
    kept: readDatabase(stage.databaseFile),
    told: shop.told,
    unsent: shop.unsent,
    failed: shop.failed,
    discord: arrivals,
    expected: expectedBy(course, plan),
  };
}

async function sayReadings(
  clock: Clock,
  { everyMs, say, signal }: { readonly everyMs: number; readonly say: () => void; readonly signal: AbortSignal },
): Promise<void> {
  for (;;) {
    await clock.sleep(everyMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    say();
  }
}

/** Readings first, then what the shop has to say, then the alerts that the readings have caused. */
async function windDown({ fleet, notifier, api, server }: Stage, clock: Clock, patience: Patience): Promise<void> {
  await atMost(clock, patience.devicesMs, fleet.stop());
  await notifier.close({ timeoutMs: patience.shopMs });
  const until = clock.now() + patience.queueMs;
  while (clock.now() < until && (await api.queuedAlerts()) > 0) await clock.sleep(LOOK_EVERY_MS);
  await server.stop({ timeoutMs: patience.serverMs });
}
