/** What a handler gets to know of a request, and what it may work with. */
import type { WebhookRoute } from "../http/route.ts";
import type { Events } from "../observe/events.ts";
import type { Webhook, World } from "../world/world.ts";

export interface Call {
  /** The one instant of this request. */
  readonly now: number;
  readonly method: string;
  readonly route: WebhookRoute;
  readonly query: URLSearchParams;
  readonly webhook: Webhook;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface Workshop {
  readonly world: World;
  readonly events: Events;
  /** Refuse messages that leave `allowed_mentions` to Discord's defaults. */
  readonly strict: boolean;
}
