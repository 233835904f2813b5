/** What a handler of the webhook routes gets to know of a request. */
import type { WebhookRoute } from "../http/route.ts";
import type { FormSource } from "../message/body-form.ts";
import type { Webhook } from "../world/places.ts";

export interface Call extends FormSource {
  /** The one instant of this request. */
  readonly now: number;
  readonly method: string;
  readonly route: WebhookRoute;
  readonly query: URLSearchParams;
  readonly webhook: Webhook;
  readonly githubEvent: string | null;
}
