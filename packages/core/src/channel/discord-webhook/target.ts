/**
 * Where a Discord webhook is. It holds the token, which is all that is needed to post as the webhook or to delete it:
 * show people the `label`, never the rest.
 */
export interface WebhookTarget {
  readonly id: string;
  readonly token: string;
  readonly threadId: string | null;
  /** Scheme, host and port, e.g. `https://discord.com`. */
  readonly origin: string;
  /** `/api/v10/webhooks/<id>/<token>`, without query; other hosts may have something before it. */
  readonly path: string;
  /** Which webhook it is, for people and logs. */
  readonly label: string;
}

/** Where every webhook of Discord's own is reached, whichever of its hosts the pasted URL named. */
export const DISCORD_ORIGIN = "https://discord.com";
