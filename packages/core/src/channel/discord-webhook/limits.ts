/**
 * The limits a webhook is subject to before its answers have told more.
 *
 * Discord publishes only the 50 requests a second of an address without a bot token
 * (https://docs.discord.com/developers/topics/rate-limits#global-rate-limit). The figures of a webhook and of a channel were
 * named by its staff (https://github.com/discord/discord-api-docs/issues/367) and are start values: what the answers say wins.
 */
import type { LimitPlan, LimitSpec } from "../../delivery/channel.ts";
import type { WebhookTarget } from "./target.ts";

/** Replaces limits; `null` lifts one. */
export interface WebhookLimits {
  /** All requests of this address. @defaultValue 50 in 1,000 ms */
  readonly egress?: LimitSpec | null;
  /** All webhooks of one Discord channel together; hidden from the answers' headers. @defaultValue 30 in 60,000 ms */
  readonly pool?: LimitSpec | null;
  /** This webhook. @defaultValue 5 in 2,000 ms */
  readonly bucket?: LimitSpec | null;
}

export const DEFAULT_WEBHOOK_LIMITS = {
  egress: { limit: 50, intervalMs: 1_000 },
  pool: { limit: 30, intervalMs: 60_000 },
  bucket: { limit: 5, intervalMs: 2_000 },
} as const satisfies Required<WebhookLimits>;

export function webhookLimitPlan({ id, origin }: WebhookTarget, overrides: WebhookLimits = {}): LimitPlan {
  const specOf = (name: keyof WebhookLimits): LimitSpec | null => {
    const override = overrides[name];
    return override === undefined ? DEFAULT_WEBHOOK_LIMITS[name] : override;
  };
  const limitOf = (key: string, spec: LimitSpec | null) => spec && { key, spec };
  return {
    egress: limitOf(`discord:${origin}`, specOf("egress")),
    // Until an answer names the Discord channel, the webhook stands for it.
    pool: limitOf(`channel-of-webhook:${id}`, specOf("pool")),
    bucket: limitOf(`webhook:${id}`, specOf("bucket")),
  };
}
