/**
 * The server's bot: tells in its channel how the parts of the server are, and takes what people do about alerts. Nothing at all without
 * `DISCORD_BOT_TOKEN`.
 *
 * Upstream the health of the server. Downstream the library's bot.
 */
import type { AlertDesk, HealthTracker, Notifier } from "@tocsin/core";
import { type Bot, createBot, type ShownComponent } from "@tocsin/core/bot";
import type { Clock } from "@tocsin/core/stages";
import type { Logger } from "pino";
import type { Environment } from "../config/environment.ts";
import type { Health } from "../http/health.ts";

export interface ServerBotParts {
  readonly env: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly notifier: Pick<Notifier, "enabled">;
  readonly check: () => Promise<Health>;
  /** Alerts that people may act on. */
  readonly desks: readonly AlertDesk[];
  /** Further components, and their alerts. */
  readonly trackers: readonly HealthTracker[];
}

const PROGRAM = "Tocsin";
const NAMES: Readonly<Record<keyof Health["services"], string>> = {
  database: "Database",
  mqtt: "MQTT",
  discord_notifications: "Notifications",
  ingest: "Intake",
};
/** Somebody has chosen these, or what is wrong is named on its own. */
const AS_INTENDED: ReadonlySet<string> = new Set(["healthy", "degraded", "disabled", "not_configured", "paused"]);

export function startBot({ check, trackers, ...parts }: ServerBotParts): Bot {
  const status = async (): Promise<readonly ShownComponent[]> => componentsOf(await check());
  return createBot({ ...parts, health: [{ program: PROGRAM, status }, ...trackers] });
}

/** The parts of the server as the bot shows them, and each channel that is out of order. Pure. */
export function componentsOf({ services }: Pick<Health, "services">): readonly ShownComponent[] {
  const parts = (Object.keys(NAMES) as (keyof Health["services"])[]).map((name) =>
    shown(NAMES[name], AS_INTENDED.has(services[name].status)),
  );
  return [...parts, ...services.discord_notifications.out_of_order.map(({ title }) => shown(title, false))];
}

function shown(component: string, isWell: boolean): ShownComponent {
  return { component, phase: isWell ? "ok" : "firing", since: null, acknowledgedBy: null, silencedUntil: null };
}
