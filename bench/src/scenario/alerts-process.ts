/** A program with very many components, and what its health tracker makes of their reports. */
import { subscribe } from "node:diagnostics_channel";
import { setTimeout as sleep } from "node:timers/promises";
import { createNotifier, type DeliveryEvent, type HealthTracker, type Notifier } from "@tocsin/core";
import { openSqliteStore } from "@tocsin/core/sqlite";
import { answerCalls } from "../child/answer-calls.ts";

const COMPONENTS = 1_000;
/** A component that fails does so in this many reports in a row; the default asks for three before an alert. */
const FAILING_REPORTS = 4;
/** Between two alerts: longer than the 20 ms that 50 requests a second from one address leave, or it is that limit which is measured. */
const REST_MS = 25;
/** Undici tells of each request when its head is written. */
const REQUEST_LEAVES = "undici:client:sendHeaders";

export interface StormReport {
  readonly elapsedMs: number;
  /** Verdicts of the alerts, by status and reason. */
  readonly verdicts: Readonly<Record<string, number>>;
}

function createQuietNotifier(url: string, options: Parameters<typeof createNotifier>[0] = {}): Notifier {
  return createNotifier({
    env: { LOG_LEVEL: "silent" },
    webhookUrl: url,
    allowedHosts: [new URL(url).host],
    rateLimit: { limit: Number.POSITIVE_INFINITY },
    validateOnStart: false,
    ...options,
  });
}

function collectedBytes(): number {
  for (let i = 0; i < 3; i++) globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Three in a hundred components fail in each stretch of reports, each time others. */
function isFailing(component: number, report: number): boolean {
  const stretch = Math.floor(report / FAILING_REPORTS);
  return (Math.imul(component * 31 + stretch * 17 + 7, 2_654_435_761) >>> 16) % 100 < 3;
}

function reportAll(health: HealthTracker, names: readonly string[], reports: number): number {
  const error = new Error("connect ECONNREFUSED 10.0.0.7:443");
  const startedAt = performance.now();
  for (let report = 0; report < reports; report++) {
    for (let component = 0; component < names.length; component++) {
      if (isFailing(component, report)) health.recordFailure(names[component]!, error);
      else health.recordSuccess(names[component]!);
    }
  }
  return performance.now() - startedAt;
}

export const alertsCalls = {
  /** @returns milliseconds that a million reports took, each in runs of so many */
  async report({ url, rounds, reports }: { readonly url: string; readonly rounds: number; readonly reports: number }) {
    const names = Array.from({ length: COMPONENTS }, (_, k) => `Component ${k}`);
    const tookMs: number[] = [];
    let alerts = 0;
    for (let round = 0; round < rounds; round++) {
      const notifier = createQuietNotifier(url, { queueSize: 1_000_000, overflow: "reject" });
      const health = notifier.health();
      tookMs.push(reportAll(health, names, reports / COMPONENTS));
      alerts = notifier.getQueueSize();
      await notifier.close({ timeoutMs: 0 });
    }
    return { tookMs, alerts };
  },
  /** @returns bytes by which the memory has grown for so many components that are failing, each with an error of its own */
  async track({ url, components }: { readonly url: string; readonly components: number }): Promise<number> {
    const notifier = createQuietNotifier(url);
    const health = notifier.health();
    health.recordFailure("warm-up", new Error("no"));
    const before = collectedBytes();
    for (let k = 0; k < components; k++) {
      const name = Buffer.from(`Component ${k}`).toString();
      health.recordSuccess(name);
      health.recordFailure(name, new Error(`connect ECONNREFUSED 10.0.${k >> 8}.${k & 255}:443`));
    }
    const grown = collectedBytes() - before;
    if (health.status().length !== components + 1) throw new Error("not all components are tracked");
    await notifier.close({ timeoutMs: 0 });
    return grown;
  },
  /** @returns milliseconds from `recordFailure` to the head of the request being written, one for each alert */
  async leave({
    url,
    database,
    count,
  }: {
    readonly url: string;
    readonly database: string | null;
    readonly count: number;
  }) {
    const store = database === null ? {} : { store: openSqliteStore({ database }) };
    const notifier = createQuietNotifier(url, { limits: { bucket: null, pool: null }, ...store });
    const health = notifier.health({ defaults: { failuresBeforeAlert: 1, remindAfterMs: [] } });
    let left: (at: number) => void = () => {};
    subscribe(REQUEST_LEAVES, () => left(performance.now()));
    const tookMs: number[] = [];
    for (let k = 0; k < count; k++) {
      const leaves = new Promise<number>((resolve) => {
        left = resolve;
      });
      const startedAt = performance.now();
      health.recordFailure(`Component ${k}`, new Error("connect ECONNREFUSED 10.0.0.7:443"));
      tookMs.push((await leaves) - startedAt);
      await notifier.flush();
      await sleep(REST_MS);
    }
    await notifier.close();
    return tookMs;
  },
  /** All components fail at once, every hundredth a critical one. */
  async storm({ url, components }: { readonly url: string; readonly components: number }): Promise<StormReport> {
    const verdicts: Record<string, number> = {};
    const count = ({ type, ...event }: DeliveryEvent): void => {
      if (type !== "settled") return;
      const { status, reason } = (event as Extract<DeliveryEvent, { type: "settled" }>).result as {
        status: string;
        reason?: string;
      };
      const verdict = reason === undefined ? status : `${status}: ${reason}`;
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    };
    const notifier = createQuietNotifier(url, { onEvent: count });
    const names = Array.from({ length: components }, (_, k) => stormName(k));
    const critical = names.filter((name) => name.startsWith("Vital"));
    const health = notifier.health({
      defaults: { failuresBeforeAlert: 1, remindAfterMs: [] },
      components: Object.fromEntries(critical.map((name) => [name, { severity: "critical" as const }])),
    });
    const startedAt = performance.now();
    for (const name of names) health.recordFailure(name, new Error("connect ECONNREFUSED 10.0.0.7:443"));
    await notifier.flush({ timeoutMs: 600_000 });
    const elapsedMs = performance.now() - startedAt;
    await notifier.close();
    return { elapsedMs, verdicts };
  },
};

function stormName(k: number): string {
  return k % 100 === 50 ? `Vital ${k}` : `Component ${k}`;
}

answerCalls(alertsCalls);
