/**
 * Alerts of plants and devices as people act on them in a chat: acknowledged and resolved as over HTTP, silenced as any silence.
 *
 * Upstream the bot. Downstream the orders about alerts, and the notifier's silences.
 */
import type { Actor, AlertDesk, DeskAnswer, Notifier, OpenAlert } from "@tocsin/core";
import type { AlertStore } from "../greenhouse/alert.ts";
import { type AlertLife, acknowledgementOf, type Person, present } from "../greenhouse/alert-life.ts";
import type { AlertOrders } from "../greenhouse/alert-orders.ts";
import { GreenhouseError } from "../greenhouse/errors.ts";

export interface AlertDeskParts {
  readonly alerts: Pick<AlertStore, "list" | "find">;
  readonly orders: Pick<AlertOrders, "acknowledge" | "resolve">;
  readonly notifier: Pick<Notifier, "silence" | "silences">;
}

/** More than anybody acts on in a chat. */
const MAX_LISTED = 200;
const TOLD_PHASES = ["firing", "flapping", "acknowledged"] as const;

export function createAlertDesk({ alerts, orders, notifier }: AlertDeskParts): AlertDesk {
  function shown(life: AlertLife): OpenAlert {
    const acknowledged = acknowledgementOf(life);
    return {
      key: life.id,
      name: nameOf(life),
      since: life.startedAt,
      phase: present(life).phase === "flapping" ? "flapping" : "firing",
      acknowledgedAt: acknowledged?.at ?? null,
      acknowledgedBy: acknowledged?.by ?? null,
      silencedUntil: silencedUntil(life.id),
    };
  }

  function silencedUntil(id: string): number | null {
    const ends = notifier.silences().filter(({ matchers }) => matchers === matcherOf(id));
    return ends.length === 0 ? null : Math.max(...ends.map(({ untilAt }) => untilAt));
  }

  async function openAt(key: string): Promise<OpenAlert | null> {
    const found = await alerts.find(key);
    if (found === null || !TOLD_PHASES.some((phase) => phase === present(found.life).phase)) return null;
    return shown(found.life);
  }

  /** @param isSo whether there is nothing left to do */
  async function answer(
    key: string,
    isSo: (alert: OpenAlert) => boolean,
    act: () => Promise<AlertLife | null>,
  ): Promise<DeskAnswer> {
    const alert = await openAt(key);
    if (alert === null) return { kind: "not-open" };
    if (isSo(alert)) return { kind: "already", alert };
    try {
      const life = await act();
      return { kind: "done", alert: life === null ? { ...alert, silencedUntil: silencedUntil(key) } : shown(life) };
    } catch (error) {
      // It ended between the two.
      if (error instanceof GreenhouseError && error.code !== "storage-unavailable") return { kind: "not-open" };
      throw error;
    }
  }

  return {
    async list() {
      const found = await alerts.list({ phase: TOLD_PHASES, before: null, limit: MAX_LISTED });
      return found.map(({ life }) => shown(life)).sort((a, b) => a.since - b.since);
    },
    async acknowledge(key, actor) {
      const answered = await answer(
        key,
        ({ acknowledgedAt }) => acknowledgedAt !== null,
        async () => (await orders.acknowledge(key, personOf(actor))).life,
      );
      // Somebody else may have been first, in the same moment.
      const isOwn = answered.kind !== "done" || answered.alert.acknowledgedBy === actor.name;
      return isOwn ? answered : { kind: "already", alert: answered.alert };
    },
    silence: (key, until, { name }) =>
      answer(
        key,
        (alert) => alert.silencedUntil !== null && alert.silencedUntil >= until,
        async () => {
          await notifier.silence({ matchers: matcherOf(key), untilAt: until, by: name });
          return null;
        },
      ),
    resolve: (key, actor) =>
      answer(
        key,
        () => false,
        async () => (await orders.resolve(key, personOf(actor))).life,
      ),
  };
}

/** Of the label by which messages name their alert. */
function matcherOf(id: string): string {
  return `alert=${id}`;
}

function personOf({ name }: Actor): Person {
  return { by: name, comment: null };
}

function nameOf({ finding, plantName, deviceId }: AlertLife): string {
  return finding.kind === "offline" ? `Device ${deviceId}` : `${plantName ?? deviceId} ${finding.metric}`;
}
