/** What a handler gets to know of a request, and what it may work with. */
import type { Starts } from "../gateway/starts.ts";
import type { WebhookRoute } from "../http/route.ts";
import type { Limiter } from "../limit/limiter.ts";
import type { Events } from "../observe/events.ts";
import type { Violations } from "../observe/violations.ts";
import type { Webhook } from "../world/places.ts";
import type { World } from "../world/world.ts";
import type { Multipart } from "./multipart.ts";

export interface Call {
  /** The one instant of this request. */
  readonly now: number;
  readonly method: string;
  readonly route: WebhookRoute;
  readonly query: URLSearchParams;
  readonly webhook: Webhook;
  readonly contentType: string;
  readonly githubEvent: string | null;
  readonly bytes: Buffer;
  /** The parts, when the body is multipart; null when it only claims to be. */
  readonly multipart: Multipart | null;
}

export interface Workshop {
  readonly world: World;
  readonly events: Events;
  readonly limiter: Limiter;
  readonly violations: Violations;
  /** How often bots may identify, and have. */
  readonly starts: Starts;
  /** Refuse messages that leave `allowed_mentions` to Discord's defaults. */
  readonly strict: boolean;
  /** Where the emulator is reached, without a slash at the end. */
  readonly publicUrl: () => string;
}
