/** Several desks as one, and the alert that somebody means. */
import type { AlertDesk, DeskAnswer, OpenAlert } from "../../alert/desk.ts";
import { matterOf } from "../../channel/discord-bot/custom-id.ts";

/** Which alert somebody means; or why that cannot be told. */
export type Meant =
  | { readonly kind: "one"; readonly alert: OpenAlert }
  | { readonly kind: "none" }
  | { readonly kind: "several"; readonly alerts: readonly OpenAlert[] };

export function joinDesks(desks: readonly AlertDesk[]): AlertDesk {
  /** The first desk that knows the alert. */
  async function first(ask: (desk: AlertDesk) => DeskAnswer | Promise<DeskAnswer>): Promise<DeskAnswer> {
    for (const desk of desks) {
      const answer = await ask(desk);
      if (answer.kind !== "not-open") return answer;
    }
    return { kind: "not-open" };
  }

  return {
    async list() {
      const lists = await Promise.all(desks.map((desk) => desk.list()));
      return lists.flat().sort((a, b) => a.since - b.since);
    },
    acknowledge: (key, actor) => first((desk) => desk.acknowledge(key, actor)),
    silence: (key, until, actor) => first((desk) => desk.silence(key, until, actor)),
    resolve: (key, actor) => first((desk) => desk.resolve(key, actor)),
  };
}

/** By name, or the beginning of it, or any part of it, whatever the case; without a name the only one there is. Pure. */
export function alertMeant(alerts: readonly OpenAlert[], said: string): Meant {
  const wanted = said.trim().toLowerCase();
  if (wanted === "") return meantOf(alerts);
  const named = alerts.map((alert) => ({ alert, name: alert.name.toLowerCase() }));
  for (const fits of [
    (name: string) => name === wanted,
    (name: string) => name.startsWith(wanted),
    (name: string) => name.includes(wanted),
  ]) {
    const found = named.filter(({ name }) => fits(name)).map(({ alert }) => alert);
    if (found.length > 0) return meantOf(found);
  }
  return { kind: "none" };
}

/** The alert that a button is about. Pure. */
export function alertOfMatter(alerts: readonly OpenAlert[], matter: string): OpenAlert | null {
  return alerts.find(({ key }) => matterOf(key) === matter) ?? null;
}

function meantOf(alerts: readonly OpenAlert[]): Meant {
  const [alert] = alerts;
  if (alert === undefined) return { kind: "none" };
  return alerts.length === 1 ? { kind: "one", alert } : { kind: "several", alerts };
}
