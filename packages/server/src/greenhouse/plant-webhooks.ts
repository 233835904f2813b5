/**
 * A plant's own webhook: kept encrypted, read back by nobody, and a destination of the notifier under the plant's id, which the alerts of
 * the plant name. Where there is none, or none of use, they go where all alerts go.
 *
 * Upstream   plants, with what the database has. Downstream the notifier.
 */
import { createHash } from "node:crypto";
import type { Notifier } from "@tocsin/core";
import { parseWebhookUrl, shownWebhookUrl, webhookUrlOf } from "@tocsin/core/stages";
import type { Logger } from "pino";
import type { Sealed, Vault } from "../secrets/vault.ts";
import { noEncryptionKey, webhookRefused } from "./errors.ts";
import type { Plant, PlantId, PlantStore } from "./plant.ts";

/** A webhook as people are shown it. */
export interface ShownWebhook {
  /** Without its token; `null` when it cannot be opened. */
  readonly url: string | null;
  /** Why it is not in use, one sentence with what to do; `null` when it is. */
  readonly problem: string | null;
}

export interface PlantWebhooks {
  /**
   * The form in which it is kept.
   *
   * @throws GreenhouseError `webhook-refused` or `encryption-key-missing`
   */
  seal(id: PlantId, url: string): Sealed;
  show(plant: Pick<Plant, "id" | "webhook">): ShownWebhook | null;
  /** From now on the plant's alerts go there, or where all go. */
  follow(plant: WithWebhook): void;
  /** The plant goes. Done when its last word has been told, or cannot be told there for now. */
  forget(id: PlantId): Promise<void>;
  /**
   * To be called right after the notifier has been made: what waits for a webhook goes on at once. Says once which cannot be used.
   * Done when what a former key had sealed is under today's.
   */
  begin(plants: readonly WithWebhook[]): Promise<void>;
}

export type WithWebhook = Pick<Plant, "id" | "name" | "webhook">;

export interface PlantWebhooksOptions {
  readonly vault: Vault;
  /** Hosts beside Discord's own, as `host:port`. */
  readonly allowedHosts: readonly string[];
  /** Not called before `begin()`. */
  readonly notifier: Pick<Notifier, "setDestination" | "removeDestination" | "notify">;
  readonly store: Pick<PlantStore, "update">;
  readonly logger: Logger;
}

type Found =
  | { readonly ok: true; readonly url: string; readonly shown: string }
  | { readonly ok: false; readonly problem: string };

/** For so long the end of what the plant has told may still go to its own webhook. */
const LAST_WORD_MS = 5_000;

export function createPlantWebhooks(options: PlantWebhooksOptions): PlantWebhooks {
  const { vault, allowedHosts, notifier, store, logger } = options;

  function read(url: string): Found {
    const parsed = parseWebhookUrl(url, { allowedHosts });
    if (!parsed.ok) return { ok: false, problem: `The webhook URL ${parsed.problem}.` };
    return { ok: true, url: webhookUrlOf(parsed.target, parsed.parameters), shown: shownWebhookUrl(parsed.target) };
  }

  /** `null` when the plant has none. */
  function find({ id, webhook }: Pick<Plant, "id" | "webhook">): Found | null {
    if (webhook === null) return null;
    const opened = vault.open(webhook, boundTo(id));
    return opened.ok ? read(opened.text) : opened;
  }

  /** @returns why it cannot be used, or `null` */
  function lead(plant: WithWebhook): string | null {
    const { id, name } = plant;
    const found = find(plant);
    if (found?.ok) void notifier.setDestination(id, found.url, { title: `webhook of ${name}` });
    else void notifier.removeDestination(id);
    return found === null || found.ok ? null : found.problem;
  }

  function sayUnusable(plants: readonly WithWebhook[], problem: string): void {
    for (const { id, name } of plants)
      logger.warn(
        { plantId: id, plant: name, problem },
        "The webhook of a plant cannot be used; its alerts go where all go",
      );
    notifier.notify({
      type: "monitoring",
      severity: "error",
      title: `The webhook of ${namesOf(plants)} cannot be used`,
      message: `${problem} Until then what is told of it comes here.`,
      // Once for each webhook and reason, however often the server starts.
      idempotencyKey: fingerprintOf(problem, plants),
    });
  }

  /** Whether it is under today's key now, and was not before. */
  async function renew({ id, webhook }: WithWebhook): Promise<boolean> {
    if (webhook === null || vault.isCurrent(webhook)) return false;
    const opened = vault.open(webhook, boundTo(id));
    if (!opened.ok) return false;
    const renewed = vault.seal(opened.text, boundTo(id));
    // It may have been changed meanwhile.
    await store.update(id, (plant) => (plant.webhook === webhook ? { ...plant, webhook: renewed } : plant));
    return true;
  }

  return {
    seal(id, url) {
      const found = read(url);
      if (!found.ok) throw webhookRefused(found.problem);
      if (vault.problem !== null) throw noEncryptionKey(vault.problem);
      return vault.seal(found.url, boundTo(id));
    },
    show(plant) {
      const found = find(plant);
      if (found === null) return null;
      return found.ok ? { url: found.shown, problem: null } : { url: null, problem: found.problem };
    },
    follow(plant) {
      const problem = lead(plant);
      if (problem !== null) logger.warn({ plantId: plant.id, problem }, "The webhook of a plant cannot be used");
    },
    async forget(id) {
      await notifier.removeDestination(id, { waitMs: LAST_WORD_MS });
    },
    async begin(plants) {
      const unusable = Map.groupBy(plants, lead);
      for (const [problem, those] of unusable) if (problem !== null) sayUnusable(those, problem);
      let renewed = 0;
      for (const plant of plants) if (await renew(plant)) renewed++;
      if (renewed > 0)
        logger.info(
          { renewed },
          "Webhooks of plants are encrypted with the first ENCRYPTION_KEY now; the others are not needed any more",
        );
    },
  };
}

function boundTo(id: PlantId): string {
  return `plant/${id}/webhook`;
}

function fingerprintOf(problem: string, plants: readonly WithWebhook[]): string {
  const about = [problem, ...plants.map(({ webhook }) => webhook)].join("\n");
  return `plant-webhooks-${createHash("sha256").update(about).digest("hex")}`;
}

const MAX_NAMES = 5;

function namesOf(plants: readonly WithWebhook[]): string {
  const names = plants.slice(0, MAX_NAMES).map(({ name }) => name);
  const more = plants.length - names.length;
  return more === 0 ? names.join(", ") : `${names.join(", ")} and ${more} more`;
}
