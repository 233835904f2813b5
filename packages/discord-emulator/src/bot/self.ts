/** What a bot may ask about itself, and where the gateway is. */
import { type Answer, json } from "../http/answer.ts";
import type { Workshop } from "../workshop.ts";
import { toApiApplication } from "../world/api-guild.ts";
import { toApiUser } from "../world/api-message.ts";
import type { BotCall } from "./call.ts";

export function getGateway(_call: BotCall, { publicUrl }: Workshop): Answer {
  return json({ url: gatewayUrl(publicUrl()) });
}

export function getGatewayBot({ application, now }: BotCall, { publicUrl, starts }: Workshop): Answer {
  return json({ url: gatewayUrl(publicUrl()), shards: 1, session_start_limit: starts.tell(application.id, now) });
}

export function getMe({ application }: BotCall, { world }: Workshop): Answer {
  return json(toApiUser(world.users.get(application.id)!));
}

export function getApplication({ application }: BotCall, { world }: Workshop): Answer {
  return json(toApiApplication(application, world));
}

/** `http` becomes `ws`, and `https` becomes `wss`. */
function gatewayUrl(url: string): string {
  return url.replace(/^http/, "ws");
}
