/** The routes that bots use, as a table: method, path, handler. */

import type { BotHandler } from "./call.ts";
import { getChannel } from "./channel.ts";
import { createBotMessage } from "./create-message.ts";
import { getApplication, getGateway, getGatewayBot, getMe } from "./self.ts";

export interface BotRoute {
  readonly method: string;
  /** Names after a colon stand for one segment each. */
  readonly path: string;
  readonly handle: BotHandler;
}

export const ROUTES: readonly BotRoute[] = [
  { method: "GET", path: "/gateway", handle: getGateway },
  { method: "GET", path: "/gateway/bot", handle: getGatewayBot },
  { method: "GET", path: "/users/@me", handle: getMe },
  { method: "GET", path: "/applications/@me", handle: getApplication },
  { method: "GET", path: "/oauth2/applications/@me", handle: getApplication },
  { method: "GET", path: "/channels/:channel", handle: getChannel },
  { method: "POST", path: "/channels/:channel/messages", handle: createBotMessage },
];

export type FoundRoute =
  | { readonly kind: "route"; readonly route: BotRoute; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: "wrong-method" }
  | { readonly kind: "unknown" };

/** @param path - without `/api` and version. */
export function findRoute(method: string, path: string): FoundRoute {
  let kind: "unknown" | "wrong-method" = "unknown";
  const segments = path.split("/");
  for (const route of ROUTES) {
    const params = matchPath(route.path.split("/"), segments);
    if (params === null) continue;
    if (route.method === method) return { kind: "route", route, params };
    kind = "wrong-method";
  }
  return { kind };
}

function matchPath(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at]!;
    if (part.startsWith(":") && segment !== "") params[part.slice(1)] = decode(segment);
    else if (part !== segment) return null;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
