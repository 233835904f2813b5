/** The only list of scenarios, in the order in which they run. */
import type { Scenario } from "./figure.ts";
import { alerts } from "./scenario/alerts.ts";
import { drain } from "./scenario/drain.ts";
import { durableAccept } from "./scenario/durable-accept.ts";
import { durablePath } from "./scenario/durable-path.ts";
import { expressThroughput } from "./scenario/express.ts";
import { history } from "./scenario/history.ts";
import { loss } from "./scenario/loss.ts";
import { manyWebhooks } from "./scenario/many-webhooks.ts";
import { millionQueued } from "./scenario/million-queued.ts";
import { notifyCost } from "./scenario/notify-cost.ts";
import { oneWebhook } from "./scenario/one-webhook.ts";
import { priority } from "./scenario/priority.ts";
import { queueMemory } from "./scenario/queue-memory.ts";
import { readings } from "./scenario/readings.ts";
import { storm } from "./scenario/storm.ts";
import { threadCost } from "./scenario/thread-cost.ts";
import { unlimited } from "./scenario/unlimited.ts";

export const SCENARIOS: readonly Scenario[] = [
  unlimited,
  oneWebhook,
  manyWebhooks,
  loss,
  notifyCost,
  threadCost,
  expressThroughput,
  storm,
  queueMemory,
  readings,
  durableAccept,
  durablePath,
  drain,
  priority,
  history,
  millionQueued,
  alerts,
];
